// Package graph is the shop's catalogue as a knowledge graph: products and
// what they have in common with others, part of, goes with, replaces, looks
// like; attributes as typed quantities that can be compared. It answers from
// the table of attributes, never from prose. It may import shop's plain types
// and mandarin.
package graph

import (
	"cmp"
	"slices"
	"strings"

	"waggle/shop"
)

// Relation is how a product stands to another.
type Relation string

// The relations. Each is known from both ends: who lists a lamp as the part of
// a desk is found from the desk as its Parts.
const (
	GoesWith  Relation = "goes_with"
	PartOf    Relation = "part_of"
	Parts     Relation = "parts"
	Replaces  Relation = "replaces"
	Replaced  Relation = "replaced_by"
	SameStyle Relation = "same_style"
)

// Graph is a catalogue ready to be asked. It is never changed, so it is safe
// for concurrent use.
type Graph struct {
	products []shop.Product
	byID     map[string]int
	byKind   map[string][]int // kind or category -> products
	edges    map[string]map[Relation][]string
	values   map[string][]int // an attribute's value, a colour -> products
}

// New links the products. A product that is listed twice counts once.
func New(products []shop.Product) *Graph {
	g := &Graph{byID: map[string]int{}, byKind: map[string][]int{}, edges: map[string]map[Relation][]string{}, values: map[string][]int{}}
	for _, p := range products {
		if _, twice := g.byID[p.ID]; twice {
			continue
		}
		i := len(g.products)
		g.products = append(g.products, p)
		g.byID[p.ID] = i
		for _, name := range []string{p.Kind, p.Category} {
			if name != "" && !slices.Contains(g.byKind[name], i) {
				g.byKind[name] = append(g.byKind[name], i)
			}
		}
		for _, w := range words(p) {
			g.values[w] = append(g.values[w], i)
		}
	}
	for _, p := range g.products {
		g.link(p.ID, p.GoesWith, GoesWith, GoesWith)
		g.link(p.ID, p.PartOf, PartOf, Parts)
		g.link(p.ID, p.Replaces, Replaces, Replaced)
		g.link(p.ID, p.SameStyle, SameStyle, SameStyle)
	}
	return g
}

// link joins a product with others, which know it by the inverse.
func (g *Graph) link(from string, to []string, there, back Relation) {
	for _, id := range to {
		if _, known := g.byID[id]; !known || id == from {
			continue
		}
		g.edge(from, there, id)
		g.edge(id, back, from)
	}
}

func (g *Graph) edge(from string, r Relation, to string) {
	if g.edges[from] == nil {
		g.edges[from] = map[Relation][]string{}
	}
	if !slices.Contains(g.edges[from][r], to) {
		g.edges[from][r] = append(g.edges[from][r], to)
	}
}

// Product looks one up.
func (g *Graph) Product(id string) (shop.Product, bool) {
	i, ok := g.byID[id]
	if !ok {
		return shop.Product{}, false
	}
	return g.products[i], true
}

// Related lists what stands in a relation to a product, in stock first.
func (g *Graph) Related(id string, r Relation) []shop.Product {
	var out []shop.Product
	for _, other := range g.edges[id][r] {
		p, _ := g.Product(other)
		out = append(out, p)
	}
	slices.SortStableFunc(out, func(a, b shop.Product) int { return cmp.Compare(sold(a), sold(b)) })
	return out
}

// sold is 1 for what is out of stock.
func sold(p shop.Product) int {
	if p.Stock > 0 {
		return 0
	}
	return 1
}

// Kinds finds the kinds and categories that a text names, the longest first.
func (g *Graph) Kinds(text string) []string { return named(text, g.byKind) }

// named lists the keys of an index that stand in a text, the longest first and
// none inside another: 纯棉, and not 棉 as well. It tries the stretches of the
// text and not the keys, of which a large catalogue has many.
func named(text string, index map[string][]int) []string {
	var out []string
	r := []rune(text)
	for n := min(longestWord, len(r)); n > 0; n-- {
		for i := 0; i+n <= len(r); i++ {
			w := string(r[i : i+n])
			if _, known := index[w]; known && !slices.ContainsFunc(out, func(longer string) bool { return strings.Contains(longer, w) }) {
				out = append(out, w)
			}
		}
	}
	return out
}

// longestWord is the longest key that is looked for in a text, in characters.
const longestWord = 10

// shortestWord is the least length of a value that is looked for in a text.
const shortestWord = 2

// words are the values by which a product may be asked for: colours, and the
// parts of attribute values that are words and no figures.
func words(p shop.Product) []string {
	var out []string
	add := func(w string) {
		w = strings.TrimSpace(w)
		n := len([]rune(w))
		if n >= shortestWord && n <= longestWord && !strings.ContainsAny(w, "0123456789") && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	for _, c := range p.Colours {
		add(c)
	}
	for _, a := range p.Attributes {
		for _, w := range strings.FieldsFunc(a.Value, func(r rune) bool { return strings.ContainsRune("，、,；; /（）()", r) }) {
			add(w)
		}
	}
	return out
}
