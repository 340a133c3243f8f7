package dialog

import "waggle/vision"

// State is what a conversation knows. It is plain data: a checkpoint of it
// stands beside every reply in the log, so that a conversation goes on after a
// restart without doing anything twice.
type State struct {
	Conversation string  `json:"conversation"`
	Channel      Channel `json:"channel"`
	Caller       Caller  `json:"caller"`
	Script       *Script `json:"script,omitempty"`

	// Order, Parcel and Product are in focus: what "it" means.
	Order   string `json:"order,omitempty"`
	Product string `json:"product,omitempty"`
	// Shown are the products of the last list, in the order in which they were
	// told: what the second one means.
	Shown []string `json:"shown,omitempty"`
	// ShownOrders are the orders that were offered last; Topic is the flow that
	// told something last.
	ShownOrders []string `json:"shown_orders,omitempty"`
	Topic       string   `json:"topic,omitempty"`
	// Frames are the flows under way; the last one is active.
	Frames []Frame `json:"frames,omitempty"`
	// Later holds what was asked in the same breath and has to wait.
	Later []Later `json:"later,omitempty"`
	// Photos are the findings of the last photos that no flow has used yet,
	// PhotoIDs name those.
	Photos   []vision.Finding `json:"photos,omitempty"`
	PhotoIDs []string         `json:"photo_ids,omitempty"`

	// Last is the previous reply; Heard is what the caller heard of it, nil
	// for all.
	Last  Reply   `json:"last"`
	Heard *string `json:"heard,omitempty"`
	// Serial counts flows, so that every write has a key of its own.
	Serial int `json:"serial,omitempty"`

	Turns       int      `json:"turns,omitempty"`
	Unclear     int      `json:"unclear,omitempty"`     // in a row
	Unreachable int      `json:"unreachable,omitempty"` // turns in a row without an answer of the shop
	Silent      int      `json:"silent,omitempty"`      // in a row
	Negative    int      `json:"negative,omitempty"`    // in all
	Tried       []string `json:"tried,omitempty"`       // flows that were begun
	// ModelTokens is what a language model has cost in this conversation, Recent
	// what was said last; both are kept only where there is a model.
	ModelTokens int        `json:"model_tokens,omitempty"`
	Recent      []Exchange `json:"recent,omitempty"`
	// NoRecording is set when the caller does not want to be recorded.
	NoRecording bool `json:"no_recording,omitempty"`
	// WithHuman keeps the robot silent until the conversation is given back;
	// Handed says why, and who has it.
	WithHuman bool    `json:"with_human,omitempty"`
	Handed    *Handed `json:"handed,omitempty"`
	// DeskTicket is the ticket that was opened because nobody was there.
	DeskTicket string `json:"desk_ticket,omitempty"`
	// Offered lists what was offered already, by tool and order: once is enough.
	Offered []string `json:"offered,omitempty"`
	// Demands counts turns that asked for a person without being clear, Refused
	// noes of the policy, by flow and order.
	Demands int            `json:"demands,omitempty"`
	Refused map[string]int `json:"refused,omitempty"`
	// Echo stands for the caller's last words, Same counts them in a row.
	Echo  uint32 `json:"echo,omitempty"`
	Same  int    `json:"same,omitempty"`
	Ended bool   `json:"ended,omitempty"`
}

// Caller is who is speaking, as far as is known.
type Caller struct {
	Customer string `json:"customer,omitempty"`
	Phone    string `json:"phone,omitempty"`
	// Known allows the customer's orders to be read aloud and changed. A line or
	// login that the shop trusts gives it, or the number of an order together
	// with the phone number that it was placed with.
	Known bool `json:"known,omitempty"`
}

// Frame is a flow under way.
type Frame struct {
	Flow   string `json:"flow"`
	Serial int    `json:"serial"`
	Step   int    `json:"step"`
	// At names the step, for a conversation that goes on after the procedure was
	// changed; empty in checkpoints of before.
	At    string            `json:"at,omitempty"`
	Slots map[string]string `json:"slots,omitempty"`
	// Asked is set while the current step waits for an answer; Tries counts
	// answers that did not fit.
	Asked bool `json:"asked,omitempty"`
	Tries int  `json:"tries,omitempty"`
	// Order and Product were in focus when the last step was done: a question
	// in between about another order must not change what this flow is about.
	Order   string `json:"order,omitempty"`
	Product string `json:"product,omitempty"`
	// Digressions counts the other questions that came instead of an answer.
	Digressions int `json:"digressions,omitempty"`
}

// Later is a question that waits for its turn.
type Later struct {
	Flow string `json:"flow"`
	Text string `json:"text"`
}

// active returns the flow that is under way, or nil.
func (s *State) active() *Frame {
	if len(s.Frames) == 0 {
		return nil
	}
	return &s.Frames[len(s.Frames)-1]
}

// mostTried is how many of the flows that were begun a person is told of.
const mostTried = 16

func (s *State) push(flow string) *Frame {
	s.Serial++
	s.Frames = append(s.Frames, Frame{Flow: flow, Serial: s.Serial, Slots: make(map[string]string)})
	if n := len(s.Tried); n == 0 || s.Tried[n-1] != flow {
		s.Tried = append(s.Tried[max(0, n+1-mostTried):], flow)
	}
	return s.active()
}

func (s *State) pop() {
	s.Frames = s.Frames[:len(s.Frames)-1]
}

// mostDigressions is how many other questions leave an open question open.
const mostDigressions = 2

// digress notes that something else was asked. Who keeps asking other things
// has given up what was under way.
func (s *State) digress() {
	f := s.active()
	if f == nil || !f.Asked {
		return
	}
	if f.Digressions++; f.Digressions > mostDigressions {
		s.pop()
	}
}

// frame finds a flow under way by its serial number; a step may have moved the
// frames.
func (s *State) frame(serial int) *Frame {
	for i := range s.Frames {
		if s.Frames[i].Serial == serial {
			return &s.Frames[i]
		}
	}
	return nil
}

// drop removes the frame with the serial number.
func (s *State) drop(serial int) {
	for i := range s.Frames {
		if s.Frames[i].Serial == serial {
			s.Frames = append(s.Frames[:i], s.Frames[i+1:]...)
			return
		}
	}
}

// heardShare is how much of a sentence must have been played before it counts
// as heard; the rest is the slack of the estimate.
const heardShare = 0.8

// HeardSentence tells whether the caller heard the sentence of the last reply,
// or was interrupted before. The caller hears sentences in order.
func (s *State) HeardSentence(text string) bool {
	if s.Heard == nil {
		return true
	}
	before := 0
	for _, x := range s.Last.Sentences {
		if x.Text == text {
			need := before + int(heardShare*float64(len([]rune(text))))
			return len([]rune(*s.Heard)) >= need
		}
		before += len([]rune(x.Text))
	}
	return false
}

// HeardQuestion tells whether the sentence was asked in the last reply and
// heard to its end: only then a yes is an answer to it.
func (s *State) HeardQuestion(text string) bool {
	for _, x := range s.Last.Sentences {
		if x.Text == text && text != "" {
			return s.HeardSentence(text)
		}
	}
	return false
}
