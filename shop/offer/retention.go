package offer

import (
	"fmt"
	"slices"
	"time"

	"waggle/shop"
)

// Retain works out what may be given to somebody who would send an order back
// or call it off, by the first rule of the policy that holds. goods are the
// products of the order's lines, in that order; given are the coupons by which
// a rule may be served. Goodwill is bounded by its rule, by what the robot may
// give the customer without a person in all, and by what was paid.
//
// Nothing is given once money or goods are on their way back. Errors wrap
// ErrNothing or ErrInput.
func Retain(o shop.Order, goods []shop.Product, given []shop.Coupon, before []shop.Refund, limit shop.Fen, rules []shop.RetentionRule, now time.Time) (shop.RetentionOffer, error) {
	none := shop.RetentionOffer{}
	if len(goods) != len(o.Lines) {
		return none, fmt.Errorf("%d products for %d lines: %w", len(goods), len(o.Lines), ErrInput)
	}
	for _, r := range before {
		switch {
		case r.State == shop.RefundRejected || r.State == shop.RefundWithdrawn:
		case r.Kind != shop.RefundDifference:
			return none, fmt.Errorf("order %s has refund %s: %w", o.ID, r.ID, ErrNothing)
		default:
			limit -= r.Amount
		}
	}
	for _, r := range rules {
		if o.Total < r.Over || !r.In(o.State) || slices.ContainsFunc(goods, func(p shop.Product) bool { return !r.Scope.Holds(p) }) {
			continue
		}
		if out, ok := serve(o, r, given, limit, now); ok {
			return out, nil
		}
	}
	return none, fmt.Errorf("no rule holds for order %s: %w", o.ID, ErrNothing)
}

// serve makes the offer of a rule; a coupon that is over, or a sum of nothing,
// makes none.
func serve(o shop.Order, r shop.RetentionRule, given []shop.Coupon, limit shop.Fen, now time.Time) (shop.RetentionOffer, bool) {
	out := shop.RetentionOffer{Order: o.ID, Kind: r.Kind}
	if r.Kind == shop.RetainGoodwill {
		out.Amount = min(o.Total*shop.Fen(r.Percent)/100, r.Most, limit)
		return out, out.Amount > 0
	}
	i := slices.IndexFunc(given, func(c shop.Coupon) bool { return c.ID == r.Coupon && c.Holds(now) })
	if i < 0 {
		return out, false
	}
	c := given[i]
	out.Coupon = &c
	return out, true
}
