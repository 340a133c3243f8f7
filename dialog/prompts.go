package dialog

import "context"

// silences is how many silent turns in a row end a conversation.
const silences = 3

// event answers what happened instead of words.
func (e *Engine) event(ctx context.Context, sc *Scene) error {
	switch sc.Turn.Event {
	case EventStart:
		return e.greet(ctx, sc)
	case EventSilence:
		e.silent(sc)
	case EventUnclear:
		e.unclear(sc)
	case EventHangUp:
		sc.State.Ended = true
		sc.State.Frames, sc.State.Later = nil, nil
	case EventBroken:
		e.broken(sc)
	default:
		return e.happened(ctx, sc)
	}
	return nil
}

// happened begins the flow of an event of the shop, such as parcel.delayed.
// One that no flow wants says nothing.
func (e *Engine) happened(ctx context.Context, sc *Scene) error {
	name, ok := e.byEvent[string(sc.Turn.Event)]
	if !ok || sc.State.Order == "" && sc.Turn.Order != "" {
		return nil
	}
	sc.State.digress()
	return e.begin(ctx, sc, name)
}

// greet says who is speaking, that it is an AI, and that the call is
// recorded, before anything else. An outbound call begins with its script.
func (e *Engine) greet(ctx context.Context, sc *Scene) error {
	if s := sc.State.Script; s != nil {
		return e.begin(ctx, sc, ScriptFlow(s.Kind))
	}
	src := Source{Kind: "policy", ID: "identity"}
	shop, robot := Text(e.policy.ShopName), Text(e.policy.Robot)
	if sc.State.Turns > 1 {
		e.connected(sc, src)
		return nil
	}
	if sc.Manner.Voice && e.recording {
		sc.Say(src, "您好，这里是%s，我是AI客服%s，通话会录音，不想录音可以告诉我。", shop, robot)
	} else {
		sc.Say(src, "您好，这里是%s，我是AI客服%s。", shop, robot)
	}
	sc.Ask(Expect{}, FromFlow("greeting"), "请问有什么可以帮您？")
	return nil
}

// connected greets a line that joins a conversation which has begun: a page on
// which the shopper now also calls.
func (e *Engine) connected(sc *Scene, src Source) {
	if sc.Manner.Voice && e.recording {
		sc.Say(src, "电话接通了，通话会录音，不想录音可以告诉我。")
	}
	sc.Ask(Expect{}, FromFlow("greeting"), "我在听，请讲。")
}

// ScriptFlow is the name of the flow of an outbound script.
func ScriptFlow(kind string) string { return "call-" + kind }

// silent asks whether the caller is still there, twice, then says goodbye.
func (e *Engine) silent(sc *Scene) {
	st := sc.State
	st.Silent++
	src := FromFlow("silence")
	switch {
	case st.Silent >= silences:
		sc.Say(src, "一直没有听到您的声音，我先挂了，有需要随时找我，再见。")
		if st.Script != nil {
			sc.End(OutcomeNoAnswer)
			return
		}
		sc.End(OutcomeNone)
	case st.Silent == 1:
		e.again(sc, "喂，您好，您还在吗？")
	default:
		e.again(sc, "您好，我没有听到声音，能听到我说话吗？")
	}
}

// unclear says that nothing was understood; the third time a human helps.
func (e *Engine) unclear(sc *Scene) {
	st := sc.State
	st.Silent = 0
	st.Unclear++
	switch {
	case st.Unclear > patience:
		sc.Say(FromFlow("unclear"), "不好意思，线路不太清楚，给您转人工客服。")
		sc.HandOff(HandOff{Reason: ReasonUnheard, Summary: sc.Summary()})
	case st.Unclear == 1:
		e.again(sc, "不好意思，没有听清，请您再说一遍。")
	default:
		e.again(sc, "还是没有听清，您可以慢一点、大声一点再说一遍。")
	}
}

// broken apologises for a fault of the gateway.
func (e *Engine) broken(sc *Scene) {
	sc.Ask(Expect{}, FromFlow("broken"), "不好意思，系统刚才出了点问题，请您再说一遍。")
}

// unreachable says that nothing can be looked up now; the second time in a row
// a human helps.
func (e *Engine) unreachable(sc *Scene) {
	src := FromFlow("unreachable")
	sc.State.Unreachable++
	if sc.State.Unreachable > 1 {
		sc.Say(src, "店铺的系统还是没有回应，给您转人工客服。")
		sc.HandOff(HandOff{Reason: ReasonUnreachable, Summary: sc.Summary()})
		return
	}
	sc.Ask(Expect{}, src, "不好意思，店铺的系统暂时没有回应，我现在查不到，请您稍后再说一遍。")
}

// again says the prompt and, when a question is open, the question.
func (e *Engine) again(sc *Scene, prompt string) {
	sc.Say(FromFlow("repair"), "%s", Text(prompt))
	if f := sc.State.active(); f == nil || !f.Asked {
		return
	}
	last := sc.State.Last
	if n := len(last.Sentences); n > 0 {
		sc.draft.ask(last.Expect, last.Sentences[n-1])
		sc.draft.want = last.Ask
	}
}
