package flow

import (
	"context"

	"waggle/dialog"
	"waggle/dialog/nlu"
	"waggle/shop"
)

// cancelOrder calls off an order that has not left the house.
func cancelOrder() dialog.Flow {
	return dialog.Flow{
		Name:    "cancel",
		Intents: []nlu.Intent{nlu.CancelOrder},
		Steps: []dialog.Step{
			whichOrder(inState(shop.StateToPay, shop.StatePaid)),
			check(canCancel),
			confirm(readCancel, nil),
			act(doCancel),
		},
	}
}

func canCancel(ctx context.Context, sc *dialog.Scene) (bool, error) {
	o, err := focus(ctx, sc)
	if err != nil {
		return false, err
	}
	switch o.State {
	case shop.StateToPay, shop.StatePaid:
		return true, nil
	case shop.StateShipped, shop.StateDelivering:
		sc.Say(fromOrder(o), "您的%s已经发货，取消不了，您可以拒收，或者收到后再退货。", text(o.Name()))
	case shop.StateSigned:
		sc.Say(fromOrder(o), "您的%s已经签收，不想要的话可以退货。", text(o.Name()))
	default:
		sayState(sc, o)
	}
	return false, nil
}

func readCancel(ctx context.Context, sc *dialog.Scene) error {
	o, err := focus(ctx, sc)
	if err != nil {
		return err
	}
	sc.Ask(yesNo(), fromOrder(o), "取消%s的订单，金额%s，确认吗？", text(o.Name()), money(o.Total))
	return nil
}

func doCancel(ctx context.Context, sc *dialog.Scene) error {
	before, err := focus(ctx, sc)
	if err != nil {
		return err
	}
	o, err := sc.Shop.Cancel(ctx, sc.Key("cancel"), before.ID, sc.Turn.Text)
	if err != nil {
		return err
	}
	if before.Paid.IsZero() {
		sc.Say(fromOrder(o), "%s的订单已经取消了。", text(o.Name()))
		return nil
	}
	src := fromOrder(o)
	src.Facts = append(src.Facts, sc.Policy.RefundArrives)
	sc.Say(src, "%s的订单已经取消，%s会在%s原路退回。", text(o.Name()), money(o.Total), text(sc.Policy.RefundArrives))
	return nil
}
