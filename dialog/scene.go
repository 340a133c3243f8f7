package dialog

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"waggle/dialog/guard"
	"waggle/dialog/nlu"
	"waggle/shop"
)

// Verdict is what a step of a flow has come to.
type Verdict int

// The verdicts.
const (
	Continue   Verdict = iota // on to the next step
	Wait                      // a question was asked: run the step again with the answer
	Unanswered                // the turn holds no answer to the question
	Finish                    // the flow is over
)

// Step is one step of a flow. It reads the scene, may speak and act.
type Step func(ctx context.Context, sc *Scene) (Verdict, error)

// Flow is a procedure: its steps are run one after the other, over as many
// turns as it takes.
type Flow struct {
	Name string
	// Intents start it.
	Intents []nlu.Intent
	// Quick flows answer at once and never wait for an answer.
	Quick bool
	// Interrupts makes it go before the answer to an open question: stop,
	// repeat, a human.
	Interrupts bool
	// Fallback flows are tried when no intent is certain; their first step
	// returns Unanswered when they cannot help either.
	Fallback bool
	// Photos marks a flow that looks at photos: one that comes while it still
	// asks something else waits for it.
	Photos bool
	// Claim marks flows that are different ways to settle one grievance: of
	// several named in one breath only the first is begun.
	Claim bool
	// Topic marks flows that only tell, and may be asked of something else in
	// a few words: 那花瓶呢.
	Topic bool
	// Denies, if set, tells that a clause does not want what the flow does (煎锅不
	// 取消), and what else it says.
	Denies func(words string) (rest string, denied bool)
	// Wants, if set, takes a clause by its words, whatever its intent.
	Wants func(words string) bool
	// Events of the shop (parcel.delayed) and kinds of findings on photos that
	// nobody asked for start it.
	Events, Findings []string
	// When, if set, tells whether the flow makes sense in this conversation.
	When  func(*State) bool
	Steps []Step
	// Names are those of the steps, one each, or none: a conversation that goes
	// on with a changed flow finds its step by them.
	Names []string
}

// Scene is what a step sees of one turn.
type Scene struct {
	State  *State
	Shop   shop.Shop
	Policy shop.Policy
	Turn   Turn
	Manner Manner
	Log    *slog.Logger
	// Heard is what was understood of the turn; Clause is the part of it that
	// started the flow, or the whole.
	Heard  nlu.Understanding
	Clause nlu.Clause
	// Answering is set when the turn may answer this step's question.
	Answering bool

	frame *Frame
	draft draft
	emit  func(Sentence) // told of sentences that need not wait for the others
	guard guard.Guard
	// hasModel is set where a language model answers.
	hasModel bool
	// declined is set when a read-back was turned down in this turn.
	declined bool
	// jump is where Goto leads, nil to the next step.
	jump *int
}

// Decline notes that the caller has turned down what was read back; what else
// the turn wants then goes first.
func (sc *Scene) Decline() { sc.declined = true }

// Goto makes a step that returns Continue lead to another step than the next.
func (sc *Scene) Goto(step int) { sc.jump = &step }

// Now is the time of the turn.
func (sc *Scene) Now() time.Time { return sc.Manner.Now }

// Slot reads a slot of the flow under way.
func (sc *Scene) Slot(name string) string { return sc.frame.Slots[name] }

// Set fills a slot of the flow under way.
func (sc *Scene) Set(name, value string) {
	if sc.frame.Slots == nil {
		sc.frame.Slots = make(map[string]string)
	}
	sc.frame.Slots[name] = value
}

// Tries is how many answers to the current question did not fit.
func (sc *Scene) Tries() int { return sc.frame.Tries }

// Missed counts an answer that did not help, where the step itself asks again.
func (sc *Scene) Missed() { sc.frame.Tries++ }

// Flow is the name of the flow under way.
func (sc *Scene) Flow() string { return sc.frame.Flow }

// Key names a write of the flow under way. It is the same after a restart, so
// that the write is carried out once.
func (sc *Scene) Key(what string) shop.Key {
	return shop.Key(sc.State.Conversation + "/" + strconv.Itoa(sc.frame.Serial) + "/" + sc.frame.Flow + "/" + what)
}

