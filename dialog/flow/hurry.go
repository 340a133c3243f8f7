package flow

import (
	"context"
	"time"

	"waggle/dialog"
	"waggle/dialog/nlu"
	"waggle/shop"
)

// hurry presses the warehouse or the courier.
func hurry() dialog.Flow {
	open := inState(shop.StatePaid, shop.StateShipped, shop.StateDelivering)
	return dialog.Flow{
		Name:    "hurry",
		Intents: []nlu.Intent{nlu.Hurry},
		Steps: []dialog.Step{
			whichOrder(open),
			check(func(ctx context.Context, sc *dialog.Scene) (bool, error) { return canHurry(ctx, sc, open) }),
			confirm(readHurry, nil),
			act(doHurry),
		},
	}
}

// hurryAgain is how long after one press another one makes no difference.
const hurryAgain = 12 * time.Hour

func canHurry(ctx context.Context, sc *dialog.Scene, open fits) (bool, error) {
	o, err := focus(ctx, sc)
	if err != nil {
		return false, err
	}
	if !open(o) {
		sayState(sc, o)
		return false, nil
	}
	if !o.Hurried.IsZero() && sc.Now().Sub(o.Hurried) < hurryAgain {
		sc.Say(fromOrder(o), "您的%s%s已经催过了，正在加紧处理。", text(o.Name()), day(o.Hurried))
		return false, nil
	}
	return true, nil
}

func readHurry(ctx context.Context, sc *dialog.Scene) error {
	o, err := focus(ctx, sc)
	if err != nil {
		return err
	}
	who := "快递尽快派送"
	if o.State == shop.StatePaid {
		who = "仓库尽快发货"
	}
	sc.Ask(yesNo(), fromOrder(o), "我帮您的%s催%s，可以吗？", text(o.Name()), text(who))
	return nil
}

func doHurry(ctx context.Context, sc *dialog.Scene) error {
	o, err := sc.Shop.Hurry(ctx, sc.Key("hurry"), sc.State.Order)
	if err != nil {
		return err
	}
	if o.State == shop.StatePaid && sc.Now().Before(o.ShipBy) {
		sc.Say(fromOrder(o), "已经帮您催仓库了，最晚%s前发出。", hourOf(o.ShipBy))
		return nil
	}
	sc.Say(fromOrder(o), "已经帮您催了，%s会优先处理。", text(o.Name()))
	return nil
}
