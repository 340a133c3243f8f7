package dialog

import "waggle/dialog/nlu"

// How sure the reading of a mood must be before it counts, and how many angry
// turns a robot should take before a person does.
const (
	sureAngry  = 0.8
	angryTurns = 2
)

// angry tells whether a turn was said in anger. Insults and complaints have
// flows of their own, which count themselves.
func angry(u nlu.Understanding) bool {
	switch u.Top().Intent {
	case nlu.Insult, nlu.Complaint, nlu.Human:
		return false
	}
	m := u.Mood
	return m.Sentiment == nlu.Negative && m.SentimentScore >= sureAngry && m.Emotion == nlu.Angry && m.EmotionScore >= sureAngry
}

// temper counts angry turns; the second brings a person, whatever was asked.
func (e *Engine) temper(sc *Scene) {
	st := sc.State
	if sc.draft.handOff != nil || sc.draft.end || st.Script != nil || len(sc.Heard.Clauses) == 0 || !angry(sc.Heard) {
		return
	}
	if st.Negative++; st.Negative < angryTurns {
		return
	}
	sc.draft.question, sc.draft.want = nil, ""
	sc.Say(FromFlow("temper"), "真对不起让您着急了，给您转人工客服，请稍等。")
	sc.HandOff(HandOff{Reason: ReasonAngry, Summary: sc.Summary()})
}
