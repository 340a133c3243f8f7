package dialog

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"waggle/dialog/nlu"
	"waggle/vision"
)

// patience is how often a question is asked again before a human is called.
const patience = 2

// certain is the score above which an intent may break into a question that
// is still open.
const certain = 0.6

// converse brings words, keys and photos to the flows. The order is the order
// of repair: what stops or repeats, then the answer to the open question, then
// a digression, then asking again.
func (e *Engine) converse(ctx context.Context, sc *Scene) error {
	st := sc.State
	if flow, ok := e.interruption(sc); ok {
		if err := e.begin(ctx, sc, flow); err != nil || sc.draft.end || sc.draft.handOff != nil {
			return err
		}
		return e.instead(ctx, sc, flow)
	}
	if f := st.active(); f != nil && f.Asked && !e.overtaken(sc, f) {
		name := f.Flow
		answered, err := e.answer(ctx, sc)
		if err == nil && answered && sc.declined {
			return e.instead(ctx, sc, name)
		}
		if answered || err != nil {
			return err
		}
	}
	if name, ok := e.ellipsis(sc); ok {
		return e.begin(ctx, sc, name)
	}
	begun, err := e.beginAll(ctx, sc)
	if begun || err != nil {
		return err
	}
	if f := st.active(); f != nil {
		if aside, err := e.aside(ctx, sc); aside || err != nil {
			return err
		}
		return e.askAgain(ctx, sc)
	}
	return e.clarify(ctx, sc)
}

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
	if name, ok := e.flowFor(sc, sc.Heard.Top().Intent); ok && sc.Heard.Top().Score >= verySure && e.flows[name].Topic {
		return "", false // it says what it asks after all
	}
	return sc.State.Topic, true
}

// verySure is the score above which a short question is taken as it stands.
const verySure = 0.9

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

// flowOf finds the flow that a clause starts: one that wants its words, else
// that of its intent.
func (e *Engine) flowOf(sc *Scene, c nlu.Clause) (name string, ok bool) {
	for _, name := range e.wanting {
		if e.flows[name].Wants(c.Text) {
			return name, true
		}
	}
	return e.flowFor(sc, c.Intent)
}

// flowFor finds the flow that an intent starts in this conversation.
func (e *Engine) flowFor(sc *Scene, i nlu.Intent) (name string, ok bool) {
	name, ok = e.byIntent[i]
	if ok && e.flows[name].When != nil && !e.flows[name].When(sc.State) {
		return "", false
	}
	return name, ok
}

// answer lets the active flow read the turn.
func (e *Engine) answer(ctx context.Context, sc *Scene) (answered bool, err error) {
	sc.Answering = true
	v, err := e.run(ctx, sc)
	sc.Answering = false
	if v == Unanswered {
		return false, err
	}
	sc.State.Unclear = 0
	return true, err
}

