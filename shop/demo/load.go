package demo

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"sync"

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
