package flow

import (
	"context"

	"waggle/dialog"
	"waggle/dialog/nlu"
	"waggle/shop"
)

// refund finds out which way to the money is the right one: calling off,
// sending back, showing the damage, or waiting for what is under way.
func refund() dialog.Flow {
	return dialog.Flow{
		Name:    "refund",
		Intents: []nlu.Intent{nlu.Refund},
		Steps: []dialog.Step{
			whichOrder(inState(shop.StatePaid, shop.StateShipped, shop.StateDelivering, shop.StateSigned, shop.StateRefunding)),
			act(routeRefund),
		},
	}
}

func routeRefund(ctx context.Context, sc *dialog.Scene) error {
	o, err := focus(ctx, sc)
	if err != nil {
		return err
	}
	switch o.State {
	case shop.StateRefunding, shop.StateRefunded:
		sc.Then("refund-progress")
	case shop.StateToPay, shop.StatePaid:
		sc.Then("cancel")
	case shop.StateSigned:
		sc.Then("return")
	case shop.StateShipped, shop.StateDelivering:
		sc.Say(fromOrder(o), "您的%s还在路上，您可以直接拒收，我们收到后退款。", text(o.Name()))
	default:
		sayState(sc, o)
	}
	return nil
}

// refundProgress tells how a refund stands.
func refundProgress() dialog.Flow {
	return dialog.Flow{
		Name:    "refund-progress",
		Topic:   true,
		Intents: []nlu.Intent{nlu.RefundProgress},
		Steps: []dialog.Step{
			whichOrder(inState(shop.StateRefunding, shop.StateRefunded)),
			act(tellRefund),
		},
	}
}

func tellRefund(ctx context.Context, sc *dialog.Scene) error {
	o, err := focus(ctx, sc)
	if err != nil {
		return err
	}
	refunds, err := sc.Shop.RefundsOf(ctx, o.ID)
	if err != nil {
		return err
	}
	if len(refunds) == 0 {
		src := fromOrder(o)
		src.Facts = append(src.Facts, sc.Policy.RefundArrives)
		sc.Say(src, "您的%s没有退款记录，退款通过后%s到账。", text(o.Name()), text(sc.Policy.RefundArrives))
		return nil
	}
	r := refunds[len(refunds)-1]
	src := dialog.Source{Kind: "refund", ID: r.ID, Facts: []string{string(r.State), sc.Policy.RefundArrives}}
	switch {
	case r.State == shop.RefundDone:
		sc.Say(src, "您的%s%s已经退款%s，原路退回。", text(o.Name()), day(r.Done), money(r.Amount))
	case r.Kind == shop.RefundExchange:
		sc.Say(src, "您的%s%s申请了换货，正在处理。", text(o.Name()), day(r.Opened))
	case r.Kind == shop.RefundReturn:
		sc.Say(src, "您的%s%s申请了退款%s，我们收到退货后%s到账。", text(o.Name()), day(r.Opened), money(r.Amount), text(sc.Policy.RefundArrives))
	default:
		sc.Say(src, "您的%s%s申请了退款%s，正在处理，%s到账。", text(o.Name()), day(r.Opened), money(r.Amount), text(sc.Policy.RefundArrives))
	}
	return nil
}
