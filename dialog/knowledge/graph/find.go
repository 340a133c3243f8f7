package graph

import (
	"cmp"
	"slices"
	"strings"

	"waggle/shop"
)

// Query is what a shopper wants of a product. The zero value of a field asks
// for nothing.
type Query struct {
	// Kinds are kinds or categories; any of them will do.
	Kinds []string
	// Min and Max bound the price.
	Min, Max shop.Fen
	// Words are values that the product must have: 纯棉, 黑色.
	Words []string
	// Size must be made.
	Size string
	// InStock leaves out what cannot be had now.
	InStock bool
}

// Read takes kinds and wanted values out of a text; price and size are the
// caller's to fill in, from entities.
func (g *Graph) Read(text string) Query {
	q := Query{InStock: true, Kinds: g.Kinds(text)}
	for _, w := range named(text, g.values) {
		if !slices.Contains(q.Kinds, w) {
			q.Words = append(q.Words, w)
		}
	}
	return q
}

// Find lists the products that fit, those that meet more of Words first, then
// the cheaper; at most limit. A product that has none of the Words asked for
// is left out, one that lacks some of them comes later: met counts them.
func (g *Graph) Find(q Query, limit int) (found []shop.Product, met []int) {
	type fit struct {
		product int
		met     int
	}
	var fits []fit
	for _, i := range g.candidates(q) {
		p := g.products[i]
		if !q.allows(p) {
			continue
		}
		n := 0
		for _, w := range q.Words {
			if has(p, w) {
				n++
			}
		}
		if n > 0 || len(q.Words) == 0 {
			fits = append(fits, fit{i, n})
		}
	}
	slices.SortFunc(fits, func(a, b fit) int {
		p, o := g.products[a.product], g.products[b.product]
		return cmp.Or(cmp.Compare(b.met, a.met), cmp.Compare(p.Price, o.Price), cmp.Compare(p.ID, o.ID))
	})
	for _, f := range fits[:min(len(fits), limit)] {
		found, met = append(found, g.products[f.product]), append(met, f.met)
	}
	return found, met
}

// candidates narrows the catalogue by the index where the query has anything
// that is indexed.
func (g *Graph) candidates(q Query) []int {
	var out []int
	switch {
	case len(q.Kinds) > 0:
		for _, k := range q.Kinds {
			out = append(out, g.byKind[k]...)
		}
	case len(q.Words) > 0:
		for _, w := range q.Words {
			out = append(out, g.values[w]...)
		}
	default:
		for i := range g.products {
			out = append(out, i)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (q Query) allows(p shop.Product) bool {
	return p.Price >= q.Min && (q.Max == 0 || p.Price <= q.Max) && (!q.InStock || p.Stock > 0) &&
		(q.Size == "" || slices.ContainsFunc(p.Sizes, func(s string) bool { return strings.EqualFold(s, q.Size) }))
}

func has(p shop.Product, word string) bool {
	if slices.Contains(p.Colours, word) {
		return true
	}
	return slices.ContainsFunc(p.Attributes, func(a shop.Attribute) bool { return strings.Contains(a.Value, word) })
}

// Difference is an attribute that two products do not share.
type Difference struct {
	Name string
	A, B string
	// Greater is 1 when A's quantity is the greater one, -1 when B's is, 0 when
	// they are no quantities of one dimension.
	Greater int
}

// Compare lists in what two products differ, attributes that both have, in the
// order of the first; what can be measured comes first.
func Compare(a, b shop.Product) []Difference {
	var out []Difference
	for _, x := range a.Attributes {
		y, ok := b.Attribute(x.Name)
		if !ok || y == x.Value {
			continue
		}
		d := Difference{Name: x.Name, A: x.Value, B: y}
		p, first := ReadQuantity(x.Value)
		q, second := ReadQuantity(y)
		if first && second && p.Dimension == q.Dimension {
			d.Greater = cmp.Compare(p.Amount, q.Amount)
		}
		out = append(out, d)
	}
	slices.SortStableFunc(out, func(x, y Difference) int { return cmp.Compare(y.Greater*y.Greater, x.Greater*x.Greater) })
	return out
}
