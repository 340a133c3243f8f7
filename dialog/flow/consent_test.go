package flow

import (
	"context"
	"strings"
	"testing"

	"waggle/dialog"
	"waggle/shop"
	"waggle/shop/demo"
)

// dearer is a shop in which an order may come to cost more.
type dearer struct {
	shop.Shop
	more shop.Fen
}

func (d *dearer) Order(ctx context.Context, id string) (shop.Order, error) {
	o, err := d.Shop.Order(ctx, id)
	o.Total += d.more
	return o, err
}

// desk opens a conversation of a customer over a shop.
func desk(t *testing.T, s shop.Shop, user string) func(string) dialog.Reply {
	t.Helper()
	engine, err := Open(t.Context(), dialog.Options{Shop: s})
	if err != nil {
		t.Fatal(err)
	}
	talk := dialog.NewConversations(engine, dialog.NewMemoryLog())
	id, _, err := talk.Start(t.Context(), dialog.Opening{User: user})
	if err != nil {
		t.Fatal(err)
	}
	return func(said string) dialog.Reply {
		r, err := talk.Next(t.Context(), id, dialog.Turn{Text: said})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
}

// backpack is an order of c05 that was not sent.
const backpack = "2667352095"

// A yes is to what was read back: when that has changed since, nothing is done
// before the new amount was read back and agreed to.
func TestAYesToAnotherAmountDoesNothing(t *testing.T) {
	s, err := demo.Open(demo.Options{})
	if err != nil {
		t.Fatal(err)
	}
	d := &dearer{Shop: s}
	say := desk(t, d, "c05")
	if r := say("取消双肩包的订单"); !strings.Contains(r.Text(), "189元") {
		t.Fatalf("read back %q", r.Text())
	}
	d.more = shop.Yuan(10)
	if r := say("确认"); !strings.Contains(r.Text(), "199元，确认吗") {
		t.Errorf("after the change it said %q", r.Text())
	}
	if o, _ := s.Order(t.Context(), backpack); o.State != shop.StatePaid {
		t.Fatalf("the order is %s", o.State)
	}
	if r := say("确认"); !strings.Contains(r.Text(), "已经取消") {
		t.Errorf("then it said %q", r.Text())
	}
}

// The policy is judged right before the write: what somebody else did since
// the read-back is not done again.
func TestWhatWasDoneMeanwhileIsNotDoneAgain(t *testing.T) {
	s, err := demo.Open(demo.Options{})
	if err != nil {
		t.Fatal(err)
	}
	say := desk(t, s, "c05")
	say("双肩包帮我催一下发货")
	if _, err := s.Hurry(t.Context(), "by somebody else", backpack); err != nil {
		t.Fatal(err)
	}
	if r := say("可以"); !strings.Contains(r.Text(), "催过了") {
		t.Errorf("it said %q", r.Text())
	}
}

// An order that a page or an event names is in focus when it is the caller's
// own, and left alone when it is not.
func TestAnEventOfTheShop(t *testing.T) {
	s, err := demo.Open(demo.Options{})
	if err != nil {
		t.Fatal(err)
	}
	engine, err := Open(t.Context(), dialog.Options{Shop: s})
	if err != nil {
		t.Fatal(err)
	}
	talk := dialog.NewConversations(engine, dialog.NewMemoryLog())
	orders, err := s.OrdersOf(t.Context(), "c13")
	if err != nil {
		t.Fatal(err)
	}
	var late string
	for _, o := range orders {
		if p, err := s.Parcel(t.Context(), o.Tracking); err == nil && p.State == shop.ParcelDelayed {
			late = o.ID
		}
	}
	for user, want := range map[string]string{"c13": "吹风机", "c01": ""} {
		id, _, err := talk.Start(t.Context(), dialog.Opening{User: user})
		if err != nil {
			t.Fatal(err)
		}
		r, err := talk.Next(t.Context(), id, dialog.Turn{Event: "parcel.delayed", Order: late})
		if err != nil || !strings.Contains(r.Text(), want) || want == "" && r.Text() != "" {
			t.Errorf("%s hears %q (%v)", user, r.Text(), err)
		}
	}
}

// A short question is the same as before, of something else; one that says
// what it asks is not.
func TestTheSameOfSomethingElse(t *testing.T) {
	s, err := demo.Open(demo.Options{})
	if err != nil {
		t.Fatal(err)
	}
	say := desk(t, s, "")
	for _, turn := range []struct{ said, want string }{
		{"茶壶多少钱", "268元"}, {"那花瓶呢", "花瓶现价128元"}, {"那容量呢", "花瓶"},
	} {
		if r := say(turn.said); !strings.Contains(r.Text(), turn.want) {
			t.Errorf("%s: %q, not %s", turn.said, r.Text(), turn.want)
		}
	}
}
