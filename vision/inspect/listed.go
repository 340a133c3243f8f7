package inspect

import (
	"hash/maphash"
	"sync"

	"waggle/vision"
)

// mostListed bounds the memory: a megabyte each at working size.
const mostListed = 16

// listed remembers what was read off listing photos: they are the same for
// every buyer, and finding the item costs more than all else about colour.
type listed struct {
	seed  maphash.Seed
	mu    sync.Mutex
	known map[uint64]looked
	order []uint64 // the oldest first
}

func newListed() *listed {
	return &listed{seed: maphash.MakeSeed(), known: map[uint64]looked{}}
}

// look is the function look, once per picture.
func (l *listed) look(m vision.Image) (looked, error) {
	key := maphash.Bytes(l.seed, m.Pix) ^ uint64(m.W)<<32
	l.mu.Lock()
	out, ok := l.known[key]
	l.mu.Unlock()
	if ok {
		return out, nil
	}
	out, err := look(m)
	if err != nil {
		return out, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, ok := l.known[key]; !ok {
		l.known[key], l.order = out, append(l.order, key)
	}
	if len(l.order) > mostListed {
		delete(l.known, l.order[0])
		l.order = l.order[1:]
	}
	return out, nil
}

// all looks at every listing photo.
func (l *listed) all(photos []vision.Image) ([]looked, error) {
	out := make([]looked, 0, len(photos))
	for _, p := range photos {
		seen, err := l.look(p)
		if err != nil {
			return nil, err
		}
		out = append(out, seen)
	}
	return out, nil
}
