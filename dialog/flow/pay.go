package flow

import (
	"context"
	"strings"

	"waggle/dialog"
	"waggle/dialog/knowledge"
	"waggle/dialog/nlu"
	"waggle/shop"
)

// pay helps with an order that waits for its payment; trouble with paying is
// answered from the question base.
func pay(base *knowledge.Library) dialog.Flow {
	return dialog.Flow{Name: "pay", Intents: []nlu.Intent{nlu.Pay, nlu.PresaleBalance}, Steps: []dialog.Step{
		func(ctx context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
			a, ok := base.Answer(sc.Clause.Text, knowledge.CoverAsked)
			if ok && asksHow(sc.Clause.Text) && (a.Topic == "付款" || a.Kind == knowledge.Pinned) {
				sc.Say(fromKnowledge(a), "%s", text(a.Text))
				return dialog.Finish, nil
			}
			return dialog.Continue, nil
		},
		whichOrder(inState(shop.StateToPay)),
		act(func(ctx context.Context, sc *dialog.Scene) error {
			o, err := focus(ctx, sc)
			if err != nil {
				return err
			}
			if o.State != shop.StateToPay {
				sc.Say(fromOrder(o), "您没有等待付款的订单。")
				return nil
			}
			sc.Say(fromOrder(o), "您的%s还没有付款，一共%s，打开订单页面就能付。", text(o.Name()), money(o.Total))
			sc.Card(orderCard(o))
			return nil
		}),
	}}
}

// asksHow tells a question about paying from the wish to pay.
func asksHow(said string) bool {
	for _, w := range []string{"怎么", "支持", "失败", "不了", "多久", "吗", "方式", "能不能", "可以", "错误", "异常", "两次", "重复", "超时", "为什么", "扣"} {
		if strings.Contains(said, w) {
			return true
		}
	}
	return false
}

// orderTotal answers what it comes to in all with the total of the unpaid order
// in focus, where that is what the talk is about and no other count was said.
func orderTotal(ctx context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
	if sc.State.Order == "" || sc.Slot("count") != "" || sc.Slot("other") != "" || !sounds(sc.Heard.Text, []string{"一共", "总共", "合计"}) {
		return dialog.Continue, nil
	}
	o, err := focus(ctx, sc)
	if err != nil {
		return dialog.Finish, err
	}
	if o.State != shop.StateToPay || !o.Has(sc.State.Product) {
		return dialog.Continue, nil
	}
	sc.Say(fromOrder(o), "您的%s还没有付款，一共%s。", text(o.Name()), money(o.Total))
	return dialog.Finish, nil
}
