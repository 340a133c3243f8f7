package shoptest

import (
	"errors"
	"slices"
	"testing"

	"waggle/shop"
)

func (f Fixture) offers(t *testing.T) {
	s, ctx := f.Open(t), t.Context()
	promotions, err := s.Promotions(ctx)
	if err != nil || len(promotions) == 0 {
		t.Fatalf("promotions: %v, %v", promotions, err)
	}
	for _, p := range promotions {
		if p.ID == "" || p.Name == "" || len(p.Tiers) == 0 {
			t.Errorf("promotion %+v", p)
		}
	}
	table, err := s.Subsidies(ctx)
	if err != nil || len(table) == 0 || len(table[0].Rates) == 0 {
		t.Errorf("subsidies: %v, %v", table, err)
	}
	if p, err := s.Policy(ctx); err != nil || p.Validate() != nil {
		t.Errorf("policy: %v, %v", err, p.Validate())
	}
}

func (f Fixture) coupons(t *testing.T) {
	s, ctx := f.Open(t), t.Context()
	given, err := s.Coupons(ctx, "")
	if err != nil || !slices.ContainsFunc(given, func(c shop.Coupon) bool { return c.ID == f.Coupon }) {
		t.Fatalf("coupons that may be claimed: %+v, %v", given, err)
	}
	before, err := s.Coupons(ctx, f.Customer)
	if err != nil {
		t.Fatal(err)
	}
	c, err := s.ClaimCoupon(ctx, "q1", f.Customer, f.Coupon)
	if err != nil || c.Customer != f.Customer || c.Of != f.Coupon || c.ID == "" {
		t.Fatalf("claim: %+v, %v", c, err)
	}
	after, err := s.Coupons(ctx, f.Customer)
	if err != nil || len(after) != len(before)+1 {
		t.Errorf("afterwards: %+v, %v", after, err)
	}
	if again, err := s.ClaimCoupon(ctx, "q1", f.Customer, f.Coupon); err != nil || again.ID != c.ID {
		t.Errorf("the same write again: %+v, %v", again, err)
	}
	if _, err := s.ClaimCoupon(ctx, "q2", f.Customer, f.Coupon); !errors.Is(err, shop.ErrState) {
		t.Errorf("twice: %v, want ErrState", err)
	}
	if _, err := s.ClaimCoupon(ctx, "q3", f.Customer, "nothing"); !errors.Is(err, shop.ErrNotFound) {
		t.Errorf("no such coupon: %v, want ErrNotFound", err)
	}
	if _, err := s.ClaimCoupon(ctx, "q4", f.Customer, c.ID); !errors.Is(err, shop.ErrNotFound) {
		t.Errorf("a coupon that somebody has: %v, want ErrNotFound", err)
	}
	if _, err := s.ClaimCoupon(ctx, "q5", "nobody", f.Coupon); !errors.Is(err, shop.ErrNotFound) {
		t.Errorf("nobody: %v, want ErrNotFound", err)
	}
}

func (f Fixture) restock(t *testing.T) {
	s, ctx := f.Open(t), t.Context()
	q := shop.RestockRequest{Customer: f.Customer, Product: f.SoldOut}
	n, err := s.NotifyRestock(ctx, "b1", q)
	if err != nil || n.ID == "" || n.Taken.IsZero() {
		t.Fatalf("notice: %+v, %v", n, err)
	}
	if all, err := s.NoticesOf(ctx, f.Customer); err != nil || len(all) != 1 || all[0].ID != n.ID {
		t.Errorf("notices: %+v, %v", all, err)
	}
	for name, c := range map[string]struct {
		q    shop.RestockRequest
		want error
	}{
		"in stock":        {shop.RestockRequest{Customer: f.Customer, Product: f.Product}, shop.ErrState},
		"no such product": {shop.RestockRequest{Customer: f.Customer, Product: "nothing"}, shop.ErrNotFound},
		"nobody":          {shop.RestockRequest{Customer: "nobody", Product: f.SoldOut}, shop.ErrNotFound},
	} {
		if _, err := s.NotifyRestock(ctx, shop.Key(name), c.q); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// ownership: what is listed for a customer is the customer's, whatever was
// written for somebody else.
func (f Fixture) ownership(t *testing.T) {
	s, ctx := f.Open(t), t.Context()
	if _, err := s.ClaimCoupon(ctx, "o1", f.Other, f.Coupon); err != nil {
		t.Fatal(err)
	}
	if _, err := s.OpenTicket(ctx, "o2", shop.TicketRequest{Kind: "complaint", Customer: f.Other, Text: "slow"}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.NotifyRestock(ctx, "o3", shop.RestockRequest{Customer: f.Other, Product: f.SoldOut}); err != nil {
		t.Fatal(err)
	}
	orders, err := s.OrdersOf(ctx, f.Customer)
	if err != nil || len(orders) == 0 || slices.ContainsFunc(orders, func(o shop.Order) bool { return o.Customer != f.Customer }) {
		t.Errorf("orders: %+v, %v", orders, err)
	}
	coupons, err := s.Coupons(ctx, f.Customer)
	if err != nil || slices.ContainsFunc(coupons, func(c shop.Coupon) bool { return c.Customer != f.Customer }) {
		t.Errorf("coupons: %+v, %v", coupons, err)
	}
	if tickets, err := s.TicketsOf(ctx, f.Customer); err != nil || len(tickets) != 0 {
		t.Errorf("tickets: %+v, %v", tickets, err)
	}
	if notices, err := s.NoticesOf(ctx, f.Customer); err != nil || len(notices) != 0 {
		t.Errorf("notices: %+v, %v", notices, err)
	}
	for _, nobody := range []string{"", " ", "nobody", "%", f.Customer + " "} {
		if list, err := s.OrdersOf(ctx, nobody); err == nil && len(list) != 0 {
			t.Errorf("orders of %q: %d", nobody, len(list))
		}
	}
}
