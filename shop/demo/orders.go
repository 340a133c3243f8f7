package demo

import (
	"context"
	"errors"
	"fmt"
	"sort"

	"waggle/shop"
)

// Order finds an order by its number.
func (s *Shop) Order(_ context.Context, id string) (shop.Order, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.order(id)
}

// order needs the lock.
func (s *Shop) order(id string) (shop.Order, error) {
	i, ok := s.data.orderByID[id]
	if !ok {
		return shop.Order{}, fmt.Errorf("order %s: %w", id, shop.ErrNotFound)
	}
	return s.changed(s.data.orders[i].order(shopNow(s.now()))), nil
}

// OrdersOf lists a customer's orders, the newest first.
func (s *Shop) OrdersOf(_ context.Context, customer string) ([]shop.Order, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	base := shopNow(s.now())
	var out []shop.Order
	for _, i := range s.data.ordersOf[customer] {
		out = append(out, s.changed(s.data.orders[i].order(base)))
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Created.After(out[j].Created) })
	return out, nil
}

// changed applies the writes that were made to an order.
func (s *Shop) changed(o shop.Order) shop.Order {
	for _, i := range s.byOrder[o.ID] {
		o = s.changes[i].apply(o)
	}
	return o
}

// Parcel finds a parcel by its tracking number.
func (s *Shop) Parcel(_ context.Context, tracking string) (shop.Parcel, error) {
	i, ok := s.data.parcelByNumber[tracking]
	if !ok {
		return shop.Parcel{}, fmt.Errorf("parcel %s: %w", tracking, shop.ErrNotFound)
	}
	return s.data.parcels[i].parcel(s.now()), nil
}

// Cancel calls off an order that has not left the house. A presale whose
// deposit is paid is a case for a person: the deposit may be lost by it.
func (s *Shop) Cancel(_ context.Context, key shop.Key, order, reason string) (shop.Order, error) {
	_, err := s.write(Record{Kind: recordCancel, Key: key, Order: order, Text: reason}, func(r *Record) error {
		if err := s.allow(r, shop.StateToPay, shop.StatePaid); err != nil {
			return err
		}
		if o, err := s.order(r.Order); err != nil || o.Presale != nil && !o.Presale.DepositPaid.IsZero() {
			return errors.Join(err, fmt.Errorf("order %s has a deposit: %w", r.Order, shop.ErrState))
		}
		return nil
	})
	return s.after(order, err)
}

// ChangeAddress sends an order that has not left the house somewhere else.
func (s *Shop) ChangeAddress(_ context.Context, key shop.Key, order string, to shop.Address) (shop.Order, error) {
	if to.City == "" || to.Street == "" {
		return shop.Order{}, fmt.Errorf("address without city or street: %w", shop.ErrInvalid)
	}
	_, err := s.write(Record{Kind: recordAddress, Key: key, Order: order, Address: &to}, func(r *Record) error {
		return s.allow(r, shop.StateToPay, shop.StatePaid)
	})
	return s.after(order, err)
}

// Hurry notes that the shopper presses for an order.
func (s *Shop) Hurry(_ context.Context, key shop.Key, order string) (shop.Order, error) {
	_, err := s.write(Record{Kind: recordHurry, Key: key, Order: order}, func(r *Record) error {
		return s.allow(r, shop.StatePaid, shop.StateShipped, shop.StateDelivering)
	})
	return s.after(order, err)
}

// after reads the order back once a write has succeeded.
func (s *Shop) after(order string, err error) (shop.Order, error) {
	if err != nil {
		return shop.Order{}, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.order(order)
}

// allow is a check for write: the order must be in one of the states.
func (s *Shop) allow(r *Record, states ...shop.OrderState) error {
	o, err := s.order(r.Order)
	if err != nil {
		return err
	}
	for _, st := range states {
		if o.State == st {
			return nil
		}
	}
	return fmt.Errorf("order %s is %s: %w", o.ID, o.State, shop.ErrState)
}
