// Package shoptest holds the conformance suite of shop.Shop: every
// implementation runs it, so that the robot may rely on the same manners
// whichever system it talks to.
package shoptest

import (
	"errors"
	"testing"

	"waggle/shop"
)

// Fixture names records of the shop under test that the suite may use up.
type Fixture struct {
	// Open gives a shop in its first state.
	Open func(t *testing.T) shop.Shop
	// Phone belongs to Customer.
	Phone, Customer string
	// Orders of any customer, one for each state that is named.
	ToPay, Paid, Shipped, Signed string
	// Large is a signed order whose total is above the refund limit.
	Large   string
	Product string
	// Words name the product in a sentence.
	Words string

	// Unpaid is an order without discounts; Changeable is a paid one whose
	// first line is to be had as Variant and not as Gone, which is sold out.
	Unpaid, Changeable, Variant, Gone string
	// Fallen is an order whose first line has become cheaper since, Refunding
	// one with an open refund of everything, Partial a signed one of several
	// lines of which some pieces went back.
	Fallen, Refunding, Partial string
	// Coupon may be claimed; SoldOut is a product without stock.
	Coupon, SoldOut string
	// Deposit is an unpaid presale whose deposit is paid.
	Deposit string
	// Kept is a signed order for which goodwill may be given, Hesitant a paid one
	// for which a coupon may; for Cheap nothing may.
	Kept, Hesitant, Cheap string
	// Other is another customer.
	Other string
}

// Run runs the suite.
func Run(t *testing.T, f Fixture) {
	t.Run("reading", f.reading)
	t.Run("what is not there", f.missing)
	t.Run("cancel", f.cancel)
	t.Run("address", f.address)
	t.Run("hurry", f.hurry)
	t.Run("refund", f.refund)
	t.Run("refund limits", f.limits)
	t.Run("invoice", f.invoice)
	t.Run("ticket", f.ticket)
	t.Run("modify", f.modify)
	t.Run("note for the courier", f.instruct)
	t.Run("price difference", f.difference)
	t.Run("refund of a part", f.partial)
	t.Run("withdraw a refund", f.withdraw)
	t.Run("retention", f.retention)
	t.Run("retention and refunds", f.retentionAndRefunds)
	t.Run("offers", f.offers)
	t.Run("coupons", f.coupons)
	t.Run("restock notice", f.restock)
	t.Run("ownership", f.ownership)
	t.Run("keys", f.keys)
	t.Run("one key at the same time", f.race)
}

func (f Fixture) reading(t *testing.T) {
	s, ctx := f.Open(t), t.Context()
	c, err := s.CustomerByPhone(ctx, f.Phone)
	if err != nil || c.ID != f.Customer {
		t.Fatalf("customer by phone: %+v, %v", c, err)
	}
	orders, err := s.OrdersOf(ctx, c.ID)
	if err != nil || len(orders) == 0 {
		t.Fatalf("orders: %v, %v", orders, err)
	}
	for i, o := range orders {
		if i > 0 && o.Created.After(orders[i-1].Created) {
			t.Errorf("order %s is newer than the one before it", o.ID)
		}
		again, err := s.Order(ctx, o.ID)
		if err != nil || again.ID != o.ID || again.Customer != c.ID {
			t.Errorf("order %s: %+v, %v", o.ID, again, err)
		}
	}
	o, err := s.Order(ctx, f.Shipped)
	if err != nil {
		t.Fatal(err)
	}
	if p, err := s.Parcel(ctx, o.Tracking); err != nil || p.Order != o.ID || len(p.Track) == 0 {
		t.Errorf("parcel of %s: %+v, %v", o.ID, p, err)
	}
	hits, err := s.Search(ctx, f.Words, 3)
	if err != nil || len(hits) == 0 || len(hits) > 3 || hits[0].ID != f.Product {
		t.Errorf("search %s: %v, %v", f.Words, hits, err)
	}
	if p, err := s.Policy(ctx); err != nil || p.RefundMax <= 0 || p.ReturnDays <= 0 {
		t.Errorf("policy: %+v, %v", p, err)
	}
	if _, err := s.Articles(ctx); err != nil {
		t.Errorf("articles: %v", err)
	}
}

