package offer

import (
	"fmt"

	"waggle/shop"
)

// Refundable is what some pieces of an order are worth when they go back.
type Refundable struct {
	Amount  shop.Fen `json:"amount"`
	Working Working  `json:"working"`
}

// Refund is what was paid for pieces of an order, less what was paid back for
// them already: open and done refunds of before, price differences included.
// Refunds that were rejected or withdrawn do not count. Pieces of one line are
// paid back so that all of them together make exactly what was paid for the
// line. Shipping is not part of it.
//
// Errors wrap ErrInput (no such piece) or ErrNothing (they have been paid back).
func Refund(o shop.Order, pieces []shop.RefundLine, before []shop.Refund) (Refundable, error) {
	paid, err := Paid(o)
	if err != nil {
		return Refundable{}, err
	}
	back, err := tally(o, paid, before)
	if err != nil {
		return Refundable{}, err
	}
	var r Refundable
	asked := make([]int, len(o.Lines))
	for _, p := range pieces {
		if p.Line < 0 || p.Line >= len(o.Lines) || p.Count <= 0 || p.Count > o.Lines[p.Line].Count-asked[p.Line] {
			return Refundable{}, fmt.Errorf("%d pieces of line %d: %w", p.Count, p.Line, ErrInput)
		}
		asked[p.Line] += p.Count
	}
	for i, n := range asked {
		if n == 0 {
			continue
		}
		if n > o.Lines[i].Count-back.pieces[i] {
			return Refundable{}, fmt.Errorf("%d pieces of line %d, %d went back before: %w", n, i, back.pieces[i], ErrNothing)
		}
		r.line(o.Lines[i], n, paid[i], back.pieces[i], back.difference[i])
	}
	r.Amount = r.Working.Sum()
	if r.Amount <= 0 {
		return Refundable{}, fmt.Errorf("refund of order %s: %w", o.ID, ErrNothing)
	}
	return r, nil
}

// line works out n pieces of a line of which some went back before.
func (r *Refundable) line(l shop.Line, n int, paid shop.Fen, gone int, difference shop.Fen) {
	label := fmt.Sprintf("%s×%d", l.Name, n)
	list := l.Price * shop.Fen(n)
	part := upTo(paid, gone+n, l.Count) - upTo(paid, gone, l.Count)
	r.Working.add(label, list)
	if part != list {
		r.Working.add(label+"分摊的优惠", part-list)
	}
	if less := min(upTo(difference, gone+n, l.Count)-upTo(difference, gone, l.Count), part); less > 0 {
		r.Working.add(label+"已退的差价", -less)
	}
}

// upTo is the share of the first n of count pieces, rounded so that the
// differences between neighbours add up to the whole.
func upTo(whole shop.Fen, n, count int) shop.Fen { return whole * shop.Fen(n) / shop.Fen(count) }

// gone is what went back of an order before.
type gone struct {
	pieces     []int      // by line
	difference []shop.Fen // price differences, by line
}

func tally(o shop.Order, paid []shop.Fen, before []shop.Refund) (gone, error) {
	g := gone{pieces: make([]int, len(o.Lines)), difference: make([]shop.Fen, len(o.Lines))}
	for _, r := range before {
		if r.State == shop.RefundRejected || r.State == shop.RefundWithdrawn || r.Kind == shop.RefundExchange {
			continue
		}
		pieces := r.Lines
		if len(pieces) == 0 {
			pieces = whole(o)
		}
		weights := make([]shop.Fen, len(pieces))
		for i, p := range pieces {
			if p.Line < 0 || p.Line >= len(o.Lines) {
				return gone{}, fmt.Errorf("refund %s names line %d: %w", r.ID, p.Line, ErrInput)
			}
			if r.Kind == shop.RefundDifference {
				weights[i] = paid[p.Line]
			} else {
				g.pieces[p.Line] += p.Count
			}
		}
		if r.Kind == shop.RefundDifference {
			for i, part := range split(r.Amount, weights) {
				g.difference[pieces[i].Line] += part
			}
		}
	}
	return g, nil
}

// whole names all pieces of an order.
func whole(o shop.Order) []shop.RefundLine {
	all := make([]shop.RefundLine, len(o.Lines))
	for i, l := range o.Lines {
		all[i] = shop.RefundLine{Line: i, Count: l.Count}
	}
	return all
}
