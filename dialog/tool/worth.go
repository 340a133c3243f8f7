package tool

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"waggle/shop"
	"waggle/shop/offer"
)

// worth is what the pieces that a call is about come to.
type worth struct {
	name    string            // of the goods, with their count when it is a part
	lines   []shop.RefundLine // nil for the whole order
	amount  shop.Fen
	working string
}

// before lists the refunds of the order that count: not those that were
// rejected or taken back.
func (s *scope) before(ctx context.Context) ([]shop.Refund, error) {
	list, err := s.shop.RefundsOf(ctx, s.order.ID)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(list, func(r shop.Refund) bool {
		return r.State == shop.RefundRejected || r.State == shop.RefundWithdrawn
	}), nil
}

// pieces reads line and count of the call; none for the whole order.
func (s *scope) pieces() ([]shop.RefundLine, error) {
	line, count := s.whole("line"), s.whole("count")
	if line == 0 && (count == 0 || len(s.order.Lines) > 1) {
		return nil, nil
	}
	line = max(line, 1)
	if line > len(s.order.Lines) || count > s.order.Lines[line-1].Count {
		return nil, fmt.Errorf("%w: the order has no %d pieces of line %d", ErrArguments, count, line)
	}
	if count == 0 {
		count = s.order.Lines[line-1].Count
	}
	if len(s.order.Lines) == 1 && count == s.order.Lines[0].Count {
		return nil, nil
	}
	return []shop.RefundLine{{Line: line - 1, Count: count}}, nil
}

// part names what goes back for something else: the whole order, one of its
// lines, or some pieces of that.
func (s *scope) part() (string, error) {
	lines, err := s.pieces()
	if err != nil || len(lines) != 1 {
		return goods(s.order), err
	}
	l := s.order.Lines[lines[0].Line]
	if lines[0].Count == l.Count {
		return l.Name, nil
	}
	return strconv.Itoa(lines[0].Count) + "件" + l.Name, nil
}

// worth works out what is paid back, to the fen: for the whole of an order of
// which nothing went back yet its total, else what was paid for the pieces.
func (s *scope) worth(ctx context.Context) (worth, error) {
	lines, err := s.pieces()
	if err != nil {
		return worth{}, err
	}
	before, err := s.before(ctx)
	if err != nil {
		return worth{}, err
	}
	if len(lines) == 0 && len(before) == 0 {
		return worth{name: goods(s.order), amount: s.order.Total}, nil
	}
	asked := lines
	if len(asked) == 0 {
		asked = s.rest(before)
	}
	r, err := offer.Refund(s.order, asked, before)
	if errors.Is(err, offer.ErrNothing) || len(asked) == 0 {
		return worth{}, refuse(RefusedAlready, "it has been paid back")
	}
	if err != nil {
		return worth{}, fmt.Errorf("%w: %w", ErrArguments, err)
	}
	w := worth{name: s.order.Name(), lines: asked, amount: r.Amount, working: r.Working.String()}
	if len(asked) == 1 {
		w.name = strconv.Itoa(asked[0].Count) + "件" + s.order.Lines[asked[0].Line].Name
	}
	return w, nil
}

// rest are the pieces that have not gone back.
func (s *scope) rest(before []shop.Refund) []shop.RefundLine {
	left := make([]int, len(s.order.Lines))
	for i, l := range s.order.Lines {
		left[i] = l.Count
	}
	for _, r := range before {
		for _, l := range r.Lines {
			if !r.Kind.Abates() && l.Line >= 0 && l.Line < len(left) {
				left[l.Line] -= l.Count
			}
		}
	}
	var out []shop.RefundLine
	for i, n := range left {
		if n > 0 {
			out = append(out, shop.RefundLine{Line: i, Count: n})
		}
	}
	return out
}