// beginAll starts a flow for each clause that asks for one. What has to wait
// for another flow's answer is kept for later.
func (e *Engine) beginAll(ctx context.Context, sc *Scene) (begun bool, err error) {
	for _, c := range e.wishes(sc) {
		name, ok := e.flowOf(sc, c)
		if !ok {
			continue
		}
		if f := sc.State.active(); f != nil && f.Asked && (f.Flow == name || c.Score < certain) {
			continue
		}
		sc.State.digress()
		if begun && (c.Score < certain || e.flows[name].Claim && e.claiming(sc.State)) {
			continue
		}
		if f := sc.State.active(); f != nil && begun && !e.flows[name].Quick {
			sc.State.Later = append(sc.State.Later, Later{Flow: name, Text: c.Text})
			continue
		}
		sc.Clause = c
		if err := e.begin(ctx, sc, name); err != nil {
			return true, err
		}
		begun = true
	}
	if !begun && len(sc.Turn.Photo)+len(sc.Turn.PhotoID) > 0 {
		return true, e.photo(ctx, sc)
	}
	return begun, nil
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
	all := sc.Heard.Clauses
	if slices.ContainsFunc(all, sure) {
		all = slices.DeleteFunc(slices.Clone(all), func(c nlu.Clause) bool { return c.Score < certain })
	}
	if len(all) != 1 {
		return all
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

// claiming tells whether a claim is under way.
func (e *Engine) claiming(st *State) bool {
	for _, f := range st.Frames {
		if e.flows[f.Flow].Claim {
			return true
		}
	}
	return false
}

// photo keeps a picture that came early for the flow that will want it, and
// asks the open question again; any other picture starts a flow of its own.
func (e *Engine) photo(ctx context.Context, sc *Scene) error {
	for _, f := range sc.State.Frames {
		if e.flows[f.Flow].Photos {
			sc.Say(FromFlow(PhotoFlow), "照片收到了。")
			_, err := e.run(ctx, sc)
			return err
		}
	}
	if name, ok := e.sighted(sc); ok {
		return e.begin(ctx, sc, name)
	}
	return e.begin(ctx, sc, PhotoFlow)
}

// sighted finds the flow for what a photo that nobody asked for shows: a
// finding that is certain enough and not that all is well.
func (e *Engine) sighted(sc *Scene) (flow string, ok bool) {
	for _, f := range sc.State.Photos {
		nothing := f.Label == vision.LabelIntact || f.Label == vision.LabelCannotSee || f.Label == vision.LabelCannotTell ||
			f.Label == vision.LabelSame || f.Label == vision.LabelUnknown
		if f.Kind == vision.KindProduct && sc.State.Order != "" {
			continue // which of the order's things it is, is no question about the catalogue
		}
		if name, wanted := e.byFinding[f.Kind]; wanted && !nothing && f.Score >= sc.Policy.PhotoScore {
			return name, true
		}
	}
	return "", false
}

// PhotoFlow is the name of the flow that takes photos nobody asked for.
const PhotoFlow = "photo"

// begin starts a flow, and has the one below go on when it is over.
func (e *Engine) begin(ctx context.Context, sc *Scene, name string) error {
	sc.State.Unclear = 0
	if e.flows[name].Topic {
		sc.State.Topic = name
	}
	sc.State.push(name)
	_, err := e.run(ctx, sc)
	return err
}

// run takes the active flow on until it waits; a flow that is over gives way
// to the one below it, and at last to what was kept for later.
func (e *Engine) run(ctx context.Context, sc *Scene) (Verdict, error) {
	st := sc.State
	for range mostSteps {
		frame := st.active()
		if frame == nil {
			if len(st.Later) == 0 || sc.draft.end || sc.draft.handOff != nil {
				return Finish, nil
			}
			next := st.Later[0]
			st.Later = st.Later[1:]
			sc.Heard = e.nlu.Understand(next.Text)
			sc.Clause = sc.Heard.Top()
			frame = st.push(next.Flow)
		}
		v, err := e.step(ctx, sc, frame)
		if err != nil || v == Wait || v == Unanswered {
			return v, err
		}
		if sc.draft.end || sc.draft.handOff != nil {
			st.Frames, st.Later = nil, nil
			return Finish, nil
		}
	}
	return Finish, fmt.Errorf("dialog: flow %s does not come to rest", flowName(st))
}

// mostSteps bounds the steps of one turn: a flow that goes in circles is a
// fault, not a wait.
const mostSteps = 400

// step runs one step of the frame and moves the frame on.
func (e *Engine) step(ctx context.Context, sc *Scene, frame *Frame) (Verdict, error) {
	steps := e.flows[frame.Flow].Steps
	if frame.Step >= len(steps) {
		sc.State.pop()
		return Finish, nil
	}
	sc.frame, sc.jump = frame, nil
	sc.refocus()
	v, err := steps[frame.Step](ctx, sc)
	if err != nil {
		return v, err
	}
	serial := frame.Serial
	if frame = sc.State.frame(serial); frame == nil {
		return v, fmt.Errorf("dialog: a step of flow %d dropped its own frame", serial)
	}
	switch v {
	case Continue:
		frame.Step++
		if sc.jump != nil {
			frame.Step = *sc.jump
		}
		frame.Asked, frame.Tries, frame.Digressions = false, 0, 0
		frame.Order, frame.Product = sc.State.Order, sc.State.Product
		sc.Answering = false
	case Wait:
		frame.Asked = true
	case Finish:
		sc.Answering = false
		sc.State.drop(serial)
	}
	return v, nil
}

// refocus brings back what the flow under way is about.
func (sc *Scene) refocus() {
	if sc.frame.Order != "" {
		sc.State.Order = sc.frame.Order
	}
	if sc.frame.Product != "" {
		sc.State.Product = sc.frame.Product
	}
}

// askAgain repeats the open question, and calls a human when that has not
// helped before.
func (e *Engine) askAgain(ctx context.Context, sc *Scene) error {
	f := sc.State.active()
	f.Tries++
	if f.Tries > patience {
		sc.Say(FromFlow("clarify"), "不好意思，我还是没弄明白，给您转人工客服。")
		sc.HandOff(HandOff{Reason: "clarification failed", Summary: sc.Summary(), NextStep: "continue " + f.Flow})
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
		sc.HandOff(HandOff{Reason: "clarification failed", Summary: sc.Summary()})
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
