package flow

import (
	"context"

	"waggle/dialog"
	"waggle/dialog/nlu"
	"waggle/shop"
)

// parcel tells where the goods are and when they come.
func parcel() dialog.Flow {
	return dialog.Flow{
		Name:    "parcel",
		Topic:   true,
		Intents: []nlu.Intent{nlu.Parcel, nlu.NotReceived},
		Steps:   []dialog.Step{whichOrder(inState(shop.StateShipped, shop.StateDelivering)), tellParcel},
	}
}

func tellParcel(ctx context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
	o, err := focus(ctx, sc)
	if err != nil {
		return dialog.Finish, err
	}
	p, ok, err := parcelOf(ctx, sc, o)
	if err != nil {
		return dialog.Finish, err
	}
	if !ok || o.State == shop.StateRefunding || o.State == shop.StateRefunded {
		sayState(sc, o)
		return dialog.Continue, nil
	}
	sayParcel(sc, o, p)
	sc.Card(parcelCard(o, p))
	return dialog.Continue, nil
}

// sayParcel says in one sentence what matters most about the parcel.
func sayParcel(sc *dialog.Scene, o shop.Order, p shop.Parcel) {
	src, name := fromParcel(p), text(o.Name())
	last, ok := p.Last()
	switch {
	case !ok:
		sc.Say(src, "您的%s已交给%s，还没有物流信息。", name, text(p.Courier))
	case p.State == shop.ParcelSigned:
		sc.Say(src, "您的%s%s已经签收了。", name, hourOf(last.At))
		sc.Detail(src, "没有收到的话，可以看看家门口或者驿站，也可以让我转人工核实。")
	case p.State == shop.ParcelLocker:
		sc.Say(src, "您的%s%s，取件码是%s。", name, text(last.Text), digits(p.Pickup))
	case p.State == shop.ParcelDelayed:
		sc.Say(src, "您的%s%s，给您添麻烦了，预计%s送到。", name, text(last.Text), hourOf(p.Due))
	case p.State == shop.ParcelDelivering:
		sc.Say(src, "您的%s正在派送，%s，预计%s前送到。", name, text(last.Text), hourOf(p.Due))
	case p.Due.IsZero():
		sc.Say(src, "您的%s%s%s。", name, hourOf(last.At), text(last.Text))
	default:
		sc.Say(src, "您的%s%s%s，预计%s送到。", name, hourOf(last.At), text(last.Text), hourOf(p.Due))
	}
	if p.State != shop.ParcelSigned {
		sc.Detail(src, "%s，单号尾号%s。", text(p.Courier), digits(p.Tail()))
	}
}

func parcelCard(o shop.Order, p shop.Parcel) dialog.Card {
	c := dialog.Card{Kind: "parcel", Title: o.Name(), Fields: map[string]string{"快递": p.Courier, "单号": p.Tracking}}
	if last, ok := p.Last(); ok {
		c.Fields["最新"] = last.At.Format("01-02 15:04 ") + last.Text
	}
	return c
}
