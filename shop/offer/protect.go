package offer

import (
	"fmt"
	"slices"
	"time"

	"waggle/shop"
)

// Protection is what price protection pays back for one line.
type Protection struct {
	Line    int      `json:"line"`
	Amount  shop.Fen `json:"amount"`
	Working Working  `json:"working"`
	// Until ends the time for asking; zero while the order is on its way.
	Until time.Time `json:"until,omitzero"`
}

// Protect works out price protection (价保) of a line: what was paid for each
// piece after all discounts, less today's price of a piece, for all pieces that
// are still the buyer's; what was paid back before is taken off. Today's price
// is the product's, without promotions of today.
//
// It holds from paying until PriceDays after signing, for products outside of
// PriceExempt. Errors wrap ErrTooLate, ErrExempt, ErrNothing or ErrInput.
func Protect(o shop.Order, line int, today shop.Product, before []shop.Refund, p shop.Policy, now time.Time) (Protection, error) {
	lines, err := ledgers(o, before)
	if err != nil {
		return Protection{}, err
	}
	if line < 0 || line >= len(o.Lines) || o.Lines[line].Product != today.ID {
		return Protection{}, fmt.Errorf("line %d of order %s is not %s: %w", line, o.ID, today.ID, ErrInput)
	}
	until, err := protected(o, today, p, now)
	if err != nil {
		return Protection{}, err
	}
	l, has := o.Lines[line], lines[line]
	if has.kept == 0 {
		return Protection{}, fmt.Errorf("line %d went back: %w", line, ErrNothing)
	}
	out := Protection{Line: line, Until: until}
	label := fmt.Sprintf("%s×%d", l.Name, has.kept)
	out.Working.add(label+"实付", has.paid)
	out.Working.add(label+"现价", -today.Price*shop.Fen(has.kept))
	if has.difference > 0 {
		out.Working.add("已退的差价", -has.difference)
	}
	if out.Amount = out.Working.Sum(); out.Amount <= 0 {
		return Protection{Line: line, Working: out.Working}, fmt.Errorf("%s has not become cheaper: %w", l.Name, ErrNothing)
	}
	return out, nil
}

// protected tells until when the order's price is protected.
func protected(o shop.Order, today shop.Product, p shop.Policy, now time.Time) (until time.Time, err error) {
	switch {
	case p.PriceDays == 0, slices.Contains(p.PriceExempt, today.Category):
		return until, fmt.Errorf("%s: %w", today.Name, ErrExempt)
	case slices.Contains([]shop.OrderState{shop.StatePaid, shop.StateShipped, shop.StateDelivering}, o.State):
		return until, nil
	case o.State != shop.StateSigned && o.State != shop.StateClosed || o.Signed.IsZero():
		return until, fmt.Errorf("order %s is %s: %w", o.ID, o.State, ErrInput)
	}
	until = o.Signed.AddDate(0, 0, p.PriceDays)
	if now.After(until) {
		return until, fmt.Errorf("price protection of order %s ended: %w", o.ID, ErrTooLate)
	}
	return until, nil
}
