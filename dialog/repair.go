package dialog

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"waggle/dialog/nlu"
)

// overtaken drops a flow that only tells and has asked what about, when the
// answer wants something else done.
func (e *Engine) overtaken(sc *Scene, f *Frame) bool {
	c := sc.Heard.Top()
	name, ok := e.flowOf(sc, c)
	if !ok || !e.flows[f.Flow].Topic || name == f.Flow || e.flows[name].Quick || e.flows[name].Topic || c.Score < certain {
		return false
	}
	sc.State.drop(f.Serial)
	return true
}

// elliptic is a question that leaves out what it asks: 那花瓶呢.
var elliptic = regexp.MustCompile(`^(?:那么?|还有)?[^，。！？]{1,10}呢[？。]?$`)

// ellipsis finds the flow that told something last, for a turn that asks the
// same of something else.
func (e *Engine) ellipsis(sc *Scene) (flow string, ok bool) {
	f, known := e.flows[sc.State.Topic]
	if !known || !f.Topic || sc.State.active() != nil || !elliptic.MatchString(sc.Heard.Text) {
		return "", false
	}
	if _, ok := e.flowFor(sc, sc.Heard.Top().Intent); ok && sc.Heard.Top().Score >= saysItself {
		return "", false // 那容量呢 says what it asks after all
	}
	return sc.State.Topic, true
}

// saysItself is the score above which a short question is taken as it stands,
// verySure that of a second question in a turn that was read as one.
const saysItself, verySure = 0.55, 0.9

// instead begins what is wanted in place of what was just called off, or beside
// what was just repeated, in the same breath: 不换了，直接退货.
func (e *Engine) instead(ctx context.Context, sc *Scene, over string) error {
	if f := sc.State.active(); f != nil && f.Asked && !sc.again() {
		return nil
	}
	for _, c := range e.parts(sc) {
		name, ok := e.flowOf(sc, c)
		if !ok || name == over || c.Score < certain || e.flows[name].Interrupts || c.Intent == nlu.No || c.Intent == nlu.Yes {
			continue
		}
		sc.Clause = c
		return e.begin(ctx, sc, name)
	}
	return nil
}

// again tells that the turn has only had the last reply repeated.
func (sc *Scene) again() bool { return sc.draft.want == AskSlower || sc.draft.want == AskFaster }

// undenied looks whether a clause wants what its flow does. Where it says that
// it does not, the rest of it counts, if that wants something for certain.
func (e *Engine) undenied(sc *Scene, name string, c nlu.Clause) (string, nlu.Clause, bool) {
	denies := e.flows[name].Denies
	if denies == nil {
		return name, c, true
	}
	rest, denied := denies(c.Text)
	if !denied {
		return name, c, true
	}
	other := e.nlu.Understand(rest).Top()
	flow, ok := e.flowOf(sc, other)
	return flow, other, ok && flow != name && other.Score >= certain && other.Intent != nlu.Yes && other.Intent != nlu.No
}

// parts reads each stretch of the turn by itself, where understanding has
// joined them.
func (e *Engine) parts(sc *Scene) []nlu.Clause {
	stretches := strings.FieldsFunc(sc.Heard.Text, func(r rune) bool { return strings.ContainsRune("，。！？；", r) })
	if len(stretches) < 2 {
		return nil
	}
	var out []nlu.Clause
	for _, s := range stretches[:min(len(stretches), mostParts)] {
		if utf8.RuneCountInString(s) >= leastPart {
			out = append(out, e.nlu.Understand(s).Top())
		}
	}
	return out
}

// Bounds of parts: stretches of a turn, and characters of a stretch.
const mostParts, leastPart = 6, 4

// aside answers a short question that came instead of an answer and was not
// certain as a whole: a stretch of it is, or the question base knows it. The
// open question is then asked again.
func (e *Engine) aside(ctx context.Context, sc *Scene) (bool, error) {
	for _, c := range e.parts(sc) {
		name, ok := e.flowOf(sc, c)
		if !ok || !e.flows[name].Quick || c.Score < certain || e.flows[name].When != nil || c.Intent == nlu.Other {
			continue
		}
		sc.State.digress()
		sc.Clause = c
		return true, e.begin(ctx, sc, name)
	}
	return false, nil
}

// interruption finds a flow that goes before the open question.
func (e *Engine) interruption(sc *Scene) (flow string, ok bool) {
	c := sc.Heard.Top()
	for _, name := range e.wanting {
		if e.flows[name].Interrupts && e.flows[name].Wants(sc.Heard.Text) {
			return name, true
		}
	}
	name, ok := e.flowFor(sc, c.Intent)
	if !ok || !e.flows[name].Interrupts || c.Score < certain || wordless(c.Text) {
		return "", false
	}
	return name, true
}

// wordless tells that a clause is a number and nothing else: it answers, and
// interrupts nothing.
func wordless(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool {
		return unicode.IsLetter(r) && !strings.ContainsRune("零〇一二两三四五六七八九十百千万幺", r)
	})
}

