package demo

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"waggle/shop"
	"waggle/shop/offer"
)

// retains tells whether a coupon is given to keep a purchase, and in no other
// way.
func (s *Shop) retains(coupon string) bool {
	return slices.ContainsFunc(s.data.policy.Retention, func(r shop.RetentionRule) bool { return coupon != "" && r.Coupon == coupon })
}

// RetentionOffer works out what may be given for an order.
func (s *Shop) RetentionOffer(_ context.Context, order string) (shop.RetentionOffer, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	q, err := s.retention(order)
	if errors.Is(err, offer.ErrNothing) {
		return q, fmt.Errorf("retention of order %s: %w: %w", order, shop.ErrNotFound, err)
	}
	return q, err
}

// retention needs the lock.
func (s *Shop) retention(order string) (shop.RetentionOffer, error) {
	o, err := s.order(order)
	if err != nil {
		return shop.RetentionOffer{}, err
	}
	for _, i := range s.byOrder[order] {
		if s.changes[i].Kind == recordRetain {
			return shop.RetentionOffer{}, fmt.Errorf("one was taken: %w", offer.ErrNothing)
		}
	}
	goods := make([]shop.Product, len(o.Lines))
	for i, l := range o.Lines {
		if goods[i], err = s.product(l.Product); err != nil {
			return shop.RetentionOffer{}, err
		}
	}
	var given []shop.Coupon
	for _, r := range s.data.coupons {
		if s.retains(r.ID) {
			given = append(given, r.coupon(shopNow(s.now())))
		}
	}
	limit := s.data.policy.RefundLimit(s.data.customerByID[o.Customer])
	return offer.Retain(o, goods, given, s.refunds(order), limit, s.data.policy.Retention, s.now())
}

// Retain gives what was offered, once for an order.
func (s *Shop) Retain(ctx context.Context, key shop.Key, q shop.RetentionOffer) (shop.Retention, error) {
	o, err := s.Order(ctx, q.Order)
	if err != nil {
		return shop.Retention{}, err
	}
	r := Record{Kind: recordRetain, Key: key, Order: q.Order, Customer: o.Customer, Retain: &shop.RetentionOffer{Order: q.Order, Kind: q.Kind, Amount: q.Amount}}
	if q.Coupon != nil {
		r.Coupon = q.Coupon.ID
	}
	if r, err = s.write(r, s.retainable); err != nil {
		return shop.Retention{}, err
	}
	out := shop.Retention{RetentionOffer: *r.Retain, ID: r.ID, Taken: r.At}
	if c, ok := s.claimed(r); ok {
		out.Coupon = &c
	}
	return out, nil
}

func (s *Shop) retainable(r *Record) error {
	stands, err := s.retention(r.Order)
	if errors.Is(err, offer.ErrNothing) {
		return fmt.Errorf("retention of order %s: %w: %w", r.Order, shop.ErrState, err)
	}
	if err != nil {
		return err
	}
	coupon := ""
	if stands.Coupon != nil {
		coupon = stands.Coupon.ID
	}
	if stands.Kind != r.Retain.Kind || stands.Amount != r.Retain.Amount || coupon != r.Coupon {
		return fmt.Errorf("retention of order %s: another offer stands: %w", r.Order, shop.ErrInvalid)
	}
	return nil
}

// goodwill is the refund that a taken offer comes to.
func (r Record) goodwill() shop.Refund {
	return shop.Refund{RefundRequest: shop.RefundRequest{Order: r.Order, Kind: shop.RefundGoodwill, Amount: r.Retain.Amount, Reason: "留下商品"},
		ID: r.ID, State: shop.RefundDone, Opened: r.At, Done: r.At}
}
