package demo

import (
	"context"
	"fmt"
	"slices"

	"waggle/shop"
)

// Promotions lists those that hold now and those to come.
func (s *Shop) Promotions(context.Context) ([]shop.Promotion, error) {
	now := s.now()
	base := shopNow(now)
	var out []shop.Promotion
	for _, r := range s.data.promotions {
		if p := r.promotion(base); p.Until.IsZero() || p.Until.After(now) {
			out = append(out, p)
		}
	}
	return out, nil
}

// Subsidies returns the whole table.
func (s *Shop) Subsidies(context.Context) ([]shop.Subsidy, error) {
	base := shopNow(s.now())
	out := make([]shop.Subsidy, len(s.data.subsidies))
	for i, r := range s.data.subsidies {
		out[i] = r.subsidy(base)
	}
	return out, nil
}

// Coupons lists what a customer has, or what anybody may claim.
func (s *Shop) Coupons(_ context.Context, customer string) ([]shop.Coupon, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.coupons(customer), nil
}

// coupons needs the lock.
func (s *Shop) coupons(customer string) []shop.Coupon {
	base := shopNow(s.now())
	var out []shop.Coupon
	for _, r := range s.data.coupons {
		if r.Customer == customer && (customer != "" || !s.retains(r.ID)) {
			out = append(out, r.coupon(base))
		}
	}
	for _, c := range s.changes {
		if (c.Kind == recordClaim || c.Kind == recordRetain) && c.Customer == customer {
			if claimed, ok := s.claimed(c); ok {
				out = append(out, claimed)
			}
		}
	}
	return out
}

// ClaimCoupon gives a customer a coupon, once.
func (s *Shop) ClaimCoupon(_ context.Context, key shop.Key, customer, coupon string) (shop.Coupon, error) {
	r, err := s.write(Record{Kind: recordClaim, Key: key, Customer: customer, Coupon: coupon}, s.claimable)
	if err != nil {
		return shop.Coupon{}, err
	}
	c, _ := s.claimed(r)
	return c, nil
}

func (s *Shop) claimable(r *Record) error {
	if _, err := found(s.data.customerByID, r.Customer, "customer"); err != nil {
		return err
	}
	c, ok := s.claimed(*r)
	switch {
	case !ok, s.retains(r.Coupon):
		return fmt.Errorf("coupon %s: %w", r.Coupon, shop.ErrNotFound)
	case !c.Holds(s.now()):
		return fmt.Errorf("coupon %s is not valid now: %w", r.Coupon, shop.ErrState)
	case slices.ContainsFunc(s.coupons(r.Customer), func(had shop.Coupon) bool { return had.Of == r.Coupon }):
		return fmt.Errorf("coupon %s was claimed before: %w", r.Coupon, shop.ErrState)
	}
	return nil
}

// claimed is the coupon that a claim makes of one that is given out.
func (s *Shop) claimed(r Record) (shop.Coupon, bool) {
	for _, given := range s.data.coupons {
		if given.ID == r.Coupon && given.Customer == "" {
			c := given.coupon(shopNow(s.now()))
			c.ID, c.Of, c.Customer = r.ID, r.Coupon, r.Customer
			return c, true
		}
	}
	return shop.Coupon{}, false
}

// NotifyRestock takes a request to be told when something is back.
func (s *Shop) NotifyRestock(_ context.Context, key shop.Key, q shop.RestockRequest) (shop.RestockNotice, error) {
	r, err := s.write(Record{Kind: recordNotice, Key: key, Customer: q.Customer, Restock: &q}, s.soldOut)
	if err != nil {
		return shop.RestockNotice{}, err
	}
	return r.notice(), nil
}

// soldOut needs the customer to be known and the goods to be gone.
func (s *Shop) soldOut(r *Record) error {
	if _, err := found(s.data.customerByID, r.Customer, "customer"); err != nil {
		return err
	}
	p, err := s.product(r.Restock.Product)
	if err != nil {
		return err
	}
	colour, size := splitVariant(p, r.Restock.Variant)
	n, ok := p.StockOf(colour, size)
	switch {
	case !ok:
		return fmt.Errorf("product %s is not sold as asked: %w", p.ID, shop.ErrInvalid)
	case n > 0:
		return fmt.Errorf("product %s is in stock: %w", p.ID, shop.ErrState)
	}
	return nil
}

func (r Record) notice() shop.RestockNotice {
	return shop.RestockNotice{RestockRequest: *r.Restock, ID: r.ID, Taken: r.At}
}

// NoticesOf lists a customer's requests, the oldest first.
func (s *Shop) NoticesOf(_ context.Context, customer string) ([]shop.RestockNotice, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var out []shop.RestockNotice
	for _, c := range s.changes {
		if c.Kind == recordNotice && c.Customer == customer {
			out = append(out, c.notice())
		}
	}
	return out, nil
}
