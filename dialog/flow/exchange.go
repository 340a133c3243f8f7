package flow

import (
	"context"
	"strings"

	"waggle/dialog"
	"waggle/dialog/nlu"
	"waggle/shop"
)

// exchange swaps goods for another size, another colour or a sound piece.
func exchange() dialog.Flow {
	return dialog.Flow{
		Name:    "exchange",
		Intents: []nlu.Intent{nlu.Exchange},
		Steps: []dialog.Step{
			whichOrder(inState(shop.StateSigned)),
			check(canReturn),
			ask("want", askWant, readWant),
			confirm(readExchange, func(sc *dialog.Scene) bool {
				if w := readWant(sc); w != "" && w != sc.Slot("want") {
					sc.Set("want", w)
					return true
				}
				return false
			}),
			act(doExchange),
		},
	}
}

func askWant(sc *dialog.Scene) {
	sc.Ask(oneOf("大一码", "小一码", "换新"), itself("exchange"), "您想换成什么尺码或者颜色？")
}

// readWant takes out what the shopper wants instead. The words of the shopper
// are kept: a person packs the parcel.
func readWant(sc *dialog.Scene) string {
	if e, ok := sc.Heard.Entity(nlu.SizeOf); ok {
		return strings.TrimSuffix(e.Value, "码") + "码"
	}
	t := sc.Heard.Text
	for _, w := range []string{"大一码", "大一号", "小一码", "小一号", "大半码", "小半码", "大半号", "小半号"} {
		if sounds(t, []string{w}) {
			return w
		}
	}
	for _, c := range []string{"黑", "白", "红", "蓝", "绿", "黄", "灰", "粉", "紫", "棕", "米", "杏", "驼", "银", "金", "卡其", "藏青", "墨绿", "酒红"} {
		if strings.Contains(t, c+"色") || strings.Contains(t, "成"+c) || strings.Contains(t, "要"+c) {
			return c + "色"
		}
	}
	if sounds(t, []string{"新的", "换新", "好的给我", "没坏的"}) {
		return "全新同款"
	}
	return ""
}

func readExchange(ctx context.Context, sc *dialog.Scene) error {
	o, err := focus(ctx, sc)
	if err != nil {
		return err
	}
	sc.Ask(yesNo(), fromOrder(o), "为您的%s申请换货，换成%s，确认吗？", text(o.Name()), text(sc.Slot("want")))
	return nil
}

func doExchange(ctx context.Context, sc *dialog.Scene) error {
	r, err := sc.Shop.OpenRefund(ctx, sc.Key("exchange"), shop.RefundRequest{
		Order: sc.State.Order, Kind: shop.RefundExchange, Reason: "换成" + sc.Slot("want"),
	})
	if err != nil {
		return err
	}
	sc.Say(dialog.Source{Kind: "refund", ID: r.ID}, "换货申请好了，快递员会上门取件，收到后就给您寄新的。")
	return nil
}
