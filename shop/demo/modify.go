package demo

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"waggle/shop"
)

// maxCount bounds how many pieces of a line the robot may order; more is a
// case for a person.
const maxCount = 99

// Modify changes a line of an order that was not shipped.
func (s *Shop) Modify(_ context.Context, key shop.Key, order string, m shop.Modification) (shop.Order, error) {
	if m.Variant == "" && m.Count == 0 || m.Count < 0 || m.Count > maxCount {
		return shop.Order{}, fmt.Errorf("modification that changes nothing or too much: %w", shop.ErrInvalid)
	}
	_, err := s.write(Record{Kind: recordModify, Key: key, Order: order, Modify: &m}, s.modifiable)
	return s.after(order, err)
}

func (s *Shop) modifiable(r *Record) error {
	if err := s.allow(r, shop.StateToPay, shop.StatePaid); err != nil {
		return err
	}
	o, err := s.order(r.Order)
	if err != nil {
		return err
	}
	m := r.Modify
	if m.Line < 0 || m.Line >= len(o.Lines) {
		return fmt.Errorf("order %s has no line %d: %w", o.ID, m.Line, shop.ErrInvalid)
	}
	line := &o.Lines[m.Line]
	if m.Count != 0 && m.Count != line.Count {
		// What is paid or discounted is settled with money: that takes a person.
		if o.State != shop.StateToPay || len(o.Discounts) > 0 || o.Presale != nil {
			return fmt.Errorf("another count for order %s: %w", o.ID, shop.ErrState)
		}
		line.Count = m.Count
	}
	if m.Variant != "" {
		line.Variant = m.Variant
	}
	if err := s.inStock(*line); err != nil {
		return err
	}
	r.After = s.totalled(o)
	return nil
}

// inStock needs the line's variant to be sold and to be there as often as the
// line says.
func (s *Shop) inStock(l shop.Line) error {
	p, err := s.product(l.Product)
	if err != nil {
		return err
	}
	colour, size := splitVariant(p, l.Variant)
	n, ok := p.StockOf(colour, size)
	switch {
	case !ok:
		return fmt.Errorf("product %s is not sold as asked: %w", p.ID, shop.ErrInvalid)
	case n < l.Count:
		return fmt.Errorf("product %s: %d in stock: %w", p.ID, n, shop.ErrStock)
	}
	return nil
}

// splitVariant reads a line's variant: a colour, a size, or both. What is
// neither comes back as a colour that nothing has.
func splitVariant(p shop.Product, variant string) (colour, size string) {
	for _, f := range strings.Fields(variant) {
		bare := strings.TrimSuffix(f, "码")
		switch {
		case bare != f && size == "":
			size = bare
		case colour == "":
			colour = f
		default:
			return variant, ""
		}
	}
	return colour, size
}

// totalled works out shipping and total again.
func (s *Shop) totalled(o shop.Order) *shop.Order {
	var goods shop.Fen
	for _, l := range o.Lines {
		goods += l.Price * shop.Fen(l.Count)
	}
	for _, d := range o.Discounts {
		goods -= d.Off
	}
	if o.State == shop.StateToPay && o.Presale == nil {
		o.Shipping = s.data.policy.Shipping(goods, o.Address)
	}
	o.Total = goods + o.Shipping
	return &o
}

// maxNote is the longest note for a courier, in characters: it is printed on
// a label.
const maxNote = 100

// Instruct leaves a note for the courier.
func (s *Shop) Instruct(_ context.Context, key shop.Key, order, note string) (shop.Order, error) {
	note = strings.TrimSpace(note)
	if note == "" || utf8.RuneCountInString(note) > maxNote {
		return shop.Order{}, fmt.Errorf("a note must have 1 to %d characters: %w", maxNote, shop.ErrInvalid)
	}
	_, err := s.write(Record{Kind: recordNote, Key: key, Order: order, Text: note}, func(r *Record) error {
		return s.allow(r, shop.StateToPay, shop.StatePaid, shop.StateShipped, shop.StateDelivering)
	})
	return s.after(order, err)
}
