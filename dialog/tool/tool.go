// Package tool is the one list of what may be looked up and done in the shop,
// whoever asks: a flow or a language model. What is read is read only for the
// customer it belongs to. What is written goes through three gates that no
// caller can leave out: the customer is known, exactly this was read back to
// them, heard, and agreed to, and the shop's policy allows it, judged in Go
// right before the write. Amounts are never an argument: code works them out.
// It may import shop, dialog/fact and dialog/nlu's reading of addresses and answers.
package tool

import (
	"context"
	"errors"
	"fmt"
	"time"

	"waggle/dialog/fact"
	"waggle/shop"
)

// Effect says whether a tool changes anything.
type Effect string

// The effects.
const (
	Read  Effect = "read"
	Write Effect = "write"
)

// One sentinel per verdict; decide by errors.Is.
var (
	// ErrUnknownTool says that there is no tool of that name.
	ErrUnknownTool = errors.New("tool: there is no such tool")
	// ErrArguments says that an argument is missing, unknown or of the wrong type.
	ErrArguments = errors.New("tool: wrong arguments")
	// ErrCaller says that the customer has not proven who they are.
	ErrCaller = errors.New("tool: the caller is not known")
	// ErrForeign says that the record is somebody else's; nothing of it may be
	// told, not even that it exists.
	ErrForeign = errors.New("tool: not a record of this customer")
	// ErrConsent says that the write was not read back, heard and agreed to as
	// it would be carried out now.
	ErrConsent = errors.New("tool: no consent to this")
	// ErrRefused says that the policy does not allow it; the error is a *Refusal.
	ErrRefused = errors.New("tool: refused by policy")
)

// Code is why the policy refuses.
type Code string

// The codes.
const (
	RefusedState    Code = "state"    // the order is not in a state for this
	RefusedLate     Code = "late"     // the days for it are over
	RefusedCategory Code = "category" // goods that cannot go back without a fault
	RefusedLimit    Code = "limit"    // more money than the robot may give
	RefusedAlready  Code = "already"  // it is done, or under way
	RefusedEvidence Code = "evidence" // a photo has to show it, or a person to see it
	RefusedStock    Code = "stock"    // what is wanted is not there
	RefusedNothing  Code = "nothing"  // there is nothing to give: no difference, no coupon
)

// Codes lists all of them.
func Codes() []Code {
	return []Code{RefusedState, RefusedLate, RefusedCategory, RefusedLimit, RefusedAlready, RefusedEvidence, RefusedStock, RefusedNothing}
}

// Refusal is a guard's no, with its reason for the log and for the one who
// answers the customer.
type Refusal struct {
	Code   Code
	Reason string
}

func (r *Refusal) Error() string { return fmt.Sprintf("tool: refused (%s): %s", r.Code, r.Reason) }

// Unwrap makes errors.Is(err, ErrRefused) true.
func (r *Refusal) Unwrap() error { return ErrRefused }

func refuse(c Code, format string, args ...any) error {
	return &Refusal{Code: c, Reason: fmt.Sprintf(format, args...)}
}

// Caller is on whose behalf a tool is used.
type Caller struct {
	Customer string
	// Known is set when the customer has proven who they are.
	Known bool
}

// Consent is what the customer has agreed to. The engine makes it; a language
// model never does.
type Consent struct {
	// Digest is that of the Plan that was read back.
	Digest string
	// Heard is set when the customer has heard the question to its end, Yes
	// when the answer was an explicit yes.
	Heard, Yes bool
}

// Evidence is what photos have shown, as the flow has judged it.
type Evidence struct {
	// Accepted is set when the fault was seen and nothing about the picture
	// needs a person's eyes.
	Accepted bool
	Photos   []string
}

// Call asks for one use of a tool.
type Call struct {
	Tool   string
	Args   Args
	Caller Caller
	// Key, Consent and Evidence are for writes. The same key with the same
	// arguments is carried out once.
	Key      shop.Key
	Consent  Consent
	Evidence Evidence
	// RefundMax is a lower limit than the policy's; 0 for the policy's.
	RefundMax shop.Fen
	Now       time.Time
}

// Plan is a write that the policy allows, worked out and not yet carried out.
type Plan struct {
	// Says is what will be done, in Mandarin, fit to be followed by 确认吗.
	Says string
	// Facts are what Says and a flow's own read-back may speak.
	Facts fact.Record
	// Digest names tool, arguments and outcome together: a consent to one plan
	// is none to another, such as after the amount has changed.
	Digest string
}

// Result is what a tool has found or done.
type Result struct {
	// Kind and ID name the record that proves the facts.
	Kind, ID string
	Facts    fact.Record
	// Rows are several records of one kind, as orders or products.
	Rows []fact.Record
}

// Strings lists all facts, for grounding.
func (r Result) Strings() []string {
	out := r.Facts.Facts()
	for _, row := range r.Rows {
		out = append(out, row.Facts()...)
	}
	return out
}

// Tool is one thing that may be looked up or done.
type Tool struct {
	Name        string
	Description string
	Effect      Effect
	Params      []Param
	// Returns says which facts a result has.
	Returns fact.Schema
	// Plans says which facts the plan of a write has.
	Plans fact.Schema
	// Open tools need no known caller: the catalogue, the policy.
	Open bool

	guard func(ctx context.Context, s *scope) (Plan, error)
	run   func(ctx context.Context, s *scope) (Result, error)
}

// scope is what a tool works with: the call with its arguments resolved.
type scope struct {
	Call
	shop    shop.Shop
	policy  shop.Policy
	order   shop.Order   // of a parameter of type Order
	product shop.Product // of a parameter of type Product
}

// Guarded tells whether the tool writes, and so needs a consent.
func (t Tool) Guarded() bool { return t.Effect == Write }
