package inspect

import (
	"hash/maphash"
	"slices"
	"sync"

	"waggle/vision"
	"waggle/vision/opencv"
)

// mostListed bounds the memory: a megabyte and a half each at working size.
const mostListed = 32

// listed remembers what was read off listing photos: they are the same for
// every buyer, and item, colours and features cost as much as the buyer's own.
type listed struct {
	seed  maphash.Seed
	mu    sync.Mutex
	known map[uint64]looked
	order []uint64 // the longest unused first
}

func newListed() *listed {
	return &listed{seed: maphash.MakeSeed(), known: map[uint64]looked{}}
}

// look is the function look, once per picture.
func (l *listed) look(m vision.Image) (looked, error) {
	key := maphash.Bytes(l.seed, m.Pix) ^ uint64(m.W)<<32
	if out, ok := l.get(key); ok {
		return out, nil
	}
	out, err := look(m)
	if err != nil {
		return out, err
	}
	if out.view, err = opencv.Look(out.work); err != nil {
		return out, err
	}
	l.put(key, out)
	return out, nil
}

func (l *listed) get(key uint64) (looked, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	out, ok := l.known[key]
	if i := slices.Index(l.order, key); i >= 0 {
		l.order = append(slices.Delete(l.order, i, i+1), key)
	}
	return out, ok
}

func (l *listed) put(key uint64, out looked) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, ok := l.known[key]; !ok {
		l.known[key], l.order = out, append(l.order, key)
	}
	if len(l.order) > mostListed {
		delete(l.known, l.order[0])
		l.order = slices.Delete(l.order, 0, 1)
	}
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
