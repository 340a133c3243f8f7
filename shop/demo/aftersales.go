package demo

import (
	"context"
	"fmt"
	"time"

	"waggle/shop"
)

// ticketTime is how long a person may take to answer a ticket.
const ticketTime = 24 * time.Hour

// OpenRefund takes a refund, return or exchange. The shop itself refuses what
// is above its limit, above what was paid, or already being refunded,
// whatever the robot has decided.
func (s *Shop) OpenRefund(_ context.Context, key shop.Key, q shop.RefundRequest) (shop.Refund, error) {
	r, err := s.write(Record{Kind: recordRefund, Key: key, Order: q.Order, Refund: &q}, s.refundable)
	if err != nil {
		return shop.Refund{}, err
	}
	return r.refund(), nil
}

func (s *Shop) refundable(r *Record) error {
	if err := s.allow(r, shop.StatePaid, shop.StateShipped, shop.StateDelivering, shop.StateSigned); err != nil {
		return err
	}
	o, err := s.order(r.Order)
	if err != nil {
		return err
	}
	q := r.Refund
	switch {
	case q.Kind == shop.RefundExchange && q.Amount == 0:
		return nil
	case q.Kind == shop.RefundExchange, q.Amount <= 0, q.Amount > o.Total:
		return fmt.Errorf("refund of %s for order %s: %w", q.Amount, o.ID, shop.ErrInvalid)
	case q.Amount > s.data.policy.RefundMax && q.Kind == shop.RefundOnly:
		return fmt.Errorf("refund of %s without return: %w", q.Amount, shop.ErrLimit)
	}
	return nil
}

func (r Record) refund() shop.Refund {
	return shop.Refund{RefundRequest: *r.Refund, ID: r.ID, State: shop.RefundOpen, Opened: r.At}
}

// RefundsOf lists the refunds of an order, the oldest first.
func (s *Shop) RefundsOf(_ context.Context, order string) ([]shop.Refund, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	base := shopNow(s.now())
	var out []shop.Refund
	for _, r := range s.data.refunds {
		if r.Order == order {
			out = append(out, r.refund(base))
		}
	}
	for _, c := range s.changes {
		if c.Kind == recordRefund && c.Order == order {
			out = append(out, c.refund())
		}
	}
	return out, nil
}

// Invoice issues an electronic invoice for an order that was paid.
func (s *Shop) Invoice(_ context.Context, key shop.Key, q shop.InvoiceRequest) (shop.Invoice, error) {
	if q.Title == "" {
		return shop.Invoice{}, fmt.Errorf("invoice without a title: %w", shop.ErrInvalid)
	}
	r, err := s.write(Record{Kind: recordInvoice, Key: key, Order: q.Order, Invoice: &q}, func(r *Record) error {
		return s.allow(r, shop.StatePaid, shop.StateShipped, shop.StateDelivering, shop.StateSigned, shop.StateClosed)
	})
	if err != nil {
		return shop.Invoice{}, err
	}
	o, err := s.after(q.Order, nil)
	return shop.Invoice{InvoiceRequest: q, ID: r.ID, Amount: o.Total, Issued: r.At}, err
}

// OpenTicket hands a case to the people of the shop.
func (s *Shop) OpenTicket(_ context.Context, key shop.Key, q shop.TicketRequest) (shop.Ticket, error) {
	if q.Kind == "" {
		return shop.Ticket{}, fmt.Errorf("ticket without a kind: %w", shop.ErrInvalid)
	}
	r, err := s.write(Record{Kind: recordTicket, Key: key, Order: q.Order, Ticket: &q}, func(r *Record) error {
		if r.Order == "" {
			return nil
		}
		_, err := s.order(r.Order)
		return err
	})
	if err != nil {
		return shop.Ticket{}, err
	}
	return r.ticket(), nil
}

func (r Record) ticket() shop.Ticket {
	return shop.Ticket{TicketRequest: *r.Ticket, ID: r.ID, Opened: r.At, Due: r.At.Add(ticketTime)}
}

// TicketsOf lists a customer's tickets, the oldest first.
func (s *Shop) TicketsOf(_ context.Context, customer string) ([]shop.Ticket, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var out []shop.Ticket
	for _, c := range s.changes {
		if c.Kind == recordTicket && c.Ticket.Customer == customer {
			out = append(out, c.ticket())
		}
	}
	return out, nil
}
