package flow

import (
	"context"
	"errors"
	"time"

	"waggle/dialog"
	"waggle/shop"
)

// The sources of sentences.

// fromOrder and fromParcel add where it stands, so that the guard can prove it.
func fromOrder(o shop.Order) dialog.Source {
	return dialog.Source{Kind: "order", ID: o.ID, Facts: []string{string(o.State)}}
}

func fromParcel(p shop.Parcel) dialog.Source {
	return dialog.Source{Kind: "parcel", ID: p.Tracking, Facts: []string{string(p.State)}}
}

func fromProduct(p shop.Product) dialog.Source { return dialog.Source{Kind: "product", ID: p.ID} }

// fromPolicy adds rules of the shop as facts, as they stand there.
func fromPolicy(rule string, facts ...string) dialog.Source {
	return dialog.Source{Kind: "policy", ID: rule, Facts: facts}
}

// The values that sentences speak.

func text(s string) dialog.Value      { return dialog.Text(s) }
func count(n int) dialog.Value        { return dialog.Count(n) }
func money(f shop.Fen) dialog.Value   { return dialog.Money(f) }
func digits(s string) dialog.Value    { return dialog.Digits(s) }
func day(t time.Time) dialog.Value    { return dialog.Day(t) }
func hourOf(t time.Time) dialog.Value { return dialog.Hour(t) }
func itself(f string) dialog.Source   { return dialog.FromFlow(f) }
func yesNo() dialog.Expect            { return dialog.Expect{Kind: dialog.ExpectYesNo} }
func number(lengths ...int) dialog.Expect {
	return dialog.Expect{Kind: dialog.ExpectDigits, Digits: lengths}
}
func oneOf(s ...string) dialog.Expect { return dialog.Expect{Phrases: s} }

// focus reads the order that the conversation is about.
func focus(ctx context.Context, sc *dialog.Scene) (shop.Order, error) {
	return sc.Shop.Order(ctx, sc.State.Order)
}

// parcelOf reads the parcel of an order; ok is false when it has none.
func parcelOf(ctx context.Context, sc *dialog.Scene, o shop.Order) (p shop.Parcel, ok bool, err error) {
	if o.Tracking == "" {
		return shop.Parcel{}, false, nil
	}
	p, err = sc.Shop.Parcel(ctx, o.Tracking)
	if errors.Is(err, shop.ErrNotFound) {
		return shop.Parcel{}, false, nil
	}
	return p, err == nil, err
}
