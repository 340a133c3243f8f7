package shoptest

import (
	"errors"
	"strings"
	"testing"

	"waggle/shop"
	"waggle/shop/offer"
)

func (f Fixture) modify(t *testing.T) {
	s, ctx := f.Open(t), t.Context()
	o, err := s.Modify(ctx, "m1", f.Changeable, shop.Modification{Variant: f.Variant})
	if err != nil || o.Lines[0].Variant != f.Variant {
		t.Fatalf("another variant: %+v, %v", o, err)
	}
	if again, err := s.Order(ctx, f.Changeable); err != nil || again.Lines[0].Variant != f.Variant || again.Total != o.Total {
		t.Errorf("afterwards: %+v, %v", again, err)
	}
	if o, err = s.Order(ctx, f.Unpaid); err != nil {
		t.Fatal(err)
	}
	more := o.Lines[0].Count + 1
	if o, err = s.Modify(ctx, "m2", f.Unpaid, shop.Modification{Count: more}); err != nil || o.Lines[0].Count != more {
		t.Errorf("another count: %+v, %v", o, err)
	}
	if _, err := offer.Paid(o); err != nil {
		t.Errorf("the new total: %v", err)
	}
	for name, c := range map[string]struct {
		order string
		m     shop.Modification
		want  error
	}{
		"sold out":         {f.Changeable, shop.Modification{Variant: f.Gone}, shop.ErrStock},
		"never sold":       {f.Changeable, shop.Modification{Variant: "没有的颜色"}, shop.ErrInvalid},
		"no such line":     {f.Changeable, shop.Modification{Line: 99, Variant: f.Variant}, shop.ErrInvalid},
		"line before zero": {f.Changeable, shop.Modification{Line: -1, Variant: f.Variant}, shop.ErrInvalid},
		"nothing":          {f.Changeable, shop.Modification{}, shop.ErrInvalid},
		"count below zero": {f.Unpaid, shop.Modification{Count: -1}, shop.ErrInvalid},
		"count of a paid":  {f.Changeable, shop.Modification{Count: 7}, shop.ErrState},
		"after shipping":   {f.Shipped, shop.Modification{Count: 2}, shop.ErrState},
		"no such order":    {"nothing", shop.Modification{Count: 2}, shop.ErrNotFound},
	} {
		if _, err := s.Modify(ctx, shop.Key(name), c.order, c.m); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func (f Fixture) instruct(t *testing.T) {
	s, ctx := f.Open(t), t.Context()
	const note = "请放前台，送之前打电话"
	if o, err := s.Instruct(ctx, "n1", f.Shipped, note); err != nil || o.Note != note {
		t.Errorf("note: %q, %v", o.Note, err)
	}
	if o, err := s.Order(ctx, f.Shipped); err != nil || o.Note != note || o.State != shop.StateShipped {
		t.Errorf("afterwards: %+v, %v", o, err)
	}
	if _, err := s.Instruct(ctx, "n2", f.Signed, note); !errors.Is(err, shop.ErrState) {
		t.Errorf("after signing: %v, want ErrState", err)
	}
	for _, bad := range []string{"", " ", strings.Repeat("长", 101)} {
		if _, err := s.Instruct(ctx, "n3", f.Shipped, bad); !errors.Is(err, shop.ErrInvalid) {
			t.Errorf("a note of %d bytes: %v, want ErrInvalid", len(bad), err)
		}
	}
}

// worth is what price protection gives for the first line.
func (f Fixture) worth(t *testing.T, s shop.Shop) (shop.Order, shop.Fen) {
	t.Helper()
	o, err := s.Order(t.Context(), f.Fallen)
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.Product(t.Context(), o.Lines[0].Product)
	if err != nil {
		t.Fatal(err)
	}
	paid, err := offer.Paid(o)
	if err != nil {
		t.Fatal(err)
	}
	return o, paid[0] - p.Price*shop.Fen(o.Lines[0].Count)
}

func (f Fixture) difference(t *testing.T) {
	s, ctx := f.Open(t), t.Context()
	o, worth := f.worth(t, s)
	q := shop.RefundRequest{Order: o.ID, Kind: shop.RefundDifference, Amount: worth, Reason: "价保", Lines: []shop.RefundLine{{Count: o.Lines[0].Count}}}
	over := q
	over.Amount++
	if _, err := s.OpenRefund(ctx, "d1", over); !errors.Is(err, shop.ErrInvalid) {
		t.Errorf("a fen too much: %v, want ErrInvalid", err)
	}
	r, err := s.OpenRefund(ctx, "d2", q)
	if err != nil || r.Amount != worth || r.Kind != shop.RefundDifference {
		t.Fatalf("difference: %+v, %v", r, err)
	}
	if after, err := s.Order(ctx, o.ID); err != nil || after.State != o.State {
		t.Errorf("the order is %s after a price difference, %v", after.State, err)
	}
	if _, err := s.OpenRefund(ctx, "d3", q); !errors.Is(err, shop.ErrInvalid) {
		t.Errorf("the same difference twice: %v, want ErrInvalid", err)
	}
	q.Order = f.Signed
	if _, err := s.OpenRefund(ctx, "d4", q); !errors.Is(err, shop.ErrInvalid) {
		t.Errorf("where nothing has fallen: %v, want ErrInvalid", err)
	}
}

// partial gives every piece of an order back, one after the other: all of it
// together must come to what was paid, and not a fen more.
func (f Fixture) partial(t *testing.T) {
	s, ctx := f.Open(t), t.Context()
	o, err := s.Order(ctx, f.Partial)
	if err != nil {
		t.Fatal(err)
	}
	refunds, err := s.RefundsOf(ctx, o.ID)
	if err != nil || len(refunds) == 0 {
		t.Fatalf("refunds of before: %v, %v", refunds, err)
	}
	var back shop.Fen
	for _, r := range refunds {
		back += r.Amount
	}
	for line, l := range o.Lines {
		for range l.Count {
			back += f.giveBack(t, s, o, line)
		}
	}
	if back != o.Total-o.Shipping {
		t.Errorf("%s went back of %s", back, o.Total-o.Shipping)
	}
	if o, err = s.Order(ctx, o.ID); err != nil || o.State != shop.StateSigned {
		t.Errorf("the order is %s, %v", o.State, err)
	}
}

// giveBack returns one piece of a line, if one is left.
func (f Fixture) giveBack(t *testing.T, s shop.Shop, o shop.Order, line int) shop.Fen {
	t.Helper()
	before, err := s.RefundsOf(t.Context(), o.ID)
	if err != nil {
		t.Fatal(err)
	}
	piece := []shop.RefundLine{{Line: line, Count: 1}}
	worth, err := offer.Refund(o, piece, before)
	if errors.Is(err, offer.ErrNothing) {
		q := shop.RefundRequest{Order: o.ID, Kind: shop.RefundReturn, Amount: 1, Lines: piece}
		if _, err := s.OpenRefund(t.Context(), shop.Key("none-left"), q); !errors.Is(err, shop.ErrInvalid) {
			t.Errorf("a piece that went back before: %v, want ErrInvalid", err)
		}
		return 0
	}
	if err != nil {
		t.Fatal(err)
	}
	key := shop.Key("p" + string(rune('a'+len(before))))
	q := shop.RefundRequest{Order: o.ID, Kind: shop.RefundReturn, Amount: worth.Amount + 1, Lines: piece}
	if _, err := s.OpenRefund(t.Context(), key+"!", q); !errors.Is(err, shop.ErrInvalid) {
		t.Errorf("a fen too much for line %d: %v, want ErrInvalid", line, err)
	}
	q.Amount--
	r, err := s.OpenRefund(t.Context(), key, q)
	if err != nil {
		t.Fatalf("line %d: %v", line, err)
	}
	return r.Amount
}

func (f Fixture) withdraw(t *testing.T) {
	s, ctx := f.Open(t), t.Context()
	refunds, err := s.RefundsOf(ctx, f.Refunding)
	if err != nil || len(refunds) != 1 {
		t.Fatalf("refunds: %+v, %v", refunds, err)
	}
	r, err := s.WithdrawRefund(ctx, "w1", refunds[0].ID)
	if err != nil || r.State != shop.RefundWithdrawn || r.ID != refunds[0].ID {
		t.Fatalf("withdraw: %+v, %v", r, err)
	}
	o, err := s.Order(ctx, f.Refunding)
	if err != nil || o.State == shop.StateRefunding {
		t.Errorf("the order afterwards: %s, %v", o.State, err)
	}
	if again, err := s.WithdrawRefund(ctx, "w1", r.ID); err != nil || again.State != shop.RefundWithdrawn {
		t.Errorf("the same write again: %+v, %v", again, err)
	}
	if _, err := s.WithdrawRefund(ctx, "w2", r.ID); !errors.Is(err, shop.ErrState) {
		t.Errorf("twice: %v, want ErrState", err)
	}
	if _, err := s.WithdrawRefund(ctx, "w3", "nothing"); !errors.Is(err, shop.ErrNotFound) {
		t.Errorf("no such refund: %v, want ErrNotFound", err)
	}
	// What was withdrawn can be asked for again, and withdrawn again.
	r, err = s.OpenRefund(ctx, "w4", shop.RefundRequest{Order: o.ID, Kind: shop.RefundReturn, Amount: o.Total, Reason: "again"})
	if err != nil {
		t.Fatalf("after withdrawing: %v", err)
	}
	if _, err := s.WithdrawRefund(ctx, "w5", r.ID); err != nil {
		t.Errorf("the second one: %v", err)
	}
	if after, err := s.Order(ctx, o.ID); err != nil || after.State != o.State {
		t.Errorf("the order is %s, was %s, %v", after.State, o.State, err)
	}
}
