package flow

import (
	"context"
	"errors"
	"slices"
	"strings"

	"waggle/dialog"
	"waggle/dialog/nlu"
	"waggle/shop"
)

// What a turn says of orders: numbers, and what was bought.

// named finds the order that the turn names: by number, by tracking number,
// by the end of either, or by what was bought.
func named(ctx context.Context, sc *dialog.Scene, orders []shop.Order, likely fits) (shop.Order, bool) {
	for _, e := range sc.Heard.Entities {
		if e.Kind != nlu.Number && e.Kind != nlu.Tail {
			continue
		}
		for _, o := range orders {
			if o.ID == e.Value || strings.EqualFold(o.Tracking, e.Value) ||
				e.Kind == nlu.Tail && (strings.HasSuffix(o.ID, e.Value) || strings.HasSuffix(o.Tracking, e.Value)) {
				return o, true
			}
		}
	}
	if o, ok := other(sc, orders); ok {
		return o, true
	}
	whole, part := mentions(ctx, sc, orders, mentioned), mentions(ctx, sc, orders, hinted)
	for _, hits := range [][]shop.Order{only(whole, likely), only(part, likely), whole, part} {
		if len(hits) == 1 {
			return hits[0], true
		}
		for _, o := range hits { // of several alike the one in focus
			if o.ID == sc.State.Order {
				return o, true
			}
		}
		open := only(hits, func(o shop.Order) bool {
			return !inState(shop.StateClosed, shop.StateCancelled, shop.StateRefunded)(o)
		})
		if len(open) == 1 {
			return open[0], true
		}
		if len(hits) > 1 {
			break // several are meant by the words: it has to be asked which
		}
	}
	return shop.Order{}, false
}

// only keeps the orders that fit.
func only(orders []shop.Order, fit fits) []shop.Order {
	return slices.DeleteFunc(slices.Clone(orders), func(o shop.Order) bool { return !fit(o) })
}

// other finds the other one of two that were offered: 另外那个.
func other(sc *dialog.Scene, orders []shop.Order) (shop.Order, bool) {
	if len(sc.State.ShownOrders) != 2 || !strings.Contains(sc.Heard.Text, "另") {
		return shop.Order{}, false
	}
	for _, o := range orders {
		if o.ID != sc.State.Order && slices.Contains(sc.State.ShownOrders, o.ID) {
			return o, true
		}
	}
	return shop.Order{}, false
}

// mentions lists the orders of which something is named, in the clause that
// the flow is about or, when that names none, in the whole turn.
func mentions(ctx context.Context, sc *dialog.Scene, orders []shop.Order, in naming) []shop.Order {
	for _, said := range []string{sc.Clause.Text, sc.Heard.Text} {
		if sc.Answering {
			said = sc.Heard.Text
		}
		var hits []shop.Order
		for _, o := range orders {
			if in(ctx, sc, o, said) {
				hits = append(hits, o)
			}
		}
		if len(hits) > 0 {
			return hits
		}
	}
	return nil
}

// naming is a way in which words name something of an order.
type naming func(ctx context.Context, sc *dialog.Scene, o shop.Order, said string) bool

// mentioned tells whether the words name something of the order.
func mentioned(ctx context.Context, sc *dialog.Scene, o shop.Order, said string) bool {
	for _, l := range o.Lines {
		p, err := sc.Shop.Product(ctx, l.Product)
		if err != nil {
			p = shop.Product{Name: l.Name}
		}
		if sounds(said, append([]string{p.Name}, p.Aliases...)) {
			return true
		}
	}
	return false
}

// hinted tells whether the words name something of the order in part: 水壶 for an
// 电水壶, 平底锅 for a 平底煎锅.
func hinted(ctx context.Context, sc *dialog.Scene, o shop.Order, said string) bool {
	for _, l := range o.Lines {
		p, err := sc.Shop.Product(ctx, l.Product)
		if err != nil {
			p = shop.Product{Name: l.Name}
		}
		if slices.ContainsFunc(append([]string{p.Name}, p.Aliases...), func(name string) bool { return partly(said, name) }) {
			return true
		}
	}
	return false
}

// partly tells whether some characters of a name, two at least and its last one
// among them, stand together in a text in their order.
func partly(said, name string) bool {
	text, full := []rune(said), []rune(strings.ToLower(name))
	if len(full) < 2 {
		return false
	}
	for end, r := range text {
		if r != full[len(full)-1] {
			continue
		}
		at, n := len(full)-2, 1
		for i := end - 1; i >= 0 && at >= 0; i-- {
			for at >= 0 && full[at] != text[i] {
				at--
			}
			if at < 0 {
				break
			}
			at, n = at-1, n+1
		}
		if n > 1 {
			return true
		}
	}
	return false
}

// foreign tells whether a full number was named that belongs to someone else.
func foreign(ctx context.Context, sc *dialog.Scene, mine []shop.Order) bool {
	e, ok := sc.Heard.Entity(nlu.Number)
	if !ok {
		return false
	}
	o, err := sc.Shop.Order(ctx, e.Value)
	if errors.Is(err, shop.ErrNotFound) || err != nil {
		return false
	}
	for _, m := range mine {
		if m.ID == o.ID {
			return false
		}
	}
	return true
}
