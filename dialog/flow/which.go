package flow

import (
	"context"
	"strconv"
	"strings"

	"waggle/dialog"
	"waggle/dialog/nlu"
	"waggle/shop"
)

// fits tells whether an order is one that a flow is likely to be about.
type fits func(shop.Order) bool

// inState makes a fits of states.
func inState(states ...shop.OrderState) fits {
	return func(o shop.Order) bool {
		for _, s := range states {
			if o.State == s {
				return true
			}
		}
		return false
	}
}

// whichOrder puts the order that is meant in focus: the one that was named,
// the one in focus already, the only one that fits, or the one that the
// caller picks of a few. Callers who are not known prove that it is theirs.
func whichOrder(likely fits) dialog.Step {
	return func(ctx context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
		if !sc.State.Caller.Known {
			if v, err := prove(ctx, sc); v != dialog.Continue || err != nil {
				return v, err
			}
		}
		if about := sc.Slot(aboutOrder); about != "" && about == sc.State.Order {
			return dialog.Continue, nil
		}
		orders, err := sc.Shop.OrdersOf(ctx, sc.State.Caller.Customer)
		if err != nil {
			return dialog.Finish, err
		}
		if len(orders) == 0 {
			sc.Say(itself("which-order"), "没有查到您名下的订单。")
			sc.State.Caller.Known = false
			return dialog.Finish, nil
		}
		if o, ok := named(ctx, sc, orders, likely); ok {
			sc.State.Order = o.ID
			return dialog.Continue, nil
		}
		if foreign(ctx, sc, orders) {
			sc.Say(itself("which-order"), "这个订单不在您的名下，我不能查，请用下单的手机号打过来。")
			return dialog.Finish, nil
		}
		return choose(ctx, sc, orders, likely)
	}
}

// choose settles on an order when none was named.
func choose(ctx context.Context, sc *dialog.Scene, orders []shop.Order, likely fits) (dialog.Verdict, error) {
	for _, o := range orders {
		if o.ID == sc.State.Order && likely(o) {
			return dialog.Continue, nil
		}
	}
	var open []shop.Order
	for _, o := range orders {
		if likely(o) {
			open = append(open, o)
		}
	}
	switch {
	case len(open) == 1:
		sc.State.Order = open[0].ID
		return dialog.Continue, nil
	case len(open) == 0 && sc.State.Order == "":
		sc.State.Order = orders[0].ID
		return dialog.Continue, nil
	case len(open) == 0:
		return dialog.Continue, nil
	}
	if sc.Answering {
		if all(sc) {
			oneByOne(sc, offered(open))
			return dialog.Continue, nil
		}
		for _, in := range []naming{mentioned, hinted} {
			if hits := mentions(ctx, sc, offered(open), in); len(hits) == 1 {
				sc.State.Order = hits[0].ID
				return dialog.Continue, nil
			}
		}
		if o, ok := picked(sc, offered(open)); ok {
			sc.State.Order = o.ID
			return dialog.Continue, nil
		}
		return dialog.Unanswered, nil
	}
	offer(sc, offered(open))
	return dialog.Wait, nil
}

// all tells that the caller wants to hear of every order that was offered.
// Only what is told may be told of all; what is done is done one by one.
func all(sc *dialog.Scene) bool {
	tells := sc.Flow() == "parcel" || sc.Flow() == "order-status"
	return tells && sounds(sc.Heard.Text, []string{"都查", "都要", "都看", "全部", "两个都", "都说", "都想", "所有"})
}

// oneByOne puts the first order in focus and the others in line.
func oneByOne(sc *dialog.Scene, orders []shop.Order) {
	sc.State.Order = orders[0].ID
	for i := len(orders) - 1; i > 0; i-- {
		sc.ThenAbout(sc.Flow(), orders[i].ID)
	}
}

// mostChoices is how many things an ear can choose from.
const mostChoices = 3

func offered(orders []shop.Order) []shop.Order { return orders[:min(len(orders), mostChoices)] }

// offer asks which of the orders is meant.
func offer(sc *dialog.Scene, orders []shop.Order) {
	src := dialog.Source{Kind: "order", ID: orders[0].ID}
	sc.State.ShownOrders = nil
	for _, o := range orders {
		sc.State.ShownOrders = append(sc.State.ShownOrders, o.ID)
	}
	var names []string
	for _, o := range orders {
		names = append(names, o.Name())
		src.Facts = append(src.Facts, o.ID)
		sc.Card(orderCard(o))
	}
	if repeats(names) {
		for i, o := range orders {
			names[i] += "尾号" + dialog.Digits(o.Tail()).Spoken(sc.Manner)
		}
	}
	list := strings.Join(names[:len(names)-1], "、") + "，还是" + names[len(names)-1]
	sc.Ask(oneOf(names...), src, "您有%s个订单，是%s？", count(len(orders)), text(list))
}

func repeats(names []string) bool {
	seen := make(map[string]bool)
	for _, n := range names {
		if seen[n] {
			return true
		}
		seen[n] = true
	}
	return false
}

// picked reads which of the offered orders was chosen.
func picked(sc *dialog.Scene, orders []shop.Order) (shop.Order, bool) {
	if e, ok := sc.Heard.Entity(nlu.Ordinal); ok {
		n, _ := strconv.Atoi(e.Value)
		if n == -1 {
			n = len(orders)
		}
		if n >= 1 && n <= len(orders) {
			return orders[n-1], true
		}
	}
	if key := sc.Turn.DTMF; len(key) == 1 {
		if n, _ := strconv.Atoi(key); n >= 1 && n <= len(orders) {
			return orders[n-1], true
		}
	}
	return shop.Order{}, false
}

func orderCard(o shop.Order) dialog.Card {
	return dialog.Card{Kind: "order", Title: o.Name(), Image: "/v1/products/" + o.Lines[0].Product + "/image",
		Fields: map[string]string{"订单号": o.ID, "状态": stateWord(o.State), "金额": o.Total.String() + "元"}}
}
