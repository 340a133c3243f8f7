package ctc

import "slices"

// start is a way to begin a word: a child of a root.
type start struct {
	node  int32
	unit  int16
	ahead float32
	score float32
}

// rankStarts orders the first units of words by how well they fit this frame,
// so that a word's end looks only at those worth it.
func (d *Decoder) rankStarts() {
	d.starts = d.starts[:0]
	for _, root := range []int32{0, d.overlay.root} {
		if root == none {
			continue
		}
		c := d.node(root).children
		for i := c.from; i < c.to; i++ {
			id := d.childID(root, i)
			n := d.node(id)
			ahead := d.ahead(n)
			d.starts = append(d.starts, start{id, n.unit, ahead, d.lp[n.unit] + ahead})
		}
	}
	slices.SortFunc(d.starts, func(a, b start) int {
		switch {
		case a.score > b.score:
			return -1
		case a.score < b.score:
			return 1
		}
		return int(a.node - b.node)
	})
}
