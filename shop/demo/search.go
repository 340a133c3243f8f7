package demo

import (
	"context"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"waggle/shop"
)

// maxWords bounds how much of a query is looked at, in characters: a sentence
// names its product well before.
const maxWords = 200

// named is what a product gets for each character of a name that the words
// hold; a shared pair of characters of the title counts one.
const named = 100

// index is an inverted index of the catalogue: by name, and by the pairs of
// neighbouring characters of the titles. Lists hold positions of products in
// the order of the catalogue.
type index struct {
	names   map[string][]nameHit
	longest int // of the names, in characters
	pairs   map[[2]rune][]uint32
	size    int
	scratch sync.Pool // *scores
}

// nameHit is a product that a name stands for.
type nameHit struct {
	at    uint32
	score int32
}

// scores are the points of one query. They are pooled: a catalogue of 100,000
// would else cost half a megabyte a query.
type scores struct {
	points  []int32
	touched []uint32
}

func newIndex(products []shop.Product) *index {
	ix := &index{names: make(map[string][]nameHit), pairs: make(map[[2]rune][]uint32), size: len(products)}
	for i, p := range products {
		ix.name(i, p.Name, named/2)
		for _, a := range p.Aliases {
			ix.name(i, a, 0)
		}
		var last rune
		for n, r := range []rune(strings.ToLower(p.Title)) {
			if n > 0 {
				pair := [2]rune{last, r}
				ix.pairs[pair] = append(ix.pairs[pair], uint32(i)) //nolint:gosec // a catalogue has no four thousand million products
			}
			last = r
		}
	}
	for pair, at := range ix.pairs {
		ix.pairs[pair] = slices.Clip(at)
	}
	return ix
}

func (ix *index) name(at int, name string, more int32) {
	name = strings.ToLower(name)
	n := utf8.RuneCountInString(name)
	if n == 0 || n > maxWords {
		return
	}
	ix.longest = max(ix.longest, n)
	ix.names[name] = append(ix.names[name], nameHit{uint32(at), int32(n)*named + more}) //nolint:gosec // bounded above
}

// search lists the positions of the best products, the best first and of
// equals the one that comes first in the catalogue.
func (ix *index) search(words string, limit int) []uint32 {
	query := []rune(strings.ToLower(strings.TrimSpace(words)))
	query = query[:min(len(query), maxWords)]
	s, ok := ix.scratch.Get().(*scores)
	if !ok {
		s = &scores{points: make([]int32, ix.size)}
	}
	ix.byName(query, s)
	ix.byTitle(query, s)
	best := s.best(limit)
	for _, at := range s.touched {
		s.points[at] = 0
	}
	s.touched = s.touched[:0]
	ix.scratch.Put(s)
	return best
}

// byName gives each product the points of its best name in the query.
func (ix *index) byName(query []rune, s *scores) {
	text := string(query)
	starts := make([]int, 0, len(query)+1)
	for i := range text {
		starts = append(starts, i)
	}
	starts = append(starts, len(text))
	for i := range query {
		for k := i + 1; k <= min(len(query), i+ix.longest); k++ {
			for _, h := range ix.names[text[starts[i]:starts[k]]] {
				if s.points[h.at] == 0 {
					s.touched = append(s.touched, h.at)
				}
				s.points[h.at] = max(s.points[h.at], h.score)
			}
		}
	}
}

// byTitle adds a point for each pair of a title that the query holds.
func (ix *index) byTitle(query []rune, s *scores) {
	seen := make(map[[2]rune]bool, len(query))
	for i := 0; i+2 <= len(query); i++ {
		pair := [2]rune{query[i], query[i+1]}
		if seen[pair] {
			continue
		}
		seen[pair] = true
		for _, at := range ix.pairs[pair] {
			if s.points[at] == 0 {
				s.touched = append(s.touched, at)
			}
			s.points[at]++
		}
	}
}

// best selects by a bounded insertion: limits are small.
func (s *scores) best(limit int) []uint32 {
	if limit <= 0 {
		return nil
	}
	before := func(a, b uint32) int {
		if d := int(s.points[b]) - int(s.points[a]); d != 0 {
			return d
		}
		return int(a) - int(b)
	}
	if limit >= len(s.touched) {
		out := slices.Clone(s.touched)
		slices.SortFunc(out, before)
		return out
	}
	out := make([]uint32, 0, limit+1)
	for _, at := range s.touched {
		if len(out) == limit && before(at, out[limit-1]) > 0 {
			continue
		}
		i, _ := slices.BinarySearchFunc(out, at, before)
		out = slices.Insert(out, i, at)
		out = out[:min(len(out), limit)]
	}
	return out
}

// Search finds the products that the words name. Words name a product when
// they contain its name or one of its aliases, the longer the better; after
// those come products whose title shares two neighbouring characters.
func (s *Shop) Search(_ context.Context, words string, limit int) ([]shop.Product, error) {
	limit = max(limit, 0)
	now := s.now()
	if strings.TrimSpace(words) == "" {
		out := slices.Clone(s.data.products[:min(limit, len(s.data.products))])
		for i, p := range out {
			out[i] = s.data.dated(p, now)
		}
		return out, nil
	}
	hits := s.data.index.search(words, limit)
	out := make([]shop.Product, len(hits))
	for i, at := range hits {
		out[i] = s.data.dated(s.data.products[at], now)
	}
	return out, nil
}
