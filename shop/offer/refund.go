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

// Refund is what was paid for pieces of an order, less the price differences
// and the goodwill that were paid back for them already. before lists the refunds of the order,
// the oldest first; those that were rejected or withdrawn do not count. Pieces
// of a line are paid back so that all of them, and the differences, together
// make exactly what was paid for the line. Shipping is not part of it.
//
// Errors wrap ErrInput (no such piece) or ErrNothing (they have been paid back).
func Refund(o shop.Order, pieces []shop.RefundLine, before []shop.Refund) (Refundable, error) {
	lines, err := ledgers(o, before)
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
		switch {
		case n == 0:
		case n > lines[i].kept:
			return Refundable{}, fmt.Errorf("%d pieces of line %d, %d are left: %w", n, i, lines[i].kept, ErrNothing)
		default:
			r.line(o.Lines[i], n, &lines[i])
		}
	}
	if r.Amount = r.Working.Sum(); r.Amount <= 0 {
		return Refundable{}, fmt.Errorf("refund of order %s: %w", o.ID, ErrNothing)
	}
	return r, nil
}

// line works out n pieces of a line.
func (r *Refundable) line(l shop.Line, n int, from *ledger) {
	label := fmt.Sprintf("%s×%d", l.Name, n)
	list := l.Price * shop.Fen(n)
	paid, difference := from.take(n)
	r.Working.add(label, list)
	if paid != list {
		r.Working.add(label+"分摊的优惠", paid-list)
	}
	if difference > 0 {
		r.Working.add(label+"已退的差价", -difference)
	}
}

// ledger is what is still the buyer's of one line: pieces, what was paid for
// them, and how much of that came back as price differences.
type ledger struct {
	kept       int
	paid       shop.Fen
	difference shop.Fen
}

// take gives n pieces back with their share of both sums; the last piece takes
// what is left of them.
func (l *ledger) take(n int) (paid, difference shop.Fen) {
	if n = min(n, l.kept); n <= 0 {
		return 0, 0
	}
	paid = l.paid * shop.Fen(n) / shop.Fen(l.kept)
	difference = l.difference * shop.Fen(n) / shop.Fen(l.kept)
	l.kept, l.paid, l.difference = l.kept-n, l.paid-paid, l.difference-difference
	return paid, difference
}

// ledgers opens the order's lines and books its refunds of before.
func ledgers(o shop.Order, before []shop.Refund) ([]ledger, error) {
	paid, err := Paid(o)
	if err != nil {
		return nil, err
	}
	lines := make([]ledger, len(o.Lines))
	for i, l := range o.Lines {
		lines[i] = ledger{kept: l.Count, paid: paid[i]}
	}
	for _, r := range before {
		if r.State == shop.RefundRejected || r.State == shop.RefundWithdrawn || r.Kind == shop.RefundExchange {
			continue
		}
		if err := book(lines, r); err != nil {
			return nil, err
		}
	}
	return lines, nil
}

func book(lines []ledger, r shop.Refund) error {
	pieces := r.Lines
	if len(pieces) == 0 {
		for i, l := range lines {
			pieces = append(pieces, shop.RefundLine{Line: i, Count: l.kept})
		}
	}
	if len(pieces) > maxItems {
		return fmt.Errorf("refund %s of %d lines: %w", r.ID, len(pieces), ErrInput)
	}
	weights := make([]shop.Fen, len(pieces))
	for i, p := range pieces {
		if p.Line < 0 || p.Line >= len(lines) {
			return fmt.Errorf("refund %s names line %d: %w", r.ID, p.Line, ErrInput)
		}
		weights[i] = lines[p.Line].paid
		if !r.Kind.Abates() {
			lines[p.Line].take(p.Count)
		}
	}
	if !r.Kind.Abates() {
		return nil
	}
	for i, part := range split(r.Amount, weights) {
		l := &lines[pieces[i].Line]
		l.difference = min(l.paid, l.difference+min(part, l.paid))
	}
	return nil
}
