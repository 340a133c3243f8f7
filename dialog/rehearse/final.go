package rehearse

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"waggle/shop"
)

// judge compares the records with what they must be.
func (f Final) judge(ctx context.Context, s shop.Shop) error {
	var wrong []error
	for id, state := range f.States {
		o, err := s.Order(ctx, id)
		switch {
		case err != nil:
			wrong = append(wrong, fmt.Errorf("order %s: %w", id, err))
		case o.State != state:
			wrong = append(wrong, fmt.Errorf("order %s is %s, not %s", id, o.State, state))
		}
	}
	for id, city := range f.Cities {
		o, err := s.Order(ctx, id)
		switch {
		case err != nil:
			wrong = append(wrong, fmt.Errorf("order %s: %w", id, err))
		case o.Address.City != city:
			wrong = append(wrong, fmt.Errorf("order %s goes to %s, not %s", id, o.Address.City, city))
		}
	}
	return errors.Join(append(wrong, f.everyCustomer(ctx, s))...)
}

// everyCustomer looks at all customers of the demo shop, so that a write
// nobody asked for is found wherever it was made.
func (f Final) everyCustomer(ctx context.Context, s shop.Shop) error {
	var wrong []error
	for i := 1; ; i++ {
		c, err := s.CustomerByPhone(ctx, fmt.Sprintf("138%08d", i))
		if errors.Is(err, shop.ErrNotFound) {
			return errors.Join(wrong...)
		}
		if err != nil {
			return err
		}
		wrong = append(wrong, f.customer(ctx, s, c.ID))
	}
}

func (f Final) customer(ctx context.Context, s shop.Shop, customer string) error {
	tickets, err := s.TicketsOf(ctx, customer)
	if err != nil {
		return err
	}
	var kinds []string
	for _, t := range tickets {
		if t.ID < "t7" { // those that the demo begins with
			continue
		}
		kinds = append(kinds, t.Kind)
	}
	var wrong []error
	if !slices.Equal(kinds, f.Tickets[customer]) {
		wrong = append(wrong, fmt.Errorf("tickets of %s: %v, not %v", customer, kinds, f.Tickets[customer]))
	}
	orders, err := s.OrdersOf(ctx, customer)
	if err != nil {
		return err
	}
	for _, o := range orders {
		wrong = append(wrong, f.order(ctx, s, o))
	}
	return errors.Join(wrong...)
}

func (f Final) order(ctx context.Context, s shop.Shop, o shop.Order) error {
	var wrong []error
	if hurried := o.Hurried.After(time.Time{}); hurried != slices.Contains(f.Hurried, o.ID) {
		wrong = append(wrong, fmt.Errorf("order %s hurried: %v", o.ID, hurried))
	}
	refunds, err := s.RefundsOf(ctx, o.ID)
	if err != nil {
		return err
	}
	var made []string
	for _, r := range refunds {
		if r.ID[0] == 'r' && r.ID < "r7" { // those that the demo begins with
			continue
		}
		made = append(made, fmt.Sprintf("%s %s", r.Kind, r.Amount))
	}
	if !slices.Equal(made, f.Refunds[o.ID]) {
		wrong = append(wrong, fmt.Errorf("refunds of %s: %v, not %v", o.ID, made, f.Refunds[o.ID]))
	}
	return errors.Join(wrong...)
}
