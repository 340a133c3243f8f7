package index

import (
	"fmt"
	"sync"
)

// Index holds items and finds the nearest. Any number of goroutines may search
// while one adds; writers wait for each other.
type Index struct {
	o     Options
	write sync.Mutex   // held by whoever changes anything
	mu    sync.RWMutex // guards what follows
	t     *table
	g     *graph
	ef    int // how wide the graph is searched
	tuned int // size of the graph when ef was chosen
	disk  *disk
}

// New makes an index that lives in memory only.
func New(o Options) (*Index, error) {
	if o.Dim < 1 || o.Dim > maxDim {
		return nil, fmt.Errorf("%w: %d dimensions, 1 to %d are possible", ErrItem, o.Dim, maxDim)
	}
	return &Index{o: o.filled(), t: newTable(o.Dim), ef: minWidth}, nil
}

// Open makes an index over the files in dir, which it makes where they are
// missing. What was added before a crash and acknowledged is there again; what
// was not is there whole or not at all. Errors: ErrDamaged, ErrOther, those
// of the file system. After either of the two, Discard makes room for a new one.
func Open(dir string, o Options) (*Index, error) {
	x, err := New(o)
	if err != nil {
		return nil, err
	}
	if x.disk, err = openDisk(dir, x); err != nil {
		return nil, err
	}
	return x, nil
}

// Close frees the files; memory goes with the last reference.
func (x *Index) Close() error {
	x.write.Lock()
	defer x.write.Unlock()
	if x.disk == nil {
		return nil
	}
	err := x.disk.close()
	x.disk = nil
	return err
}

// Add keeps items. When it returns without an error they are on the disk.
func (x *Index) Add(items ...Item) error {
	entries := make([]entry, len(items))
	for i, it := range items {
		if err := check(it, x.o.Dim); err != nil {
			return err
		}
		e := entry{it.Key, it.Product, it.Stamp, 0, make([]int8, Stride(x.o.Dim))}
		var err error
		if e.scale, err = quantise(it.Vector, e.row); err != nil {
			return fmt.Errorf("%s: %w", it.Key, err)
		}
		entries[i] = e
	}
	x.write.Lock()
	defer x.write.Unlock()
	if x.t.len()+len(entries) > x.o.MaxItems {
		return fmt.Errorf("%w: at most %d items, replaced and removed ones included until they are compacted", ErrFull, x.o.MaxItems)
	}
	if x.disk != nil {
		if err := x.disk.log(opPut, entries); err != nil {
			return err
		}
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, e := range entries {
		x.t.put(e)
	}
	return nil
}

// Remove forgets keys; those that are not there are no error.
func (x *Index) Remove(keys ...string) error {
	x.write.Lock()
	defer x.write.Unlock()
	var gone []entry
	for _, k := range keys {
		if _, ok := x.t.slots[k]; ok {
			gone = append(gone, entry{key: k})
		}
	}
	if x.disk != nil && len(gone) > 0 {
		if err := x.disk.log(opRemove, gone); err != nil {
			return err
		}
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, e := range gone {
		x.t.remove(e.key)
	}
	return nil
}

// Stamp tells the stamp of a key, and whether it is there.
func (x *Index) Stamp(key string) (uint64, bool) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	slot, ok := x.t.slots[key]
	if !ok {
		return 0, false
	}
	return x.t.stamp[slot], true
}

// Keys lists the living keys, in no order.
func (x *Index) Keys() []string {
	x.mu.RLock()
	defer x.mu.RUnlock()
	out := make([]string, 0, len(x.t.slots))
	for k := range x.t.slots {
		out = append(out, k)
	}
	return out
}

// Len is the number of living items.
func (x *Index) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.t.live
}

// Search gives the k items nearest to v, nearest first, of those products that
// keep lets through; nil keeps all. A filter that leaves few items, and an
// index below ExactLimit, is scanned whole; otherwise the graph is searched.
func (x *Index) Search(v []float32, k int, keep func(product string) bool) ([]Hit, error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	q, err := x.t.query(v)
	if err != nil || k < 1 {
		return nil, err
	}
	f := x.t.filter(keep)
	if !x.useGraph(f) {
		return x.hits(x.exact(q, k, f)), nil
	}
	return x.hits(x.approximate(q, k, x.ef, f)), nil
}

// SearchExact is Search without the graph.
func (x *Index) SearchExact(v []float32, k int, keep func(product string) bool) ([]Hit, error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	q, err := x.t.query(v)
	if err != nil || k < 1 {
		return nil, err
	}
	return x.hits(x.exact(q, k, x.t.filter(keep))), nil
}

// useGraph decides for the graph where it is there and a scan would be long.
// A filter that keeps few would leave the graph wandering among what may not
// be answered.
func (x *Index) useGraph(f *filter) bool {
	live := x.t.live
	if f != nil {
		live = f.live
	}
	return x.g != nil && live > x.o.ExactLimit && x.t.len()-x.g.n <= x.o.ExactLimit
}

func (x *Index) exact(q query, k int, f *filter) []scored {
	n := &nearest{k: k}
	x.t.scan(q, 0, x.t.len(), f, n)
	return n.best()
}

// approximate searches the graph, and all that came after it was built.
func (x *Index) approximate(q query, k, ef int, f *filter) []scored {
	n := x.g.search(q, max(ef, k), f)
	x.t.scan(q, x.g.n, x.t.len(), f, n)
	best := n.best()
	return best[:min(k, len(best))]
}

func (x *Index) hits(best []scored) []Hit {
	out := make([]Hit, len(best))
	for i, s := range best {
		out[i] = Hit{x.t.key[s.slot], x.t.products[x.t.product[s.slot]], s.sim}
	}
	return out
}
