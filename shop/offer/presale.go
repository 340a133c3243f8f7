package offer

import (
	"fmt"
	"time"

	"waggle/shop"
)

// PresaleState says what is to be done about an order that is paid in two
// parts.
type PresaleState string

// The states of a presale.
const (
	PresaleDeposit PresaleState = "deposit" // the deposit is not paid yet
	PresaleWait    PresaleState = "wait"    // the time of the balance has not come
	PresaleDue     PresaleState = "due"     // the balance can be paid now
	PresaleLate    PresaleState = "late"    // the time of the balance is over; what becomes of the deposit is the shop's rule
	PresalePaid    PresaleState = "paid"
)

// PresaleBill is how a presale stands.
type PresaleBill struct {
	State   PresaleState `json:"state"`
	Balance shop.Fen     `json:"balance"` // what is still to be paid
	From    time.Time    `json:"from,omitzero"`
	Until   time.Time    `json:"until,omitzero"`
	// Working leads from the price to the balance.
	Working Working `json:"working"`
}

// Presale tells how the presale of an order stands. Errors wrap ErrExempt (it
// is not one) or ErrInput (its figures do not add up).
func Presale(o shop.Order, now time.Time) (PresaleBill, error) {
	p := o.Presale
	if p == nil {
		return PresaleBill{}, fmt.Errorf("order %s is no presale: %w", o.ID, ErrExempt)
	}
	if _, err := Paid(o); err != nil {
		return PresaleBill{}, err
	}
	if p.Deposit < 0 || p.Balance < 0 || p.Deposit > o.Total || p.Balance != o.Total-p.Deposit {
		return PresaleBill{}, fmt.Errorf("order %s: deposit %s and balance %s do not make %s: %w", o.ID, p.Deposit, p.Balance, o.Total, ErrInput)
	}
	b := PresaleBill{State: PresaleDue, Balance: p.Balance, From: p.PayFrom, Until: p.PayUntil}
	for _, l := range o.Lines {
		b.Working.add(fmt.Sprintf("%s×%d", l.Name, l.Count), l.Price*shop.Fen(l.Count))
	}
	for _, d := range o.Discounts {
		b.Working.add(d.Name, -d.Off)
	}
	if o.Shipping > 0 {
		b.Working.add("运费", o.Shipping)
	}
	b.Working.add("定金", -p.Deposit)
	switch {
	case p.DepositPaid.IsZero():
		b.State = PresaleDeposit
	case !p.BalancePaid.IsZero():
		b.State, b.Balance = PresalePaid, 0
	case now.Before(p.PayFrom):
		b.State = PresaleWait
	case !p.PayUntil.IsZero() && !now.Before(p.PayUntil):
		b.State = PresaleLate
	}
	return b, nil
}

// Presell is what a product that is sold ahead costs: the deposit now and the
// balance later for a number of pieces. Errors wrap ErrExempt, ErrTooLate or
// ErrInput.
func Presell(p shop.Product, count int, now time.Time) (PresaleBill, error) {
	t := p.Presale
	switch {
	case t == nil:
		return PresaleBill{}, fmt.Errorf("%s is not sold ahead: %w", p.Name, ErrExempt)
	case count <= 0 || count > maxCount || t.Deposit < 0 || t.Counts < t.Deposit || t.Counts > p.Price || p.Price > maxPrice:
		return PresaleBill{}, fmt.Errorf("%d pieces of %s: %w", count, p.Name, ErrInput)
	case !t.Until.IsZero() && !now.Before(t.Until):
		return PresaleBill{}, fmt.Errorf("presale of %s: %w", p.Name, ErrTooLate)
	}
	n := shop.Fen(count)
	b := PresaleBill{State: PresaleDeposit, Balance: (p.Price - t.Counts) * n, From: t.PayFrom, Until: t.PayUntil}
	b.Working.add(fmt.Sprintf("%s×%d", p.Name, count), p.Price*n)
	b.Working.add("定金", -t.Deposit*n)
	if t.Counts > t.Deposit {
		b.Working.add("定金膨胀", -(t.Counts-t.Deposit)*n)
	}
	return b, nil
}