func (f Fixture) missing(t *testing.T) {
	s, ctx := f.Open(t), t.Context()
	errs := map[string]error{}
	_, errs["order"] = s.Order(ctx, "nothing")
	_, errs["customer"] = s.Customer(ctx, "nobody")
	_, errs["phone"] = s.CustomerByPhone(ctx, "10000000000")
	_, errs["parcel"] = s.Parcel(ctx, "nothing")
	_, errs["product"] = s.Product(ctx, "nothing")
	_, errs["cancel"] = s.Cancel(ctx, "k", "nothing", "")
	_, errs["refund"] = s.OpenRefund(ctx, "k", shop.RefundRequest{Order: "nothing", Kind: shop.RefundOnly, Amount: 1})
	for what, err := range errs {
		if !errors.Is(err, shop.ErrNotFound) {
			t.Errorf("%s: %v, want ErrNotFound", what, err)
		}
	}
	if all, err := s.Search(ctx, " ", 2); err != nil || len(all) != 2 {
		t.Errorf("without words: %d products, %v, want the first 2", len(all), err)
	}
	if hits, err := s.Search(ctx, "§", 3); err != nil || len(hits) != 0 {
		t.Errorf("search for nothing: %v, %v", hits, err)
	}
}

func (f Fixture) cancel(t *testing.T) {
	s, ctx := f.Open(t), t.Context()
	for _, id := range []string{f.ToPay, f.Paid} {
		if o, err := s.Cancel(ctx, shop.Key("c-"+id), id, "changed my mind"); err != nil || o.State != shop.StateCancelled {
			t.Errorf("cancel %s: %s, %v", id, o.State, err)
		}
		if o, err := s.Order(ctx, id); err != nil || o.State != shop.StateCancelled {
			t.Errorf("%s afterwards: %s, %v", id, o.State, err)
		}
	}
	for _, id := range []string{f.Shipped, f.Signed, f.Deposit} {
		if _, err := s.Cancel(ctx, shop.Key("c-"+id), id, ""); !errors.Is(err, shop.ErrState) {
			t.Errorf("cancel %s: %v, want ErrState", id, err)
		}
	}
}

func (f Fixture) address(t *testing.T) {
	s, ctx := f.Open(t), t.Context()
	to := shop.Address{Name: "王芳", Phone: f.Phone, Province: "浙江省", City: "杭州市", District: "西湖区", Street: "文三路199号"}
	if o, err := s.ChangeAddress(ctx, "a1", f.Paid, to); err != nil || o.Address != to {
		t.Errorf("change: %+v, %v", o.Address, err)
	}
	if _, err := s.ChangeAddress(ctx, "a2", f.Shipped, to); !errors.Is(err, shop.ErrState) {
		t.Errorf("after shipping: %v, want ErrState", err)
	}
	if _, err := s.ChangeAddress(ctx, "a3", f.Paid, shop.Address{}); !errors.Is(err, shop.ErrInvalid) {
		t.Errorf("to nowhere: %v, want ErrInvalid", err)
	}
}

func (f Fixture) hurry(t *testing.T) {
	s, ctx := f.Open(t), t.Context()
	if o, err := s.Hurry(ctx, "h1", f.Paid); err != nil || o.Hurried.IsZero() {
		t.Errorf("hurry: %+v, %v", o, err)
	}
	if _, err := s.Hurry(ctx, "h2", f.Signed); !errors.Is(err, shop.ErrState) {
		t.Errorf("after signing: %v, want ErrState", err)
	}
}

