package index

// scored is a slot and its similarity to a query.
type scored struct {
	sim  float32
	slot uint32
}

// nearest keeps the k most similar of what it is offered: a heap with the
// least similar on top.
type nearest struct {
	k    int
	heap []scored
}

func (n *nearest) full() bool { return len(n.heap) >= n.k }

// worst is what a newcomer must beat.
func (n *nearest) worst() float32 { return n.heap[0].sim }

// offer reports whether s was among the k.
func (n *nearest) offer(s scored) bool {
	if len(n.heap) < n.k {
		n.heap = append(n.heap, s)
		for i := len(n.heap) - 1; i > 0; {
			up := (i - 1) / 2
			if n.heap[up].sim <= n.heap[i].sim {
				break
			}
			n.heap[up], n.heap[i] = n.heap[i], n.heap[up]
			i = up
		}
		return true
	}
	if s.sim <= n.heap[0].sim {
		return false
	}
	n.heap[0] = s
	n.sink()
	return true
}

func (n *nearest) sink() {
	for i := 0; ; {
		c := 2*i + 1
		if c >= len(n.heap) {
			return
		}
		if c+1 < len(n.heap) && n.heap[c+1].sim < n.heap[c].sim {
			c++
		}
		if n.heap[i].sim <= n.heap[c].sim {
			return
		}
		n.heap[i], n.heap[c] = n.heap[c], n.heap[i]
		i = c
	}
}

// best empties the heap, most similar first.
func (n *nearest) best() []scored {
	out := make([]scored, len(n.heap))
	for i := len(out) - 1; i >= 0; i-- {
		out[i] = n.heap[0]
		last := len(n.heap) - 1
		n.heap[0] = n.heap[last]
		n.heap = n.heap[:last]
		n.sink()
	}
	return out
}

// frontier is the candidates still to be visited, most similar first.
type frontier struct{ heap []scored }

func (f *frontier) push(s scored) {
	f.heap = append(f.heap, s)
	for i := len(f.heap) - 1; i > 0; {
		up := (i - 1) / 2
		if f.heap[up].sim >= f.heap[i].sim {
			return
		}
		f.heap[up], f.heap[i] = f.heap[i], f.heap[up]
		i = up
	}
}

func (f *frontier) pop() scored {
	top, last := f.heap[0], len(f.heap)-1
	f.heap[0] = f.heap[last]
	f.heap = f.heap[:last]
	for i := 0; ; {
		c := 2*i + 1
		if c >= last {
			return top
		}
		if c+1 < last && f.heap[c+1].sim > f.heap[c].sim {
			c++
		}
		if f.heap[i].sim >= f.heap[c].sim {
			return top
		}
		f.heap[i], f.heap[c] = f.heap[c], f.heap[i]
		i = c
	}
}
