package flow

import (
	"context"
	"strconv"
	"strings"

	"waggle/dialog"
	"waggle/dialog/nlu"
	"waggle/dialog/tool"
	"waggle/shop"
)

// Outbound calls. Each says in its first sentence who is calling, that it is
// an AI, and why; then it takes the answer and ends. The facts come from the
// contact that was imported.

// script describes one kind of call.
type script struct {
	kind string
	// purpose is said right after who is calling; its values are the facts in
	// this order.
	purpose string
	facts   []string
	ask     string // a question to be answered with yes or no
	yes, no string // what is said to the answer
	// stands is the state that the kind of call implies, for the guard.
	stands []string
	// agrees are words of what was asked that say yes to it.
	agrees string
}

func scripts() []script {
	return []script{
		{"pay", "提醒您，%s的订单还没有付款，金额%s。", []string{"item", "amount"}, "需要为您保留吗？",
			"好的，为您保留，请在订单页面付款，祝您生活愉快，再见。", "好的，不打扰您了，再见。", []string{string(shop.StateToPay)}, "保留 留着 留 需要 付款 付 买"},
		{"finish", "您选的%s还在购物车里，现价%s。", []string{"item", "amount"}, "还需要吗？",
			"好的，打开购物车就能下单，祝您生活愉快，再见。", "好的，不打扰您了，再见。", nil, "需要 还要 想要 买 下单 留着"},
		{"wake", "您之前看过的%s，现价%s。", []string{"item", "amount"}, "您还感兴趣吗？",
			"好的，店铺首页就能看到，祝您生活愉快，再见。", "好的，不打扰您了，再见。", nil, "感兴趣 有兴趣 看看 看一下 了解 想要 需要 买"},
		{"balance", "您预订的%s可以付尾款了，尾款%s。", []string{"item", "amount"}, "您方便付款吗？",
			"好的，请在订单页面付尾款，祝您生活愉快，再见。", "好的，不打扰您了，再见。", nil, "方便 付款 付尾款 付 去付 能付"},
		{"parcel", "您的%s预计%s送到。", []string{"item", "date"}, "到时候方便收货吗？",
			"好的，请保持电话畅通，再见。", "好的，我请快递员再和您约时间，再见。", nil, "方便 在家 收货 收 有人 能收"},
		{"appointment", "您预约的%s是%s。", []string{"item", "date"}, "您能准时到吗？",
			"好的，到时候见，祝您生活愉快。", "好的，我请同事和您改时间，再见。", nil, "准时到 准时 能到 会到 到 去 会去 来"},
	}
}

// calls makes the flows of all scripts.
func calls(words tool.Vocabulary) []dialog.Flow {
	var out []dialog.Flow
	for _, s := range scripts() {
		out = append(out, dialog.Flow{Name: dialog.ScriptFlow(s.kind), Steps: []dialog.Step{s.introduce, s.answer(words)}})
	}
	return append(out, duringCall()...)
}

// introduce is the first thing that is said.
func (s script) introduce(_ context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
	src := dialog.Source{Kind: "campaign", ID: s.kind, Facts: s.stands}
	values := []dialog.Value{text(sc.Policy.ShopName), text(sc.Policy.Robot)}
	format := "您好，我是%s的AI客服%s，" + s.purpose
	if name := sc.State.Script.Facts["name"]; name != "" {
		format = "%s您好，我是%s的AI客服%s，" + s.purpose
		values = append([]dialog.Value{text(name)}, values...)
	}
	for _, f := range s.facts {
		values = append(values, text(known(sc, f)))
	}
	sc.Say(src, format, values...)
	return dialog.Continue, nil
}

// known reads what is known about the contact. A list may have left it out:
// then the words stay general.
func known(sc *dialog.Scene, name string) string {
	facts := sc.State.Script.Facts
	if v := facts[name]; v != "" && name == "amount" {
		return yuan(v)
	} else if v != "" {
		return v
	}
	if name == "item" && facts["product"] != "" {
		return facts["product"]
	}
	return map[string]string{"item": "商品", "amount": "以订单页面为准", "date": "近期"}[name]
}

// yuan adds the unit to an amount that a list gave as a bare number.
func yuan(amount string) string {
	if _, err := strconv.ParseFloat(amount, 64); err != nil {
		return amount
	}
	return strings.TrimSuffix(amount, ".00") + "元"
}

// answer takes a yes and a no as the read-back of a write takes them: what a
// classifier holds for a yes is none.
func (s script) answer(words tool.Vocabulary) dialog.Step {
	return func(_ context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
		src := itself(sc.Flow())
		agreed := sc.Answering && words.Agrees(sc.Heard, s.ask, strings.Fields(s.agrees)...)
		switch {
		case sc.Answering && !agreed && (sc.Heard.Is(nlu.No, nlu.Never, nlu.CancelOrder) || words.Declines(sc.Heard.Text)):
			sc.Say(src, "%s", text(s.no))
			sc.End(dialog.OutcomeDeclined)
		case agreed && sc.State.HeardSentence(s.ask), sc.Answering && sc.Heard.Is(nlu.Pay, nlu.Thanks) && sc.State.HeardSentence(s.ask):
			sc.Say(src, "%s", text(s.yes))
			sc.End(dialog.OutcomeConfirmed)
		case sc.Answering && !agreed && !sc.Heard.Is(nlu.Yes):
			return dialog.Unanswered, nil
		case sc.Tries() > 1:
			sc.Say(src, "不好意思没有听清，之后您可以在订单页面查看，再见。")
			sc.End(dialog.OutcomeNoAnswer)
		default:
			if sc.Answering { // a yes that may be none, or to what was not heard
				sc.Missed()
			}
			sc.Ask(yesNo(), src, "%s", text(s.ask))
			return dialog.Wait, nil
		}
		return dialog.Finish, nil
	}
}

// outbound tells that we called.
func outbound(st *dialog.State) bool { return st.Script != nil }

// duringCall are the answers that every outbound call must understand.
func duringCall() []dialog.Flow {
	stop := interrupting("do-not-call", func(sc *dialog.Scene) {
		sc.Say(itself("do-not-call"), "好的，以后不再给您打电话，打扰了，再见。")
		sc.End(dialog.OutcomeOptOut)
	}, nlu.DoNotCall)
	wrong := interrupting("wrong-person", func(sc *dialog.Scene) {
		sc.Say(itself("wrong-person"), "不好意思打扰了，再见。")
		sc.End(dialog.OutcomeWrongPerson)
	}, nlu.WrongPerson)
	wrong.When = outbound
	busy := interrupting("busy", func(sc *dialog.Scene) {
		if outbound(sc.State) {
			sc.Say(itself("busy"), "好的，那您先忙，再见。")
			sc.End(dialog.OutcomeBusy)
			return
		}
		sc.Say(itself("busy"), "好的，您先忙，我等您。")
	}, nlu.Busy)
	return []dialog.Flow{stop, wrong, busy}
}
