// Package ctc decodes the output of a CTC recogniser (Graves et al., ICML
// 2006) into words: token passing (Young, Russell, Thornton, CUED/F-INFENG/TR38,
// 1989) through a lexicon prefix tree with an n-gram (Ney and Ortmanns, IEEE
// Signal Processing Magazine 16, 1999), where each hypothesis keeps the
// probability of ending in blank apart from that of ending in its last unit, as
// in the prefix search of Graves and of Maas et al. (NAACL 2015). Runs of
// digits and the names that a turn expects are grammars of their own. It may
// import asr/lm and mandarin.
package ctc

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"waggle/asr/lm"
	"waggle/mandarin"
)

// ErrUnits says that the lexicon cannot be spelled in the recogniser's units.
var ErrUnits = errors.New("ctc: the recogniser's tokens do not fit the lexicon")

// Units describes the columns of the recogniser's output.
type Units struct {
	Tokens []string
	Blank  int
	// Syllables is true when tokens are base syllables, false when they are
	// initials and finals.
	Syllables bool
}

// Graph is the search space: units, lexicon tree and language model. It is
// immutable and shared by all decoders.
type Graph struct {
	lm      *lm.Model
	units   Units
	index   map[string]int16 // token -> column
	tree    *tree
	digit   []int8    // per word, its figure in a run of digits or noDigit
	yesNo   []bool    // per word, whether it begins an answer
	closing []closing // per word, what it tells at the end of an utterance
	lexicon map[string]lm.WordID
	latin   map[string]lm.WordID // words in Latin letters, lower case
}

// NewGraph spells the lexicon in the given units. Errors: ErrUnits.
func NewGraph(model *lm.Model, u Units) (*Graph, error) {
	g := &Graph{lm: model, units: u, index: make(map[string]int16, len(u.Tokens)), lexicon: make(map[string]lm.WordID, len(model.Words)), latin: map[string]lm.WordID{}}
	for i, t := range u.Tokens {
		if i != u.Blank {
			g.index[t] = int16(i)
		}
	}
	spelled, skipped := make([][]int16, len(model.Syllables)), 0
	for i, s := range model.Syllables {
		spelled[i] = g.spell(s)
		if spelled[i] == nil {
			skipped++
		}
	}
	if skipped > len(spelled)/20 {
		return nil, fmt.Errorf("%w: %d of %d syllables cannot be spelled", ErrUnits, skipped, len(spelled))
	}
	b := newTreeBuilder()
	for i, w := range model.Words {
		id := lm.WordID(i)
		g.lexicon[w.Text] = id
		if isLatin(w.Text) {
			g.latin[strings.ToLower(w.Text)] = id
		}
		for _, reading := range w.Readings {
			if path, ok := join(reading, spelled); ok {
				b.add(path, int32(id), model.Unigram(id))
			}
		}
	}
	g.tree = b.flatten()
	g.classes()
	g.tree.rank(g.bounds())
	return g, nil
}

// spell writes a syllable in units; nil when there is no such unit.
func (g *Graph) spell(syllable string) []int16 {
	if g.units.Syllables {
		if i, ok := g.index[syllable]; ok {
			return []int16{i}
		}
		return nil
	}
	initial, final, ok := mandarin.Units(syllable)
	if !ok {
		return nil
	}
	var path []int16
	for _, unit := range []string{initial, final} {
		if unit == "" {
			continue
		}
		i, ok := g.index[unit]
		if !ok {
			return nil
		}
		path = append(path, i)
	}
	return path
}

func join(reading []uint16, spelled [][]int16) ([]int16, bool) {
	var path []int16
	for _, s := range reading {
		if spelled[s] == nil {
			return nil, false
		}
		path = append(path, spelled[s]...)
	}
	return path, len(path) > 0
}

// node is one unit of the lexicon tree.
type node struct {
	unit            int16
	ahead           float32 // best ln P(word) below: unigram look-ahead
	children, words span    // ranges of tree.nodes and tree.words
}

type span struct{ from, to int32 }

// tree is a prefix tree in arrays; node 0 is its root.
type tree struct {
	nodes []node
	words []int32
	// bounds are the most that the language model ever gives the words, which
	// lie in falling order in every node; nil in trees that are not ranked.
	bounds []float32
}

// treeBuilder collects words before they are laid out.
type treeBuilder struct{ root *branch }

type branch struct {
	next  map[int16]*branch
	words []int32
	ahead float32
}

const never = -1e30 // a log probability that loses against everything

func newBranch() *branch             { return &branch{next: map[int16]*branch{}, ahead: never} }
func newTreeBuilder() *treeBuilder   { return &treeBuilder{root: newBranch()} }
func (b *branch) raise(logp float32) { b.ahead = max(b.ahead, logp) }
func (b *treeBuilder) add(path []int16, word int32, logp float32) {
	at := b.root
	for _, unit := range path {
		if at.next[unit] == nil {
			at.next[unit] = newBranch()
		}
		at = at.next[unit]
		at.raise(logp)
	}
	if !slices.Contains(at.words, word) {
		at.words = append(at.words, word)
	}
}

// flatten lays the tree out breadth first, so that siblings are neighbours.
func (b *treeBuilder) flatten() *tree {
	t := &tree{nodes: []node{{unit: -1}}}
	queue := []*branch{b.root}
	for i := 0; i < len(queue); i++ {
		br := queue[i]
		from := int32(len(t.nodes))
		for _, unit := range sortedKeys(br.next) {
			child := br.next[unit]
			t.nodes = append(t.nodes, node{unit: unit, ahead: child.ahead})
			queue = append(queue, child)
		}
		t.nodes[i].children = span{from, int32(len(t.nodes))}
		t.nodes[i].words = span{int32(len(t.words)), int32(len(t.words) + len(br.words))}
		t.words = append(t.words, br.words...)
	}
	return t
}

func sortedKeys(m map[int16]*branch) []int16 {
	keys := make([]int16, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
