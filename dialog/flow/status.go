package flow

import (
	"context"
	"strings"

	"waggle/dialog"
	"waggle/dialog/nlu"
	"waggle/shop"
)

// orderStatus tells how an order stands.
func orderStatus() dialog.Flow {
	return dialog.Flow{
		Name:    "order-status",
		Topic:   true,
		Intents: []nlu.Intent{nlu.OrderStatus},
		Steps: []dialog.Step{
			identified,
			listOrders,
			whichOrder(inState(shop.StateToPay, shop.StatePaid, shop.StateShipped, shop.StateDelivering, shop.StateRefunding)),
			tellStatus,
		},
	}
}

// identified makes sure that the caller is known.
func identified(ctx context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
	if sc.State.Caller.Known {
		return dialog.Continue, nil
	}
	return prove(ctx, sc)
}

// listOrders answers which orders there are, and ends the flow with that.
func listOrders(ctx context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
	if !sounds(sc.Clause.Text, []string{"哪些订单", "订单有哪些", "几个订单", "列一下", "买过什么", "买了什么", "所有订单", "购买记录", "哪几笔"}) {
		return dialog.Continue, nil
	}
	orders, err := sc.Shop.OrdersOf(ctx, sc.State.Caller.Customer)
	if err != nil {
		return dialog.Finish, err
	}
	src := dialog.Source{Kind: "order", ID: sc.State.Caller.Customer}
	var parts []string
	for _, o := range offered(orders) {
		parts = append(parts, o.Name()+stateWord(o.State))
		sc.Card(orderCard(o))
	}
	sc.Say(src, "您有%s个订单，最近的是%s。", count(len(orders)), text(strings.Join(parts, "、")))
	return dialog.Finish, nil
}

func tellStatus(ctx context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
	o, err := focus(ctx, sc)
	if err != nil {
		return dialog.Finish, err
	}
	if sounds(sc.Clause.Text, []string{"订单号"}) {
		sc.Say(fromOrder(o), "您的%s，订单号是%s。", text(o.Name()), digits(o.ID))
		return dialog.Continue, nil
	}
	if inState(shop.StateShipped, shop.StateDelivering)(o) {
		return tellParcel(ctx, sc)
	}
	sayState(sc, o)
	sc.Card(orderCard(o))
	return dialog.Continue, nil
}

// sayState says in one sentence how an order stands that is not on its way.
func sayState(sc *dialog.Scene, o shop.Order) {
	src, name := fromOrder(o), text(o.Name())
	switch o.State {
	case shop.StateToPay:
		sc.Say(src, "您的%s还没有付款，一共%s。", name, money(o.Total))
	case shop.StatePaid:
		if sc.Now().After(o.ShipBy) {
			sc.Say(src, "您的%s本来应该%s前发货，晚了，真不好意思，我可以帮您催。", name, hourOf(o.ShipBy))
			return
		}
		sc.Say(src, "您的%s已经付款，正在备货，最晚%s前发出。", name, hourOf(o.ShipBy))
	case shop.StateShipped, shop.StateDelivering:
		sc.Say(src, "您的%s%s已经发货，在路上了。", name, day(o.Shipped))
	case shop.StateSigned:
		sc.Say(src, "您的%s%s已经签收了。", name, day(o.Signed))
	case shop.StateRefunding:
		sc.Say(src, "您的%s正在退款，金额%s。", name, money(o.Total))
	case shop.StateRefunded:
		sc.Say(src, "您的%s已经退款%s。", name, money(o.Total))
	case shop.StateCancelled:
		sc.Say(src, "您的%s订单已经取消了。", name)
	case shop.StateClosed:
		sc.Say(src, "您的%s订单已经完成了。", name)
	}
}

// stateWord names a state on a card.
func stateWord(s shop.OrderState) string {
	return map[shop.OrderState]string{
		shop.StateToPay: "待付款", shop.StatePaid: "待发货", shop.StateShipped: "运输中", shop.StateDelivering: "派送中",
		shop.StateSigned: "已签收", shop.StateRefunding: "退款中", shop.StateRefunded: "已退款",
		shop.StateCancelled: "已取消", shop.StateClosed: "已完成",
	}[s]
}
