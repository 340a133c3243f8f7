package demo

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"time"

	"waggle/shop"
)

//go:embed data/*.json
var files embed.FS

// The records of the files. Times are hours before (negative) or after the
// demo's now, so that the shop never looks stale.
type (
	orderRecord struct {
		shop.Order
		Created *float64 `json:"created_h"`
		Paid    *float64 `json:"paid_h"`
		ShipBy  *float64 `json:"ship_by_h"`
		Shipped *float64 `json:"shipped_h"`
		Signed  *float64 `json:"signed_h"`
	}
	parcelRecord struct {
		shop.Parcel
		Due   *float64     `json:"due_h"`
		Track []scanRecord `json:"track"`
	}
	scanRecord struct {
		At    float64 `json:"h"`
		Place string  `json:"place"`
		Text  string  `json:"text"`
	}
	refundRecord struct {
		shop.Refund
		Opened *float64 `json:"opened_h"`
		Done   *float64 `json:"done_h"`
	}
)

// data is everything that is embedded, indexed, never changed after loading.
type data struct {
	products  []shop.Product
	customers []shop.Customer
	orders    []orderRecord
	parcels   []parcelRecord
	refunds   []refundRecord
	policy    shop.Policy
	articles  []shop.Article
}

func load() (*data, error) {
	d := &data{}
	for name, into := range map[string]any{
		"products": &d.products, "customers": &d.customers, "orders": &d.orders,
		"parcels": &d.parcels, "refunds": &d.refunds, "policy": &d.policy, "articles": &d.articles,
	} {
		raw, err := fs.ReadFile(files, "data/"+name+".json")
		if err != nil {
			return nil, fmt.Errorf("demo shop: %w", err)
		}
		if err := json.Unmarshal(raw, into); err != nil {
			return nil, fmt.Errorf("demo shop: %s: %w", name, err)
		}
	}
	d.addressOrders()
	return d, nil
}

// addressOrders fills in the address of the customer, which the file leaves
// out because it is the same for all orders of a person.
func (d *data) addressOrders() {
	home := make(map[string]shop.Address, len(d.customers))
	for _, c := range d.customers {
		home[c.ID] = c.Address
	}
	for i := range d.orders {
		d.orders[i].Address = home[d.orders[i].Customer]
	}
}

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
	o.Lines = append([]shop.Line(nil), r.Lines...)
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
