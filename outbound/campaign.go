// Package outbound makes reminder calls: campaigns, contacts with consent, one
// fail-closed gate, attempts that are written before the call leaves, and
// outcomes. No one is called who did not agree, nor twice, not even after a
// crash. It may import voice and dialog.
package outbound

import (
	"errors"
	"time"

	"waggle/dialog"
)

// Verdicts that callers act on.
var (
	ErrNotFound = errors.New("outbound: no such campaign, contact or attempt")
	ErrState    = errors.New("outbound: the campaign is in a state that does not allow this")
	ErrInvalid  = errors.New("outbound: invalid")
)

// CampaignState is where a campaign stands.
type CampaignState string

// The states of a campaign.
const (
	CampaignDraft     CampaignState = "draft"
	CampaignRunning   CampaignState = "running"
	CampaignPaused    CampaignState = "paused"
	CampaignCancelled CampaignState = "cancelled"
	CampaignDone      CampaignState = "done"
)

// Campaign is one list of people to remind of one kind of thing.
type Campaign struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	// Script is the kind of reminder: see dialog.Script.
	Script  string        `json:"script"`
	State   CampaignState `json:"state"`
	Created time.Time     `json:"created"`
}

// ContactState is where one person of a campaign stands.
type ContactState string

// The states of a contact. Only pending ones are ever called.
const (
	ContactPending   ContactState = "pending"
	ContactDialling  ContactState = "dialling"
	ContactDone      ContactState = "done"
	ContactRefused   ContactState = "refused"   // the gate said no for good
	ContactCancelled ContactState = "cancelled" // no longer needed: paid, cancelled
	ContactUnknown   ContactState = "unknown"   // the gateway died while dialling
)

// Consent is the proof that a person agreed to be called. Without Basis, At
// and Proof there is no call.
type Consent struct {
	Basis string    `json:"basis"` // what was agreed to, such as "order reminder"
	At    time.Time `json:"at"`
	Proof string    `json:"proof"` // where the record is: a form, a recording, an order
}

// Given reports whether the proof is complete.
func (c Consent) Given() bool { return c.Basis != "" && c.Proof != "" && !c.At.IsZero() }

// Contact is one person to call.
type Contact struct {
	ID       string            `json:"id"`
	Campaign string            `json:"campaign"`
	Number   string            `json:"number"` // E.164, such as +8613800000001
	Zone     string            `json:"zone"`   // IANA time zone of the callee
	Consent  Consent           `json:"consent"`
	Facts    map[string]string `json:"facts,omitempty"` // name, order, amount ...
	State    ContactState      `json:"state"`
	// NextAt is the earliest time of the next try.
	NextAt time.Time `json:"next_at"`
	Reason string    `json:"reason,omitempty"` // why it was refused or cancelled
}

// AttemptState is where one call stands.
type AttemptState string

// The states of an attempt. Dialling is written before the INVITE leaves; an
// attempt found dialling after a restart becomes unknown and is not redialled.
const (
	AttemptDialling AttemptState = "dialling"
	AttemptClosed   AttemptState = "closed"
	AttemptUnknown  AttemptState = "unknown"
)

// Attempt is one call to one contact.
type Attempt struct {
	ID           string       `json:"id"`
	Campaign     string       `json:"campaign"`
	Contact      string       `json:"contact"`
	Number       string       `json:"number"`
	State        AttemptState `json:"state"`
	CallID       string       `json:"call_id,omitempty"`
	Conversation string       `json:"conversation,omitempty"`
	Disposition  Disposition  `json:"disposition,omitempty"`
	Started      time.Time    `json:"started"`
	Ended        time.Time    `json:"ended,omitzero"`
}

// Disposition is how an attempt ended: by what the person said, or by what
// the network answered.
type Disposition string

// The dispositions. Those of a conversation are the dialog's outcomes.
const (
	Confirmed     = Disposition(dialog.OutcomeConfirmed)
	Declined      = Disposition(dialog.OutcomeDeclined)
	OptedOut      = Disposition(dialog.OutcomeOptOut)
	Unclear       = Disposition(dialog.OutcomeNoAnswer)
	HandedOff     = Disposition(dialog.OutcomeHandOff)
	Busy          = Disposition("busy")
	NotAnswered   = Disposition("not-answered")
	Rejected      = Disposition("rejected")
	Unreachable   = Disposition("unreachable")
	InvalidNumber = Disposition("invalid-number")
	Failed        = Disposition("failed")
	Lost          = Disposition("unknown")
)

// Retriable reports whether the same person may be tried again later. A call
// that reached a person, or that may have, is never repeated.
func (d Disposition) Retriable() bool {
	return d == Busy || d == NotAnswered || d == Unreachable
}
