package dialog

import "context"

// The events of a call that was handed to people by phone. Flows say what
// follows from them.
const (
	// EventTransferFailed: nobody at the desk took the caller.
	EventTransferFailed Event = "transfer.failed"
	// EventOperatorLeft: the person has hung up, the caller is still there.
	EventOperatorLeft Event = "operator.left"
)

// Transfer is how far connecting a caller with a person by phone has come. Each
// state has an entry of its own in the log.
type Transfer struct {
	State TransferState `json:"state"`
	Way   TransferWay   `json:"way,omitempty"`
	// WaitMS is how long the caller has waited for a person, TalkMS how long the
	// two have talked.
	WaitMS int64 `json:"wait_ms"`
	TalkMS int64 `json:"talk_ms,omitempty"`
}

// TransferState is where a transfer stands.
type TransferState string

// The states. Calling begins a transfer; Answered and Joined lead to Left.
const (
	TransferCalling  TransferState = "calling"
	TransferAnswered TransferState = "answered" // a person hears who is coming
	TransferJoined   TransferState = "joined"   // the caller talks to the person
	TransferLeft     TransferState = "left"     // the person has hung up
	TransferReferred TransferState = "referred" // the line has taken the caller there
	TransferBusy     TransferState = "busy"
	TransferNoAnswer TransferState = "no-answer"
	TransferFailed   TransferState = "failed"
	TransferRecalled TransferState = "recalled" // an operator was faster, or the caller was given back
	TransferEnded    TransferState = "ended"    // the caller's call ended meanwhile
)

// TransferWay is how the caller is connected.
type TransferWay string

// The ways.
const (
	TransferRefer  TransferWay = "refer"  // by the caller's own line (RFC 3515)
	TransferBridge TransferWay = "bridge" // over a second leg of ours
)

// Transferred notes how far connecting the caller with a person has come.
func (c *Conversations) Transferred(ctx context.Context, id string, t Transfer) error {
	return c.with(ctx, id, func(conv *conversation) error {
		return c.append(ctx, conv, Entry{Transfer: &t})
	})
}

// transfer adds a state to the record: every attempt is one row, as it stood
// last.
func (r *Record) transfer(t Transfer) {
	if n := len(r.Transfers); n > 0 && t.State != TransferCalling {
		r.Transfers[n-1] = t
		return
	}
	r.Transfers = append(r.Transfers, t)
}
