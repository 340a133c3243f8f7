package demo

import (
	"context"
	"fmt"
	"time"

	"waggle/shop"
	"waggle/shop/offer"
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
	q := r.Refund
	states := []shop.OrderState{shop.StatePaid, shop.StateShipped, shop.StateDelivering, shop.StateSigned}
	if err := s.allow(r, states...); err != nil {
		return err
	}
	o, err := s.order(r.Order)
	if err != nil {
		return err
	}
	if q.Kind == shop.RefundExchange {
		if q.Amount != 0 {
			return fmt.Errorf("exchange of order %s with money: %w", o.ID, shop.ErrInvalid)
		}
		return nil
	}
	r.Before, r.Part = o.State, len(q.Lines) > 0
	before := s.refunds(o.ID)
	if err := s.worth(o, *q, before); err != nil {
		return err
	}
	return s.withinLimit(o, *q, before)
}

// worth refuses to pay back more than the goods, or the fall of their price,
// come to.
func (s *Shop) worth(o shop.Order, q shop.RefundRequest, before []shop.Refund) error {
	most, err := s.most(o, q, before)
	switch {
	case err != nil:
		return fmt.Errorf("refund for order %s: %w: %w", o.ID, shop.ErrInvalid, err)
	case q.Amount <= 0, q.Amount > most:
		return fmt.Errorf("refund of %s for order %s, %s at most: %w", q.Amount, o.ID, most, shop.ErrInvalid)
	}
	return nil
}

func (s *Shop) most(o shop.Order, q shop.RefundRequest, before []shop.Refund) (shop.Fen, error) {
	switch {
	case q.Kind == shop.RefundDifference && len(q.Lines) == 1:
		line := q.Lines[0].Line
		if line < 0 || line >= len(o.Lines) {
			return 0, offer.ErrInput
		}
		p, err := s.product(o.Lines[line].Product)
		if err != nil {
			return 0, err
		}
		worth, err := offer.Protect(o, line, p, before, s.data.policy, s.now())
		return worth.Amount, err
	case q.Kind.Abates(): // goodwill is given by Retain alone
		return 0, offer.ErrInput
	case len(q.Lines) > 0:
		worth, err := offer.Refund(o, q.Lines, before)
		return worth.Amount, err
	}
	most := o.Total
	for _, r := range before {
		most -= paidBack(r)
	}
	return most, nil
}

// paidBack is what a refund took out of the till.
func paidBack(r shop.Refund) shop.Fen {
	if r.State == shop.RefundRejected || r.State == shop.RefundWithdrawn {
		return 0
	}
	return r.Amount
}

// withinLimit adds up what goes back for one order without the goods, so that
// many small refunds cannot pass for one large one.
func (s *Shop) withinLimit(o shop.Order, q shop.RefundRequest, before []shop.Refund) error {
	if q.Kind == shop.RefundReturn {
		return nil
	}
	sum := q.Amount
	for _, r := range before {
		if r.Kind != shop.RefundReturn {
			sum += paidBack(r)
		}
	}
	if sum > s.data.policy.RefundLimit(s.data.customerByID[o.Customer]) {
		return fmt.Errorf("refund of %s without return: %w", sum, shop.ErrLimit)
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
	return s.refunds(order), nil
}

// refunds needs the lock.
func (s *Shop) refunds(order string) []shop.Refund {
	base := shopNow(s.now())
	var out []shop.Refund
	for _, i := range s.data.refundsOf[order] {
		out = append(out, s.data.refunds[i].refund(base))
	}
	for _, i := range s.byOrder[order] {
		switch c := s.changes[i]; c.Kind {
		case recordRefund:
			out = append(out, c.refund())
		case recordRetain:
			if c.Retain.Kind == shop.RetainGoodwill {
				out = append(out, c.goodwill())
			}
		case recordTake:
			for k := range out {
				if out[k].ID == c.Withdrawn {
					out[k].State, out[k].Done = shop.RefundWithdrawn, c.At
				}
			}
		}
	}
	return out
}

// WithdrawRefund takes an open refund back.
func (s *Shop) WithdrawRefund(_ context.Context, key shop.Key, refund string) (shop.Refund, error) {
	s.mu.RLock()
	order := s.orderOfRefund(refund)
	s.mu.RUnlock()
	_, err := s.write(Record{Kind: recordTake, Key: key, Order: order, Withdrawn: refund}, s.withdrawable)
	if err != nil {
		return shop.Refund{}, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.findRefund(order, refund)
}

func (s *Shop) orderOfRefund(refund string) string {
	for _, r := range s.data.refunds {
		if r.ID == refund {
			return r.Order
		}
	}
	for _, c := range s.changes {
		if c.Kind == recordRefund && c.ID == refund {
			return c.Order
		}
	}
	return ""
}

func (s *Shop) findRefund(order, refund string) (shop.Refund, error) {
	for _, r := range s.refunds(order) {
		if r.ID == refund {
			return r, nil
		}
	}
	return shop.Refund{}, fmt.Errorf("refund: %w", shop.ErrNotFound)
}

// withdrawable finds how the order stood before the refund.
func (s *Shop) withdrawable(r *Record) error {
	f, err := s.findRefund(r.Order, r.Withdrawn)
	if err != nil {
		return err
	}
	if f.State != shop.RefundOpen {
		return fmt.Errorf("refund %s is %s: %w", f.ID, f.State, shop.ErrState)
	}
	o, err := s.order(r.Order)
	if err != nil {
		return err
	}
	if o.State != shop.StateRefunding || len(f.Lines) > 0 {
		return nil // it never touched the order
	}
	r.Before = standing(o)
	for _, i := range s.byOrder[r.Order] {
		if c := s.changes[i]; c.Kind == recordRefund && c.ID == r.Withdrawn && c.Before != "" {
			r.Before = c.Before
		}
	}
	return nil
}

// standing is how an order would stand without its refund, by its dates.
func standing(o shop.Order) shop.OrderState {
	switch {
	case !o.Signed.IsZero():
		return shop.StateSigned
	case !o.Shipped.IsZero():
		return shop.StateShipped
	}
	return shop.StatePaid
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
	base := shopNow(s.now())
	for _, r := range s.data.tickets {
		if r.Customer == customer {
			out = append(out, r.ticket(base))
		}
	}
	for _, c := range s.changes {
		if c.Kind == recordTicket && c.Ticket.Customer == customer {
			out = append(out, c.ticket())
		}
	}
	return out, nil
}
