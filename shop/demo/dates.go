package demo

import (
	"slices"
	"time"

	"waggle/shop"
)

// shopNow is the moment that the embedded hours count from: the last full
// hour, but at night the evening before, because couriers sleep.
func shopNow(now time.Time) time.Time {
	now = now.In(chinaTime)
	base := now.Truncate(time.Hour)
	switch h := now.Hour(); {
	case h < opens:
		return base.Add(-time.Duration(h+24-closes) * time.Hour)
	case h >= closes:
		return base.Add(-time.Duration(h-closes) * time.Hour)
	}
	return base
}

// The hours between which parcels move in the demo.
const opens, closes = 10, 20

// chinaTime has no daylight saving, so a fixed zone needs no zone database.
var chinaTime = time.FixedZone("CST", 8*3600)

func at(base time.Time, h *float64) time.Time {
	if h == nil {
		return time.Time{}
	}
	return base.Add(time.Duration(*h * float64(time.Hour)))
}

// order gives the record its dates.
func (r orderRecord) order(base time.Time) shop.Order {
	o := r.Order
	o.Created, o.Paid, o.ShipBy = at(base, r.Created), at(base, r.Paid), at(base, r.ShipBy)
	o.Shipped, o.Signed = at(base, r.Shipped), at(base, r.Signed)
	o.Lines, o.Discounts = slices.Clone(r.Lines), slices.Clone(r.Discounts)
	if r.Presale != nil {
		p, t := *r.Presale, r.Times
		p.PayFrom, p.PayUntil = at(base, t.PayFrom), at(base, t.PayUntil)
		p.DepositPaid, p.BalancePaid = at(base, t.DepositPaid), at(base, t.BalancePaid)
		o.Presale = &p
	}
	return o
}

// dueAt is when a courier comes: after now and by day, whatever hour the demo
// is looked at.
func dueAt(now, base time.Time, h *float64) time.Time {
	if h == nil {
		return time.Time{}
	}
	due := at(base, h)
	if !due.After(now) {
		due = now.In(chinaTime).Truncate(time.Hour).Add(2 * time.Hour)
	}
	noon := time.Date(due.Year(), due.Month(), due.Day(), 12, 0, 0, 0, chinaTime)
	switch {
	case due.Hour() >= closes:
		return noon.AddDate(0, 0, 1)
	case due.Hour() < opens:
		return noon
	}
	return due
}

func (r parcelRecord) parcel(now time.Time) shop.Parcel {
	p, base := r.Parcel, shopNow(now)
	p.Due = dueAt(now, base, r.Due)
	p.Track = make([]shop.Scan, len(r.Track))
	for i, s := range r.Track {
		p.Track[i] = shop.Scan{At: at(base, &s.At), Place: s.Place, Text: s.Text}
	}
	return p
}

func (r refundRecord) refund(base time.Time) shop.Refund {
	f := r.Refund
	f.Opened, f.Done = at(base, r.Opened), at(base, r.Done)
	return f
}

func (r ticketRecord) ticket(base time.Time) shop.Ticket {
	t := r.Ticket
	t.Opened = at(base, r.Opened)
	t.Due = t.Opened.Add(ticketTime)
	return t
}

func (r promotionRecord) promotion(base time.Time) shop.Promotion {
	p := r.Promotion
	p.From, p.Until = at(base, r.From), at(base, r.Until)
	return p
}

func (r couponRecord) coupon(base time.Time) shop.Coupon {
	c := r.Coupon
	c.From, c.Until, c.Used = at(base, r.From), at(base, r.Until), at(base, r.Used)
	return c
}

func (r subsidyRecord) subsidy(base time.Time) shop.Subsidy {
	s := r.Subsidy
	s.From, s.Until = at(base, r.From), at(base, r.Until)
	return s
}

// dated gives a product its dates.
func (d *data) dated(p shop.Product, now time.Time) shop.Product {
	r, ok := d.dates[p.ID]
	if !ok {
		return p
	}
	base := shopNow(now)
	p.Restock = at(base, r.Restock)
	if p.Presale != nil {
		terms := *p.Presale
		terms.Until, terms.PayFrom = at(base, r.Times.Until), at(base, r.Times.PayFrom)
		terms.PayUntil, terms.Ships = at(base, r.Times.PayUntil), at(base, r.Times.Ships)
		p.Presale = &terms
	}
	return p
}
