package demo

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"sync"
	"time"

	"waggle/shop"
)

//go:embed data/*.json data/more/*.json
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
		// Times are those of the presale, where there is one.
		Times presaleRecord `json:"presale_h"`
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
	ticketRecord struct {
		shop.Ticket
		Opened *float64 `json:"opened_h"`
	}
	productRecord struct {
		shop.Product
		productDates
	}
	productDates struct {
		Restock *float64 `json:"restock_h"`
		Times   struct {
			Until    *float64 `json:"until_h"`
			PayFrom  *float64 `json:"pay_from_h"`
			PayUntil *float64 `json:"pay_until_h"`
			Ships    *float64 `json:"ships_h"`
		} `json:"presale_h"`
	}
	presaleRecord struct {
		PayFrom     *float64 `json:"pay_from_h"`
		PayUntil    *float64 `json:"pay_until_h"`
		DepositPaid *float64 `json:"deposit_paid_h"`
		BalancePaid *float64 `json:"balance_paid_h"`
	}
	promotionRecord struct {
		shop.Promotion
		From  *float64 `json:"from_h"`
		Until *float64 `json:"until_h"`
	}
	couponRecord struct {
		shop.Coupon
		From  *float64 `json:"from_h"`
		Until *float64 `json:"until_h"`
		Used  *float64 `json:"used_h"`
	}
	subsidyRecord struct {
		shop.Subsidy
		From  *float64 `json:"from_h"`
		Until *float64 `json:"until_h"`
	}
)

// data is everything that is embedded, indexed, never changed after loading.
type data struct {
	products   []shop.Product
	dates      map[string]productDates // of the few that have any
	customers  []shop.Customer
	orders     []orderRecord
	parcels    []parcelRecord
	refunds    []refundRecord
	tickets    []ticketRecord
	promotions []promotionRecord
	coupons    []couponRecord
	subsidies  []subsidyRecord
	policy     shop.Policy
	articles   []shop.Article

	customerByID    map[string]shop.Customer
	customerByPhone map[string]shop.Customer
	orderByID       map[string]int
	ordersOf        map[string][]int
	parcelByNumber  map[string]int
	refundsOf       map[string][]int
	productByID     map[string]int
	index           *index // of the products
}

// load gives the embedded records, with more products behind the embedded
// ones.
func load(more []shop.Product) (*data, error) {
	d, err := embedded()
	if err != nil || len(more) == 0 {
		return d, err
	}
	wider := *d
	wider.shelve(append(slices.Clip(d.products), more...))
	return &wider, nil
}

// embedded reads every file of data, and what data/more adds to it, once: the
// records never change.
var embedded = sync.OnceValues(func() (*data, error) {
	d := &data{dates: make(map[string]productDates)}
	var products []productRecord
	err := errors.Join(
		all("products", &products), all("customers", &d.customers), all("orders", &d.orders), all("parcels", &d.parcels),
		all("refunds", &d.refunds), all("tickets", &d.tickets), all("promotions", &d.promotions), all("coupons", &d.coupons),
		all("subsidies", &d.subsidies), all("articles", &d.articles), read("data/policy.json", &d.policy))
	if err := errors.Join(err, d.policy.Validate()); err != nil {
		return nil, err
	}
	shelf := make([]shop.Product, len(products))
	for i, r := range products {
		shelf[i] = r.Product
		if r.productDates.Restock != nil || r.Presale != nil {
			d.dates[r.ID] = r.productDates
		}
	}
	d.addressOrders()
	d.find()
	d.shelve(shelf)
	return d, nil
})

// all reads the records of a name from both folders.
func all[T any](name string, into *[]T) error {
	for _, folder := range []string{"data/", "data/more/"} {
		var part []T
		err := read(folder+name+".json", &part)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		*into = append(*into, part...)
	}
	return nil
}

func read(path string, into any) error {
	raw, err := fs.ReadFile(files, path)
	if err != nil {
		return fmt.Errorf("demo shop: %w", err)
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return fmt.Errorf("demo shop: %s: %w", path, err)
	}
	return nil
}

// shelve puts the products on the shelf and indexes them.
func (d *data) shelve(products []shop.Product) {
	d.products = products
	d.productByID = make(map[string]int, len(products))
	for i, p := range products {
		d.productByID[p.ID] = i
	}
	d.index = newIndex(products)
}

// find indexes the records of people.
func (d *data) find() {
	d.customerByID, d.customerByPhone = make(map[string]shop.Customer), make(map[string]shop.Customer)
	for _, c := range d.customers {
		d.customerByID[c.ID], d.customerByPhone[c.Phone] = c, c
	}
	d.orderByID, d.ordersOf = make(map[string]int), make(map[string][]int)
	for i, o := range d.orders {
		d.orderByID[o.ID] = i
		d.ordersOf[o.Customer] = append(d.ordersOf[o.Customer], i)
	}
	d.parcelByNumber, d.refundsOf = make(map[string]int), make(map[string][]int)
	for i, p := range d.parcels {
		d.parcelByNumber[p.Tracking] = i
	}
	for i, r := range d.refunds {
		d.refundsOf[r.Order] = append(d.refundsOf[r.Order], i)
	}
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