// Say adds a sentence to the reply. The verbs of the format are %s only, one
// for each value; the values become the facts of the sentence.
func (sc *Scene) Say(src Source, format string, values ...Value) {
	sc.draft.say(sc.sentence(src, format, values))
}

// Detail adds a sentence that may be left out where the reply is heard.
func (sc *Scene) Detail(src Source, format string, values ...Value) {
	sc.draft.detail(sc.sentence(src, format, values))
}

// Ask adds the question that the flow waits for. Of several only the first is
// asked: the active flow's. It returns the question as it is put.
func (sc *Scene) Ask(expect Expect, src Source, format string, values ...Value) string {
	s := sc.sentence(src, format, values)
	sc.draft.ask(expect, s)
	return s.Text
}

// Card adds a card for channels that show one.
func (sc *Scene) Card(c Card) { sc.draft.cards = append(sc.draft.cards, c) }

// Want asks the channel for a deed.
func (sc *Scene) Want(a Ask) { sc.draft.want = a }

// End closes the conversation after the reply.
func (sc *Scene) End(o Outcome) {
	sc.draft.end = true
	sc.draft.outcome = o
}

// Conclude sets the outcome of an outbound conversation.
func (sc *Scene) Conclude(o Outcome) { sc.draft.outcome = o }

// HandOff gives the conversation to a human.
func (sc *Scene) HandOff(h HandOff) {
	h.Order = sc.State.Order
	h.Tried = append([]string(nil), sc.State.Tried...)
	h.Evidence = append(h.Evidence, sc.evidence()...)
	if h.NextStep == "" {
		h.NextStep = sc.nextStep()
	}
	sc.draft.handOff = &h
	if sc.State.Script != nil {
		sc.draft.outcome = OutcomeHandOff
	}
}

// Then begins another flow after the ones under way, with the same words.
func (sc *Scene) Then(flow string) { sc.ThenAbout(flow, sc.Turn.Text) }

// ThenAbout begins another flow after the ones under way, as if the text had
// been said.
func (sc *Scene) ThenAbout(flow, text string) {
	sc.State.Later = append([]Later{{Flow: flow, Text: text}}, sc.State.Later...)
}

// Again puts the sentences of the last reply into this one, without the
// question if the flow that asked it goes on and asks again.
func (sc *Scene) Again() {
	last := sc.State.Last
	n := len(last.Sentences)
	if len(sc.State.Frames) > 1 && n > 0 {
		n--
	}
	for _, s := range last.Sentences[:n] {
		sc.draft.say(s)
	}
	sc.draft.cards, sc.draft.want = last.Cards, last.Ask
	if n == len(last.Sentences) {
		sc.draft.expect = last.Expect
	}
}

// Summary tells a human in a few words what the conversation is about.
func (sc *Scene) Summary() string {
	s := "通话中"
	if c := sc.State.Caller.Customer; c != "" {
		s = "客户 " + c
	}
	if sc.State.Order != "" {
		s += "，订单 " + sc.State.Order
	}
	if t := sc.Turn.Text; t != "" {
		s += "，最后说：" + t
	}
	return s
}

// Abandon drops all flows under way; it tells whether there were any besides
// the current one.
func (sc *Scene) Abandon() bool {
	n := len(sc.State.Frames)
	mine := *sc.frame
	sc.State.Frames = []Frame{mine}
	sc.State.Later = nil
	sc.frame = sc.State.active()
	return n > 1
}

// Question is the sentence of the last reply that asked; empty if none did.
func (sc *Scene) Question() string {
	if n := len(sc.State.Last.Sentences); n > 0 {
		return sc.State.Last.Sentences[n-1].Text
	}
	return ""
}

func (sc *Scene) sentence(src Source, format string, values []Value) Sentence {
	args := make([]any, len(values))
	facts := append([]string(nil), src.Facts...)
	for i, v := range values {
		args[i] = v.Spoken(sc.Manner)
		facts = append(facts, v.Fact())
	}
	src.Facts = facts
	return Sentence{Text: fmt.Sprintf(format, args...), Sources: []Source{src}}
}

// FromFlow is the source of a sentence that states nothing but what the flow
// itself does.
func FromFlow(name string) Source { return Source{Kind: "flow", ID: name} }
