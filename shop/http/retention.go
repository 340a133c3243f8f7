package shophttp

import (
	"context"
	"slices"

	"waggle/shop"
)

// RetentionOffer asks what may be given to somebody who would send the order
// back.
func (c *Client) RetentionOffer(ctx context.Context, order string) (shop.RetentionOffer, error) {
	return do(ctx, c, get("orders", order, "retention"), offerFor(order))
}

// Retain gives what was offered.
func (c *Client) Retain(ctx context.Context, key shop.Key, o shop.RetentionOffer) (shop.Retention, error) {
	return do(ctx, c, write(key, o, "orders", o.Order, "retention"), givenAs(o))
}

// offerFor holds an offer to what can be meant: a coupon or an amount.
func offerFor(order string) func(shop.RetentionOffer) error {
	return func(o shop.RetentionOffer) error {
		err := first(field("order", o.Order == order), field("kind", slices.Contains([]shop.RetentionKind{shop.RetainCoupon, shop.RetainGoodwill}, o.Kind)),
			field("amount", (o.Kind == shop.RetainGoodwill) == (o.Amount > 0)), field("coupon", (o.Kind == shop.RetainCoupon) == (o.Coupon != nil)))
		if err != nil || o.Coupon == nil {
			return err
		}
		return couponOf(o.Coupon.Customer)(*o.Coupon)
	}
}

// givenAs holds what was given to what was agreed with the customer.
func givenAs(o shop.RetentionOffer) func(shop.Retention) error {
	return func(r shop.Retention) error {
		return first(offerFor(o.Order)(r.RetentionOffer), field("id", written(r.ID)), field("kind", r.Kind == o.Kind), field("amount", r.Amount == o.Amount))
	}
}
