package rehearse

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"sort"
	"strconv"
	"time"

	"waggle/shop"
)

// Snapshot is every record of the demo shop, by a key like "order 2667352095".
// Two of them tell all that a conversation has changed, also what nobody
// thought of looking at.
type Snapshot struct {
	records map[string]any
	people  []shop.Customer
	orders  []shop.Order
}

// catalogueMost is above the number of products of the demo shop.
const catalogueMost = 100_000

// Photograph reads every record of the demo shop.
func Photograph(ctx context.Context, s shop.Shop) (*Snapshot, error) {
	p := &Snapshot{records: make(map[string]any)}
	products, err := s.Search(ctx, "", catalogueMost)
	if err != nil {
		return nil, err
	}
	for _, x := range products {
		p.records["product "+x.ID] = x
	}
	if err := p.customers(ctx, s); err != nil {
		return nil, err
	}
	return p, errors.Join(p.held(ctx, s, ""), p.requested(ctx, s, ""))
}

// customers walks over the numbers that the demo shop gives to its customers.
func (p *Snapshot) customers(ctx context.Context, s shop.Shop) error {
	for i := 1; ; i++ {
		c, err := s.CustomerByPhone(ctx, fmt.Sprintf("138%08d", i))
		if errors.Is(err, shop.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		p.people = append(p.people, c)
		p.records["customer "+c.ID] = c
		if err := errors.Join(p.bought(ctx, s, c.ID), p.held(ctx, s, c.ID), p.requested(ctx, s, c.ID)); err != nil {
			return err
		}
	}
}

// bought takes up a customer's orders with their refunds.
func (p *Snapshot) bought(ctx context.Context, s shop.Shop, customer string) error {
	orders, err := s.OrdersOf(ctx, customer)
	if err != nil {
		return err
	}
	for _, o := range orders {
		p.orders = append(p.orders, o)
		p.records["order "+o.ID] = o
		refunds, err := s.RefundsOf(ctx, o.ID)
		if err != nil {
			return err
		}
		for _, r := range refunds {
			p.records["refund "+r.ID] = r
		}
	}
	return nil
}

// held takes up a customer's coupons, or those of nobody.
func (p *Snapshot) held(ctx context.Context, s shop.Shop, customer string) error {
	coupons, err := s.Coupons(ctx, customer)
	for _, c := range coupons {
		p.records["coupon "+c.ID] = c
	}
	return err
}

// requested takes up a customer's tickets and restock notices, or those of
// nobody.
func (p *Snapshot) requested(ctx context.Context, s shop.Shop, customer string) error {
	tickets, err := s.TicketsOf(ctx, customer)
	for _, t := range tickets {
		p.records["ticket "+t.ID] = t
	}
	notices, err2 := s.NoticesOf(ctx, customer)
	for _, n := range notices {
		p.records["notice "+n.ID] = n
	}
	return errors.Join(err, err2)
}

// Changes lists what is different afterwards: "order 2667352095 state" with
// the new value, "new refund of 2640580210" with what it is.
func (p *Snapshot) Changes(after *Snapshot) map[string]string {
	out := make(map[string]string)
	var fresh []string
	for key, now := range after.records {
		was, known := p.records[key]
		switch {
		case !known:
			fresh = append(fresh, key)
		case !reflect.DeepEqual(was, now):
			fieldChanges(out, key, flat(was), flat(now))
		}
	}
	for key := range p.records {
		if _, kept := after.records[key]; !kept {
			out[key] = "gone"
		}
	}
	sort.Strings(fresh)
	for _, key := range fresh {
		label, value := after.describe(key)
		add(out, label, value)
	}
	return out
}

// add counts records of one kind: "new ticket of c03", "new ticket of c03 2".
func add(out map[string]string, label, value string) {
	name := label
	for n := 2; ; n++ {
		if _, taken := out[name]; !taken {
			out[name] = value
			return
		}
		name = label + " " + strconv.Itoa(n)
	}
}

// describe says what a new record is.
func (p *Snapshot) describe(key string) (label, value string) {
	switch x := p.records[key].(type) {
	case shop.Refund:
		return "new refund of " + x.Order, string(x.Kind) + " " + x.Amount.String() + p.pieces(x.RefundRequest) + unlessOpen(x.State)
	case shop.Ticket:
		value = x.Kind
		if x.Order != "" {
			value += " " + x.Order
		}
		return "new ticket of " + orNobody(x.Customer), value
	case shop.Coupon:
		return "new coupon of " + orNobody(x.Customer), x.Name
	case shop.RestockNotice:
		value = x.Product
		if x.Variant != "" {
			value += " " + x.Variant
		}
		return "new notice of " + orNobody(x.Customer), value
	}
	return "new " + key, "there"
}

func orNobody(customer string) string {
	if customer == "" {
		return "nobody"
	}
	return customer
}

// pieces writes which part of an order a refund is about; nothing when it is
// about all of it.
func (p *Snapshot) pieces(r shop.RefundRequest) string {
	o, ok := p.records["order "+r.Order].(shop.Order)
	if !ok || len(r.Lines) == 0 {
		return ""
	}
	left := 0
	for _, l := range o.Lines {
		left += l.Count
	}
	var text string
	for _, l := range r.Lines {
		if l.Line < 0 || l.Line >= len(o.Lines) {
			return " of a line that is not there"
		}
		left -= l.Count
		text += fmt.Sprintf(", %d %s", l.Count, o.Lines[l.Line].Name)
	}
	if left <= 0 {
		return ""
	}
	return text
}

// flat writes the fields of a record as text by their path: "address.city".
func flat(record any) map[string]string {
	raw, err := json.Marshal(record)
	if err != nil {
		return map[string]string{"": err.Error()}
	}
	var tree any
	if err := json.Unmarshal(raw, &tree); err != nil {
		return map[string]string{"": err.Error()}
	}
	out := make(map[string]string)
	walk(out, "", tree)
	return out
}

func walk(out map[string]string, path string, tree any) {
	switch v := tree.(type) {
	case map[string]any:
		for name, x := range v {
			walk(out, join(path, name), x)
		}
	case []any:
		for i, x := range v {
			walk(out, join(path, strconv.Itoa(i)), x)
		}
	default:
		out[path] = fmt.Sprint(v)
	}
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// fieldChanges writes the fields that differ; of a time only that it was set.
func fieldChanges(out map[string]string, key string, was, now map[string]string) {
	for name, v := range now {
		if was[name] == v {
			continue
		}
		if _, err := time.Parse(time.RFC3339, v); err == nil {
			v = "set"
		}
		out[key+" "+name] = v
	}
	for name := range was {
		if _, kept := now[name]; !kept {
			out[key+" "+name] = "gone"
		}
	}
}

// unlessOpen names the state of a refund that is not open any more.
func unlessOpen(s shop.RefundState) string {
	if s == shop.RefundOpen {
		return ""
	}
	return " " + string(s)
}
