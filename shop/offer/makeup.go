package offer

import (
	"cmp"
	"fmt"
	"slices"

	"waggle/shop"
)

// MakeUp is a set of goods that reaches a threshold (凑单).
type MakeUp struct {
	Items []Item `json:"items"`
	// Cost is what the cart costs more with them; negative when it becomes
	// cheaper.
	Cost shop.Fen `json:"cost"`
	// Related is set when each of them suits something in the cart.
	Related bool  `json:"related"`
	Quote   Quote `json:"quote"` // of the cart with them
}

// Bounds of the search.
const (
	maxCandidates = 400 // the cheapest of those that may be added
	maxAdded      = 2   // kinds of goods in a set
	maxSets       = 12  // sets that are priced
)

// Complete finds goods that reach what the quote of the cart has missed, the
// cheapest set first, at most n sets of one or two pieces. It takes only what
// is in stock, in the scope, sold now and not in without: what the buyer has
// returned, refused or has in the cart. The search is bounded; it looks at the
// cheapest 400 goods that fit. Errors wrap ErrInput, or ErrNothing when no set
// reaches it.
func Complete(c Cart, r Rules, m Missed, from []shop.Product, without []string, n int) ([]MakeUp, error) {
	before, err := Price(c, r)
	if err != nil {
		return nil, err
	}
	goods := candidates(c, m, from, without)
	var out []MakeUp
	for _, set := range sets(goods, m) {
		wider := c
		wider.Items = append(slices.Clone(c.Items), set...)
		after, err := Price(wider, r)
		if err != nil {
			return nil, err
		}
		if !reached(after, m) {
			continue
		}
		out = append(out, MakeUp{Items: set, Cost: after.Total - before.Total, Related: related(c, set), Quote: after})
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s: %w", m.Name, ErrNothing)
	}
	slices.SortStableFunc(out, func(a, b MakeUp) int {
		return cmp.Or(cmp.Compare(a.Cost, b.Cost), cmp.Compare(len(a.Items), len(b.Items)), -compareBool(a.Related, b.Related))
	})
	return out[:min(max(n, 0), len(out))], nil
}

// candidates are the goods that may be added, the cheapest first.
func candidates(c Cart, m Missed, from []shop.Product, without []string) []shop.Product {
	var out []shop.Product
	for _, p := range from {
		taken := slices.Contains(without, p.ID) || slices.ContainsFunc(c.Items, func(it Item) bool { return it.Product.ID == p.ID })
		if !taken && p.Stock > 0 && p.Price > 0 && p.Presale == nil && m.Scope.Holds(p) {
			out = append(out, p)
		}
	}
	slices.SortStableFunc(out, func(a, b shop.Product) int { return cmp.Compare(a.Price, b.Price) })
	return out[:min(len(out), maxCandidates)]
}

// sets proposes sets of goods whose list prices, or numbers, reach what is
// missed, the cheapest first.
func sets(goods []shop.Product, m Missed) [][]Item {
	type set struct {
		items []Item
		price shop.Fen
	}
	var all []set
	for i, a := range goods {
		if enough(m, a.Price, 1) {
			all = append(all, set{[]Item{{Product: a, Count: 1}}, a.Price})
			continue
		}
		// The cheapest partner that reaches it; the goods are sorted.
		for _, b := range goods[i:] {
			if !enough(m, a.Price+b.Price, 2) || a.ID == b.ID && a.Stock < 2 {
				continue
			}
			if a.ID == b.ID {
				all = append(all, set{[]Item{{Product: a, Count: 2}}, a.Price + b.Price})
			} else {
				all = append(all, set{[]Item{{Product: a, Count: 1}, {Product: b, Count: 1}}, a.Price + b.Price})
			}
			break
		}
	}
	slices.SortStableFunc(all, func(a, b set) int {
		return cmp.Or(cmp.Compare(a.price, b.price), cmp.Compare(len(a.items), len(b.items)))
	})
	out := make([][]Item, min(len(all), maxSets))
	for i := range out {
		out[i] = all[i].items
	}
	return out
}

func enough(m Missed, price shop.Fen, pieces int) bool { return price >= m.Lack && pieces >= m.Pieces }

// reached tells whether the new quote has what the old one missed.
func reached(q Quote, m Missed) bool {
	if m.Rule == "" {
		return q.Shipping == 0
	}
	return slices.ContainsFunc(q.Discounts, func(d shop.Discount) bool { return d.Rule == m.Rule })
}

func related(c Cart, set []Item) bool {
	for _, add := range set {
		suits := func(it Item) bool {
			return slices.Contains(it.Product.GoesWith, add.Product.ID) || slices.Contains(add.Product.GoesWith, it.Product.ID) ||
				slices.Contains(add.Product.PartOf, it.Product.ID)
		}
		if !slices.ContainsFunc(c.Items, suits) {
			return false
		}
	}
	return true
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}
