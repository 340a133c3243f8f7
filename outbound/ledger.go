package outbound

import (
	"context"
	"time"

	"waggle/dialog"
)

// Ledger is the durable record of attempts. A write is on disk when it
// returns.
type Ledger interface {
	// Reserve reads the facts of a contact, asks check, and only if check
	// returns nil writes an attempt in state dialling, all in one transaction.
	Reserve(ctx context.Context, contact string, at time.Time, check func(Facts) error) (Attempt, error)
	// Close writes the result of an attempt and moves its contact on.
	Close(ctx context.Context, attempt string, r Result) error
	// Orphans turns attempts that a dead process left dialling into unknown
	// ones, and their contacts too, and returns them.
	Orphans(ctx context.Context, at time.Time) ([]Attempt, error)
}

// Contacts is the work list of campaigns.
type Contacts interface {
	// Due lists pending contacts of running campaigns whose time has come.
	Due(ctx context.Context, at time.Time, limit int) ([]Contact, error)
	// Postpone sets the next try of a pending contact.
	Postpone(ctx context.Context, contact string, until time.Time) error
	// Settle closes a pending contact for good.
	Settle(ctx context.Context, contact string, s ContactState, reason string) error
}

// DoNotCall is the list of numbers that are never called, everywhere.
type DoNotCall interface {
	Add(ctx context.Context, number, reason string, at time.Time) error
}

// Result is how an attempt ended.
type Result struct {
	Disposition  Disposition
	CallID       string
	Conversation string
	Ended        time.Time
	// RetryAt is the next try; zero means none.
	RetryAt time.Time
}

// Caller makes one call from dialling to goodbye. It is told of an attempt
// that is on record already and reports how it ended.
type Caller interface {
	Call(ctx context.Context, a Attempt, s dialog.Script) Result
}
