package shoptest

import (
	"errors"
	"slices"
	"testing"

	"waggle/shop"
)

// retention: what may be given is given once for an order, changes nothing
// about it, and is then the customer's.
func (f Fixture) retention(t *testing.T) {
	s, ctx := f.Open(t), t.Context()
	good, err := s.RetentionOffer(ctx, f.Kept)
	if err != nil || good.Kind != shop.RetainGoodwill || good.Amount <= 0 || good.Order != f.Kept {
		t.Fatalf("goodwill: %+v, %v", good, err)
	}
	more := good
	more.Amount++
	if _, err := s.Retain(ctx, "r1", more); !errors.Is(err, shop.ErrInvalid) {
		t.Errorf("a fen more than was offered: %v, want ErrInvalid", err)
	}
	before, err := s.Order(ctx, f.Kept)
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.Retain(ctx, "r2", good)
	if err != nil || got.ID == "" || got.Amount != good.Amount || got.Taken.IsZero() {
		t.Fatalf("goodwill taken: %+v, %v", got, err)
	}
	if again, err := s.Retain(ctx, "r2", good); err != nil || again.ID != got.ID {
		t.Errorf("the same write again: %+v, %v", again, err)
	}
	if _, err := s.Retain(ctx, "r3", good); !errors.Is(err, shop.ErrState) {
		t.Errorf("twice: %v, want ErrState", err)
	}
	if after, err := s.Order(ctx, f.Kept); err != nil || after.State != before.State || after.Total != before.Total {
		t.Errorf("the order afterwards: %+v, %v", after, err)
	}
	list, err := s.RefundsOf(ctx, f.Kept)
	if err != nil || !slices.ContainsFunc(list, func(r shop.Refund) bool { return r.Kind == shop.RefundGoodwill && r.Amount == good.Amount }) {
		t.Errorf("refunds afterwards: %+v, %v", list, err)
	}
	f.retainCoupon(t, s)
	for _, order := range []string{f.Kept, f.Cheap, f.Refunding, f.Shipped, "nothing"} {
		if o, err := s.RetentionOffer(ctx, order); !errors.Is(err, shop.ErrNotFound) {
			t.Errorf("order %s: %+v, %v, want ErrNotFound", order, o, err)
		}
	}
}

func (f Fixture) retainCoupon(t *testing.T, s shop.Shop) {
	t.Helper()
	ctx := t.Context()
	o, err := s.Order(ctx, f.Hesitant)
	if err != nil {
		t.Fatal(err)
	}
	q, err := s.RetentionOffer(ctx, o.ID)
	if err != nil || q.Kind != shop.RetainCoupon || q.Coupon == nil || q.Amount != 0 {
		t.Fatalf("coupon: %+v, %v", q, err)
	}
	open, err := s.Coupons(ctx, "")
	if err != nil || slices.ContainsFunc(open, func(c shop.Coupon) bool { return c.ID == q.Coupon.ID }) {
		t.Errorf("anybody may claim it: %+v, %v", open, err)
	}
	if _, err := s.ClaimCoupon(ctx, "r4", o.Customer, q.Coupon.ID); !errors.Is(err, shop.ErrNotFound) {
		t.Errorf("claimed without the offer: %v, want ErrNotFound", err)
	}
	if got, err := s.Retain(ctx, "r5", q); err != nil || got.Coupon == nil || got.Coupon.Of != q.Coupon.ID {
		t.Fatalf("coupon taken: %+v, %v", got, err)
	}
	mine, err := s.Coupons(ctx, o.Customer)
	if err != nil || !slices.ContainsFunc(mine, func(c shop.Coupon) bool { return c.Of == q.Coupon.ID }) {
		t.Errorf("the customer's coupons: %+v, %v", mine, err)
	}
}

// retentionAndRefunds: goodwill and a later return together give back what was
// paid and not more, and nothing is offered once a refund was asked for.
func (f Fixture) retentionAndRefunds(t *testing.T) {
	s, ctx := f.Open(t), t.Context()
	q, err := s.RetentionOffer(ctx, f.Kept)
	if err != nil {
		t.Fatal(err)
	}
	o, err := s.Order(ctx, f.Kept)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.OpenRefund(ctx, "g1", shop.RefundRequest{Order: o.ID, Kind: shop.RefundGoodwill, Amount: q.Amount, Reason: "goodwill"}); !errors.Is(err, shop.ErrInvalid) {
		t.Errorf("goodwill as a refund: %v, want ErrInvalid", err)
	}
	if _, err := s.Retain(ctx, "g2", q); err != nil {
		t.Fatal(err)
	}
	back := shop.RefundRequest{Order: o.ID, Kind: shop.RefundReturn, Amount: o.Total, Reason: "doubt"}
	if _, err := s.OpenRefund(ctx, "g3", back); !errors.Is(err, shop.ErrInvalid) {
		t.Errorf("everything back on top of the goodwill: %v, want ErrInvalid", err)
	}
	back.Amount -= q.Amount
	if _, err := s.OpenRefund(ctx, "g4", back); err != nil {
		t.Errorf("the rest back: %v", err)
	}
	h, err := s.Order(ctx, f.Hesitant)
	if err != nil {
		t.Fatal(err)
	}
	late, err := s.RetentionOffer(ctx, h.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Cancel(ctx, "g5", h.ID, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Retain(ctx, "g6", late); !errors.Is(err, shop.ErrState) {
		t.Errorf("after it was called off: %v, want ErrState", err)
	}
}
