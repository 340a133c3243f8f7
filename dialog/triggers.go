package dialog

import (
	"context"
	"errors"
	"regexp"

	"waggle/shop"
)

// When a person takes over. This is all of it; procedures add what their own
// matter needs by a handoff step.
//
//	asked for            the caller asks for a person; said unclearly, the second
//	                     time, and at once by a VIP where the shop wants that
//	clarification failed a question was not answered, or a wish not understood,
//	                     three times in a row
//	not understood       nothing could be heard three times in a row
//	angry again          the second insult, complaint or turn said in anger
//	refused again        the policy has said no to the same matter twice before;
//	                     to a VIP at once, where the shop wants that
//	legal words          the procedure dispute, by its words
//	somebody was hurt    the procedure safety, by its words: goods that hurt or
//	                     may, and it goes before any open question
//	self-harm            the flow crisis, by a rule, before anything else
//	above the limit      procedures, by on_fail: {limit: ...} of a tool
//	no evidence          a sentence about money that no record proves
//	no answer            the shop's system is silent twice in a row
//	too many turns       the conversation comes to nothing
const (
	ReasonAsked        = "asked for"
	ReasonUnclear      = "clarification failed"
	ReasonUnheard      = "not understood"
	ReasonAngry        = "angry again"
	ReasonRefusedAgain = "refused again"
	ReasonRefusedVIP   = "refused to a VIP"
	ReasonVIP          = "a VIP complains"
	ReasonNoEvidence   = "no evidence for a sentence about money"
	ReasonUnreachable  = "the shop's system does not answer"
	ReasonEndless      = "too many turns"
)

// HumanFlow is the name of the flow that calls a person.
const HumanFlow = "human"

// Bounds of patience: questions asked again, demands for a person that were not
// clear, and noes of the policy that are said before a person looks.
const mostDemands, mostRefusals = 2, 2

var (
	// demands ask for a person in ways that understanding may not be sure of.
	demands = regexp.MustCompile(`(?:转|找|叫|换|接|喊|要)(?:个|一个|一下|到|你们的?|真的?)*(?:人工|真人|活人|客服|经理|主管|店长|老板|人来|人跟我)|不(?:想|要|愿意)?(?:跟|和|同)(?:你|机器人?|AI)(?:说|聊|讲|谈)|有没有(?:真|活)?人`)
	// spares takes such words back: 不用转人工.
	spares = regexp.MustCompile(`(?:不用|不要|别|不必|不需要|先不)(?:给我|帮我|再)?(?:转|找|叫|换|接|喊|要)`)
)

// demanded counts what asks for a person, and tells when that is enough.
func (e *Engine) demanded(ctx context.Context, sc *Scene) bool {
	if _, ok := e.flows[HumanFlow]; !ok || !demands.MatchString(sc.Heard.Text) || spares.MatchString(sc.Heard.Text) {
		return false
	}
	sc.State.Demands++
	return sc.State.Demands >= mostDemands || sc.VIP(ctx)
}

// VIP tells whether the caller is one, and the shop wants people for them.
func (sc *Scene) VIP(ctx context.Context) bool {
	if !sc.Policy.VIPToPerson || !sc.State.Caller.Known {
		return false
	}
	c, err := sc.Shop.Customer(ctx, sc.State.Caller.Customer)
	if err != nil && !errors.Is(err, shop.ErrNotFound) {
		sc.Log.Warn("whether a caller is a VIP is not known", "call", sc.State.Conversation, "err", err)
	}
	return err == nil && c.VIP
}

// Refuse notes that the policy says no to the matter of the flow under way. It
// gives the conversation to a person instead, and tells so, when that was said
// before or is said to a VIP.
func (sc *Scene) Refuse(ctx context.Context) (handed bool) {
	st := sc.State
	matter := sc.Flow() + " " + st.Order
	var reason string
	switch {
	case st.Script != nil:
		return false
	case st.Refused[matter] >= mostRefusals:
		reason = ReasonRefusedAgain
	case sc.VIP(ctx):
		reason = ReasonRefusedVIP
	default:
		st.refused(matter)
		return false
	}
	sc.Say(FromFlow("refused"), "这件事我做不了主，请人工客服帮您看看，请稍等。")
	sc.HandOff(HandOff{Reason: reason, Summary: sc.Summary(), NextStep: "decide about " + sc.Flow()})
	return true
}

// mostMatters bounds what is remembered of refusals.
const mostMatters = 16

func (s *State) refused(matter string) {
	if s.Refused == nil {
		s.Refused = make(map[string]int)
	}
	if _, known := s.Refused[matter]; known || len(s.Refused) < mostMatters {
		s.Refused[matter]++
	}
}
