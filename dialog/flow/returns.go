package flow

import (
	"context"
	"slices"
	"strconv"
	"time"

	"waggle/dialog"
	"waggle/dialog/nlu"
	"waggle/shop"
)

// returnGoods sends goods back for money.
func returnGoods() dialog.Flow {
	return dialog.Flow{
		Name:    "return",
		Intents: []nlu.Intent{nlu.Return},
		Steps: []dialog.Step{
			whichOrder(inState(shop.StateSigned)),
			check(canReturn),
			ask("reason", askReason, readReason),
			check(qualityGoesToPhoto),
			confirm(readReturn, nil),
			act(doReturn),
		},
	}
}

// canReturn applies the policy: signed, in time, of a kind that may go back.
// What the policy does not allow is not refused for good: a person decides.
func canReturn(ctx context.Context, sc *dialog.Scene) (bool, error) {
	o, err := focus(ctx, sc)
	if err != nil {
		return false, err
	}
	switch o.State {
	case shop.StateSigned:
	case shop.StateToPay, shop.StatePaid:
		sc.Then("cancel") // nothing has been sent: calling it off is all it takes
		return false, nil
	case shop.StateShipped, shop.StateDelivering:
		sc.Say(fromOrder(o), "您的%s还在路上，您可以直接拒收，我们收到后退款。", text(o.Name()))
		return false, nil
	case shop.StateRefunding, shop.StateRefunded:
		sc.Then("refund-progress")
		return false, nil
	default:
		sayState(sc, o)
		return false, nil
	}
	return inTime(ctx, sc, o)
}

func inTime(ctx context.Context, sc *dialog.Scene, o shop.Order) (bool, error) {
	rule := fromPolicy("return-days", strconv.Itoa(sc.Policy.ReturnDays)+"天内")
	if age := sc.Now().Sub(o.Signed); age > time.Duration(sc.Policy.ReturnDays)*24*time.Hour {
		rule.Facts = append(rule.Facts, dialog.Day(o.Signed).Fact())
		sc.Say(rule, "您的%s%s签收，已经超过%s天，有质量问题可以拍照给我看。", text(o.Name()), day(o.Signed), count(sc.Policy.ReturnDays))
		return false, nil
	}
	p, err := sc.Shop.Product(ctx, o.Lines[0].Product)
	if err != nil {
		return false, err
	}
	if slices.Contains(sc.Policy.NoReturn, p.Category) {
		sc.Say(rule, "%s是%s，没有质量问题不能退，有问题可以拍照给我看。", text(p.Name), text(p.Category))
		return false, nil
	}
	return true, nil
}

func askReason(sc *dialog.Scene) {
	sc.Ask(oneOf("不喜欢", "不合适", "质量问题", "尺码不合适", "发错了"), itself("return"), "请问是不喜欢、不合适，还是质量问题？")
}

// Reasons for sending something back.
const (
	reasonDislike = "不喜欢"
	reasonFit     = "不合适"
	reasonQuality = "质量问题"
	reasonWrong   = "发错货"
)

// readReason takes the reason out of what was said.
func readReason(sc *dialog.Scene) string {
	t := sc.Heard.Text
	for _, r := range []struct {
		reason string
		words  []string
	}{
		{reasonQuality, []string{"质量", "坏", "破", "裂", "碎", "瑕疵", "掉色", "起球", "开线", "开胶", "漏", "脏", "不能用", "污渍"}},
		{reasonWrong, []string{"发错", "错了", "不是我要"}},
		{reasonFit, []string{"不合适", "尺码", "大了", "小了", "太大", "太小", "不合身", "紧", "肥", "挤脚", "长了", "短了"}},
	} {
		if sounds(t, r.words) {
			return r.reason
		}
	}
	if sounds(t, []string{"不喜欢", "不好看", "不想要", "不满意", "买多", "拍多", "不需要", "用不上", "后悔", "没想象", "没什么原因", "无理由", "就是想退"}) {
		return reasonDislike
	}
	return ""
}

// qualityGoesToPhoto sends what is broken to the flow that looks at it: there
// the shopper need not pay for sending it back.
func qualityGoesToPhoto(_ context.Context, sc *dialog.Scene) (bool, error) {
	if sc.Slot("reason") == reasonQuality {
		sc.Then("damaged")
		return false, nil
	}
	return true, nil
}

func readReturn(ctx context.Context, sc *dialog.Scene) error {
	o, err := focus(ctx, sc)
	if err != nil {
		return err
	}
	sc.Ask(yesNo(), fromOrder(o), "为您的%s申请退货退款，金额%s，确认吗？", text(o.Name()), money(o.Total))
	return nil
}

func doReturn(ctx context.Context, sc *dialog.Scene) error {
	o, err := focus(ctx, sc)
	if err != nil {
		return err
	}
	r, err := sc.Shop.OpenRefund(ctx, sc.Key("return"), shop.RefundRequest{
		Order: o.ID, Kind: shop.RefundReturn, Amount: o.Total, Reason: sc.Slot("reason"),
	})
	if err != nil {
		return err
	}
	src := dialog.Source{Kind: "refund", ID: r.ID, Facts: []string{string(r.State), sc.Policy.RefundArrives}}
	sc.Say(src, "退货申请好了，寄回签收后%s退款%s。", text(sc.Policy.RefundArrives), money(r.Amount))
	sc.Detail(fromPolicy("return-days"), "快递员会上门取件，请保持商品完好。")
	return nil
}
