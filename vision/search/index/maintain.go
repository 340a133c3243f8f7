package index

import (
	"context"
	"fmt"
)

// Stats says how an index stands.
type Stats struct {
	Items   int // living
	Slots   int // with those that were replaced or removed
	Graphed int // slots that the graph covers
	Width   int // candidates of a search in the graph
	Bytes   int // of vectors and links; keys and bookkeeping are some 100 bytes an item more
}

// Stats counts.
func (x *Index) Stats() Stats {
	x.mu.RLock()
	defer x.mu.RUnlock()
	s := Stats{Items: x.t.live, Slots: x.t.len(), Width: x.ef, Bytes: x.t.rows.bytes(1)}
	if x.g != nil {
		s.Graphed = x.g.n
		s.Bytes += x.g.base.bytes(4)
	}
	return s
}

// Maintain brings the index into shape after changes: drops what is dead when
// it is a quarter of all, builds the graph where there are more than
// ExactLimit items, widens the search until the graph finds what a scan finds,
// and writes the log into the snapshot. Searches and additions go on meanwhile.
func (x *Index) Maintain(ctx context.Context) error {
	if err := x.compact(); err != nil {
		return err
	}
	if err := x.buildGraph(ctx); err != nil {
		return err
	}
	if err := x.tune(ctx); err != nil {
		return err
	}
	return x.Save()
}

// compact moves the living to a new table when a quarter of the slots is dead.
func (x *Index) compact() error {
	x.write.Lock()
	defer x.write.Unlock()
	if dead := x.t.len() - x.t.live; dead < 64 || dead < x.t.len()/4 {
		return nil
	}
	t := newTable(x.o.Dim)
	for s := range x.t.len() {
		if !x.t.dead[s] {
			t.put(x.t.entry(s))
		}
	}
	x.mu.Lock()
	x.t, x.g, x.tuned = t, nil, 0
	x.mu.Unlock()
	return x.save()
}

// buildGraph links every slot that is not linked yet.
func (x *Index) buildGraph(ctx context.Context) error {
	for {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("index: %w", err)
		}
		if x.linkSome(32) {
			return nil
		}
	}
}

// linkSome links up to n slots and reports whether none is left. Only one
// writer is at work, so planning needs no lock against readers.
func (x *Index) linkSome(n int) (done bool) {
	x.write.Lock()
	defer x.write.Unlock()
	if x.g == nil {
		if x.t.live <= x.o.ExactLimit {
			return true
		}
		x.mu.Lock()
		x.g = newGraph(x.t, x.o.Links, x.o.Build)
		x.mu.Unlock()
	}
	for range n {
		if x.g.n == x.t.len() {
			return true
		}
		p := x.g.place()
		x.mu.Lock()
		x.g.add(p)
		x.mu.Unlock()
	}
	return false
}

// tune chooses the narrowest search that reaches the wanted recall, once the
// graph has grown by a tenth.
func (x *Index) tune(ctx context.Context) error {
	x.mu.RLock()
	need := x.g != nil && x.g.n > x.tuned+x.tuned/10
	x.mu.RUnlock()
	if !need {
		return nil
	}
	truth, err := x.truth(ctx)
	if err != nil {
		return err
	}
	ef := minWidth
	for ef < maxWidth && x.recall(truth, ef) < x.o.Recall {
		ef += ef / 3
	}
	x.write.Lock()
	defer x.write.Unlock()
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.g != nil {
		x.ef, x.tuned = ef, x.g.n
	}
	return nil
}
