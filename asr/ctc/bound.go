package ctc

import (
	"cmp"
	"slices"
)

// bounds is, per word, the most that an arc of it can be worth without hints.
// Digits may go on with a run, whose price the language model does not set.
func (g *Graph) bounds() []float32 {
	out := g.lm.Bounds()
	for w, figure := range g.digit {
		if figure != noDigit {
			out[w] = -never
		}
	}
	return out
}

// rank orders the words of every node by their bound, the largest first.
func (t *tree) rank(bound []float32) {
	t.bounds = make([]float32, len(t.words))
	for i := range t.nodes {
		w := t.nodes[i].words
		slices.SortStableFunc(t.words[w.from:w.to], func(a, b int32) int { return cmp.Compare(bound[b], bound[a]) })
	}
	for i, w := range t.words {
		t.bounds[i] = bound[w]
	}
}

// possible lists the words that end in a node and may be worth at least this,
// as a log probability of the language model.
func (d *Decoder) possible(id int32, n *node, least float32) []int32 {
	if id >= int32(len(d.graph.tree.nodes)) {
		return d.words(id, n) // phrases of the turn: few, and raised
	}
	least -= max(d.hints.YesNo, 0)
	to, t := n.words.from, d.graph.tree
	for to < n.words.to && t.bounds[to] >= least {
		to++
	}
	return t.words[n.words.from:to]
}
