// Package hotwords raises phrases that are likely to be said while a search
// runs over tokens: every token that goes on with a phrase earns a score, a
// whole phrase keeps what it earned, and leaving a phrase half-said gives it
// back. The phrases are an Aho-Corasick automaton, so that any number of them
// costs one step a token. It is a leaf.
//
// Sources: Aho and Corasick, "Efficient string matching", CACM 1975; the
// scoring is that of the context graphs of icefall and sherpa-onnx, so that
// scores tuned there mean the same here.
package hotwords

import "errors"

// DefaultScore is what a token of a phrase earns, in natural logarithms,
// unless the phrase says otherwise.
const DefaultScore = 1.5

// Limits of a Graph: more phrases than these are a lexicon, not hotwords.
const (
	MaxPhrases = 2000
	maxNodes   = 64 * MaxPhrases
)

// ErrTooMany says that there are more phrases than a Graph takes.
var ErrTooMany = errors.New("hotwords: too many phrases; leave those out that are not likely now")

// Phrase is a phrase in tokens.
type Phrase struct {
	Tokens []int
	// Score is what each of its tokens earns; 0 means DefaultScore. Below zero
	// it makes the phrase less likely.
	Score float32
}

// State is a place in a Graph. The zero State is outside every phrase.
type State int32

// Graph is an automaton over phrases. It does not change once made and may be
// shared; a nil Graph scores nothing.
type Graph struct {
	nodes []node
	arcs  map[arc]State
}

type arc struct {
	from  State
	token int
}

type node struct {
	token, path float32 // score of the token that leads here, of all up to here
	kept        float32 // earned for good when this node is reached
	fail        State
	end         bool
}

// New builds the automaton. Phrases without tokens are left out; of none at all
// the Graph is nil. Errors: ErrTooMany.
func New(phrases []Phrase) (*Graph, error) {
	if len(phrases) > MaxPhrases {
		return nil, ErrTooMany
	}
	g := &Graph{nodes: make([]node, 1), arcs: map[arc]State{}}
	var order []arc // in the order of making: parents first
	for _, p := range phrases {
		if p.Score == 0 {
			p.Score = DefaultScore
		}
		if order = g.add(p, order); len(g.nodes) > maxNodes {
			return nil, ErrTooMany
		}
	}
	if len(order) == 0 {
		return nil, nil
	}
	g.link(order)
	return g, nil
}

// add walks a phrase into the trie.
func (g *Graph) add(p Phrase, order []arc) []arc {
	at := State(0)
	for i, token := range p.Tokens {
		a := arc{at, token}
		to, ok := g.arcs[a]
		if !ok {
			to = State(len(g.nodes))
			g.nodes = append(g.nodes, node{token: p.Score})
			g.arcs[a] = to
			order = append(order, a)
		}
		n := &g.nodes[to]
		n.token = max(n.token, p.Score)
		n.end = n.end || i == len(p.Tokens)-1
		at = to
	}
	return order
}

// link sums the scores and finds for every node the longest other beginning
// that it ends with, by breadth, and what that one has finished.
func (g *Graph) link(order []arc) {
	children := make([][]arc, len(g.nodes))
	for _, a := range order {
		children[a.from] = append(children[a.from], a)
	}
	for queue := []State{0}; len(queue) > 0; queue = queue[1:] {
		for _, a := range children[queue[0]] {
			to := g.arcs[a]
			if a.from != 0 {
				g.nodes[to].fail = g.next(g.nodes[a.from].fail, a.token)
			}
			n := &g.nodes[to]
			n.path = g.nodes[a.from].path + n.token
			n.kept = g.finished(n.fail)
			if n.end {
				n.kept += n.path
			}
			queue = append(queue, to)
		}
	}
}

// finished is what the nearest complete phrase among the ends of s keeps.
func (g *Graph) finished(s State) float32 {
	for ; s != 0; s = g.nodes[s].fail {
		if g.nodes[s].end {
			return g.nodes[s].kept
		}
	}
	return 0
}

// next follows token from s, falling back to shorter ends.
func (g *Graph) next(s State, token int) State {
	for {
		if to, ok := g.arcs[arc{s, token}]; ok {
			return to
		}
		if s == 0 {
			return 0
		}
		s = g.nodes[s].fail
	}
}

// Step takes a token and returns what it earns, which is below zero where it
// breaks a phrase off.
func (g *Graph) Step(s State, token int) (float32, State) {
	if g == nil {
		return 0, 0
	}
	if to, ok := g.arcs[arc{s, token}]; ok {
		return g.nodes[to].token + g.nodes[to].kept, to
	}
	to := g.next(s, token)
	return g.nodes[to].path - g.nodes[s].path + g.nodes[to].kept, to
}

// End is what is left to give back when the utterance ends in s.
func (g *Graph) End(s State) float32 {
	if g == nil {
		return 0
	}
	return -g.nodes[s].path
}
