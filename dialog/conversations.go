package dialog

import (
	"context"
	"time"
)

// Opening says how a conversation begins.
type Opening struct {
	Channel Channel `json:"channel"`
	// From is the caller's number or a user name, if known; User is the shop's
	// customer id when the channel has authenticated it.
	From string `json:"from,omitempty"`
	User string `json:"user,omitempty"`
	// Script is set for an outbound call: which reminder, with which facts.
	Script *Script `json:"script,omitempty"`
}

// Script is what an outbound call is about.
type Script struct {
	// Kind is pay, finish, balance, parcel, appointment: a flow of that name.
	Kind string `json:"kind"`
	// Facts fill the flow's slots (name, order, amount, date ...).
	Facts map[string]string `json:"facts,omitempty"`
}

// Entry is one event of the append-only log of a conversation. The log is the
// source for replay, inspection and disputes; State is derived from it.
type Entry struct {
	Conversation string    `json:"conversation"`
	Seq          int       `json:"seq"`
	At           time.Time `json:"at"`
	Opening      *Opening  `json:"opening,omitempty"`
	Turn         *Turn     `json:"turn,omitempty"`
	Reply        *Reply    `json:"reply,omitempty"`
	// State is the checkpoint after the reply: replaying it does nothing
	// twice.
	State *State `json:"state,omitempty"`
	// Operator is what a person did in the conversation.
	Operator *OperatorAct `json:"operator,omitempty"`
	// Heard corrects the preceding reply: what the caller really heard.
	Heard *string `json:"heard,omitempty"`
	// Latency is from the end of the user's turn to the first sound or byte.
	Latency time.Duration `json:"latency,omitempty"`
	// Line tells how good the line of a call was, once, when it has ended.
	Line *LineQuality `json:"line,omitempty"`
	// Transfer tells how connecting the caller with a person by phone goes.
	Transfer *Transfer `json:"transfer,omitempty"`
	// Ended closes the log with an outcome (a voice.Cause or an Outcome).
	Ended string `json:"ended,omitempty"`
}

// Log keeps entries. store implements it; appends are durable when it returns.
// Reading a conversation that does not exist gives nothing, or ErrUnknown.
type Log interface {
	Append(ctx context.Context, e Entry) error
	Read(ctx context.Context, conversation string) ([]Entry, error)
}