func (f Fixture) refund(t *testing.T) {
	s, ctx := f.Open(t), t.Context()
	o, err := s.Order(ctx, f.Signed)
	if err != nil {
		t.Fatal(err)
	}
	q := shop.RefundRequest{Order: o.ID, Kind: shop.RefundReturn, Amount: o.Total, Reason: "does not fit"}
	r, err := s.OpenRefund(ctx, "r1", q)
	if err != nil || r.ID == "" || r.State != shop.RefundOpen || r.Amount != o.Total {
		t.Fatalf("refund: %+v, %v", r, err)
	}
	if o, err = s.Order(ctx, o.ID); err != nil || o.State != shop.StateRefunding {
		t.Errorf("order afterwards: %s, %v", o.State, err)
	}
	if all, err := s.RefundsOf(ctx, o.ID); err != nil || len(all) != 1 || all[0].ID != r.ID {
		t.Errorf("refunds: %+v, %v", all, err)
	}
	if _, err := s.OpenRefund(ctx, "r2", q); !errors.Is(err, shop.ErrState) {
		t.Errorf("twice: %v, want ErrState", err)
	}
}

func (f Fixture) limits(t *testing.T) {
	s, ctx := f.Open(t), t.Context()
	o, err := s.Order(ctx, f.Large)
	if err != nil {
		t.Fatal(err)
	}
	only := func(amount shop.Fen) shop.RefundRequest {
		return shop.RefundRequest{Order: o.ID, Kind: shop.RefundOnly, Amount: amount}
	}
	for name, c := range map[string]struct {
		amount shop.Fen
		want   error
	}{
		"above the limit": {o.Total, shop.ErrLimit}, "more than was paid": {o.Total + 1, shop.ErrInvalid},
		"nothing": {0, shop.ErrInvalid}, "less than nothing": {-1, shop.ErrInvalid},
	} {
		if _, err := s.OpenRefund(ctx, shop.Key(name), only(c.amount)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	if o, err := s.Order(ctx, o.ID); err != nil || o.State != shop.StateSigned {
		t.Errorf("a refused refund has changed the order: %s, %v", o.State, err)
	}
}

func (f Fixture) invoice(t *testing.T) {
	s, ctx := f.Open(t), t.Context()
	o, err := s.Order(ctx, f.Signed)
	if err != nil {
		t.Fatal(err)
	}
	if v, err := s.Invoice(ctx, "i1", shop.InvoiceRequest{Order: o.ID, Title: "个人"}); err != nil || v.Amount != o.Total || v.ID == "" {
		t.Errorf("invoice: %+v, %v", v, err)
	}
	if _, err := s.Invoice(ctx, "i2", shop.InvoiceRequest{Order: f.ToPay, Title: "个人"}); !errors.Is(err, shop.ErrState) {
		t.Errorf("before paying: %v, want ErrState", err)
	}
	if _, err := s.Invoice(ctx, "i3", shop.InvoiceRequest{Order: o.ID}); !errors.Is(err, shop.ErrInvalid) {
		t.Errorf("without a title: %v, want ErrInvalid", err)
	}
}

func (f Fixture) ticket(t *testing.T) {
	s, ctx := f.Open(t), t.Context()
	q := shop.TicketRequest{Kind: "complaint", Customer: f.Customer, Text: "slow"}
	k, err := s.OpenTicket(ctx, "t1", q)
	if err != nil || k.ID == "" || !k.Due.After(k.Opened) {
		t.Fatalf("ticket: %+v, %v", k, err)
	}
	if all, err := s.TicketsOf(ctx, f.Customer); err != nil || len(all) != 1 || all[0].ID != k.ID {
		t.Errorf("tickets: %+v, %v", all, err)
	}
	if _, err := s.OpenTicket(ctx, "t2", shop.TicketRequest{}); !errors.Is(err, shop.ErrInvalid) {
		t.Errorf("without a kind: %v, want ErrInvalid", err)
	}
}