// wishes are the clauses of the turn that are worth following. Beside one that
// is certain, an uncertain one was only told along; where none is certain, a
// stretch of the turn may be. Two questions that were read as one are two when
// both are only to be told of.
func (e *Engine) wishes(sc *Scene) []nlu.Clause {
	sure := func(c nlu.Clause) bool {
		name, ok := e.flowOf(sc, c)
		return ok && c.Score >= certain && !e.flows[name].Interrupts && c.Intent != nlu.Yes && c.Intent != nlu.No
	}
	all := rules(sc.Heard.Clauses)
	if slices.ContainsFunc(all, sure) {
		all = slices.DeleteFunc(slices.Clone(all), func(c nlu.Clause) bool {
			name, ok := e.flowOf(sc, c)
			told := ok && e.flows[name].Topic && c.Score >= leastFurther
			return c.Score < certain && !told
		})
		for i := range all { // what is only told of need not be as certain as what is done
			all[i].Score = max(all[i].Score, certain)
		}
	}
	if len(all) != 1 {
		return all
	}
	if both, ok := e.furtherQuestion(sc, all[0]); ok {
		return both
	}
	parts := slices.DeleteFunc(e.parts(sc), func(c nlu.Clause) bool { return !sure(c) })
	if len(parts) == 0 {
		return all
	}
	if all[0].Score < certain {
		return parts[:1]
	}
	first, _ := e.flowOf(sc, all[0])
	for _, c := range parts {
		if name, _ := e.flowOf(sc, c); name != first && e.flows[name].Topic && e.flows[first].Topic && c.Score >= verySure {
			head := all[0]
			head.Text = strings.Replace(head.Text, c.Text, "", 1)
			return []nlu.Clause{head, c}
		}
	}
	return all
}

// further opens a question beside the first: 还有棒球帽什么时候到.
var further = regexp.MustCompile(`(?:^|[，。！？；])(?:还有|另外|顺便|再问|再帮|再看|以及)`)

// furtherQuestion splits a turn that was read as one question where the words
// say that another one begins. Both must only be told of, so that the second
// may be less certain than one that is done.
func (e *Engine) furtherQuestion(sc *Scene, whole nlu.Clause) ([]nlu.Clause, bool) {
	at := further.FindStringIndex(sc.Heard.Text)
	if at == nil || at[0] == 0 {
		return nil, false
	}
	one, two := e.nlu.Understand(sc.Heard.Text[:at[0]]).Top(), e.nlu.Understand(sc.Heard.Text[at[0]:]).Top()
	first, ok := e.flowOf(sc, one)
	second, also := e.flowOf(sc, two)
	if !ok || !also || first == second || one.Intent != whole.Intent || one.Score < certain || two.Score < leastFurther ||
		!e.flows[first].Topic || !e.flows[second].Topic {
		return nil, false
	}
	two.Score = max(two.Score, certain)
	return []nlu.Clause{one, two}, true
}

// leastFurther is how certain the second of two questions must be.
const leastFurther = 0.25

// askAgain repeats the open question, and calls a human when that has not
// helped before.
func (e *Engine) askAgain(ctx context.Context, sc *Scene) error {
	f := sc.State.active()
	f.Tries++
	if f.Tries > patience {
		sc.Say(FromFlow("clarify"), "不好意思，我还是没弄明白，给您转人工客服。")
		sc.HandOff(HandOff{Reason: ReasonUnclear, Summary: sc.Summary(), NextStep: "continue " + f.Flow})
		return nil
	}
	_, err := e.run(ctx, sc)
	return err
}

// clarify deals with a turn that no flow claims.
func (e *Engine) clarify(ctx context.Context, sc *Scene) error {
	st := sc.State
	for _, name := range e.fallbacks {
		st.push(name)
		sc.Answering = true
		v, err := e.run(ctx, sc)
		sc.Answering = false
		if err != nil {
			return err
		}
		if v != Unanswered {
			st.Unclear = 0
			return nil
		}
		st.pop()
	}
	st.Unclear++
	if st.Unclear > patience {
		sc.Say(FromFlow("clarify"), "不好意思，这个我没弄明白，给您转人工客服。")
		sc.HandOff(HandOff{Reason: ReasonUnclear, Summary: sc.Summary()})
		return nil
	}
	sc.guess(sc.Heard.Top())
	return nil
}

// guess asks back, with what was probably meant.
func (sc *Scene) guess(c nlu.Clause) {
	src := FromFlow("clarify")
	if a, ok := topic(c.Second); ok && sc.State.Unclear == 1 {
		sc.Ask(Expect{Phrases: []string{a}}, src, "不好意思，您是想%s吗？可以再说一遍您的问题。", Text(a))
		return
	}
	sc.Ask(Expect{}, src, "这个问题我不太明白，您可以问快递、订单、退换货或者商品的问题。")
}

// topic names an intent in the shopper's words.
func topic(i nlu.Intent) (string, bool) {
	name, ok := map[nlu.Intent]string{
		nlu.Parcel: "查快递", nlu.OrderStatus: "查订单", nlu.Hurry: "催一催订单", nlu.CancelOrder: "取消订单",
		nlu.Return: "退货", nlu.Refund: "退款", nlu.RefundProgress: "查退款", nlu.Exchange: "换货",
		nlu.Damaged: "处理破损", nlu.Missing: "处理少件", nlu.AddressChange: "改地址", nlu.Invoice: "开发票",
		nlu.ProductQuestion: "了解商品", nlu.Price: "问价格", nlu.Stock: "问库存", nlu.Size: "问尺码",
		nlu.Promotion: "问优惠", nlu.Complaint: "投诉", nlu.Human: "转人工", nlu.Pay: "付款",
	}[i]
	return name, ok
}
