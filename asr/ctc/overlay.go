package ctc

// overlay is a second lexicon tree with the phrases of one turn. Its nodes are
// numbered after those of the graph, its words are -1, -2, ...
type overlay struct {
	tree    *tree
	root    int32
	phrases []string
}

const maxPhrases = 500

// build spells the phrases; those that cannot be pronounced are left out.
func (o *overlay) build(g *Graph, phrases []string) {
	*o = overlay{root: none}
	if len(phrases) == 0 {
		return
	}
	b := newTreeBuilder()
	for _, p := range phrases[:min(len(phrases), maxPhrases)] {
		if path := g.Spell(p); len(path) > 0 {
			o.phrases = append(o.phrases, p)
			b.add(path, int32(-len(o.phrases)), 0)
		}
	}
	if len(o.phrases) > 0 {
		o.tree, o.root = b.flatten(), int32(len(g.tree.nodes))
	}
}

// node looks a node up in the graph or in the overlay.
func (d *Decoder) node(id int32) *node {
	if n := int32(len(d.graph.tree.nodes)); id >= n {
		return &d.overlay.tree.nodes[id-n]
	}
	return &d.graph.tree.nodes[id]
}

// childID turns a position in the parent's tree into a node number.
func (d *Decoder) childID(parent, position int32) int32 {
	if n := int32(len(d.graph.tree.nodes)); parent >= n {
		return position + n
	}
	return position
}

// words lists the words that end in a node.
func (d *Decoder) words(id int32, n *node) []int32 {
	if id >= int32(len(d.graph.tree.nodes)) {
		return d.overlay.tree.words[n.words.from:n.words.to]
	}
	return d.graph.tree.words[n.words.from:n.words.to]
}

// text is how a word is written.
func (d *Decoder) text(word int32) string {
	if word < 0 {
		return d.overlay.phrases[-word-1]
	}
	return d.graph.lm.Words[word].Text
}
