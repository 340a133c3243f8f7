package outbound

import (
	"context"
	"fmt"
	"sync"
	"time"

	"waggle/dialog"
)

// OptOutLog is a dialog.Log that also honours "do not call me again": the
// number is on the do-not-call list before the reply that promises it is
// spoken, on every channel and in inbound calls too.
type OptOutLog struct {
	dialog.Log
	List DoNotCall

	mu      sync.Mutex
	numbers map[string]string // conversation -> number, while it is open
}

// NewOptOutLog wraps log.
func NewOptOutLog(log dialog.Log, list DoNotCall) *OptOutLog {
	return &OptOutLog{Log: log, List: list, numbers: map[string]string{}}
}

// Append first acts on an opt-out, then appends. If the list cannot be
// written the entry is refused: a promise that is not kept must not be made.
func (l *OptOutLog) Append(ctx context.Context, e dialog.Entry) error {
	l.follow(e)
	if e.Reply != nil && e.Reply.Outcome == dialog.OutcomeOptOut {
		if err := l.optOut(ctx, e); err != nil {
			return err
		}
	}
	return l.Log.Append(ctx, e)
}

func (l *OptOutLog) follow(e dialog.Entry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case e.Opening != nil && e.Opening.From != "":
		l.numbers[e.Conversation] = e.Opening.From
	case e.Ended != "":
		delete(l.numbers, e.Conversation)
	}
}

func (l *OptOutLog) optOut(ctx context.Context, e dialog.Entry) error {
	number, err := Normalize(l.number(ctx, e.Conversation))
	if err != nil {
		return nil //nolint:nilerr // a text chat without a number has nothing to list
	}
	at := e.At
	if at.IsZero() {
		at = time.Now()
	}
	if err := l.List.Add(ctx, number, "said so in conversation "+e.Conversation, at); err != nil {
		return fmt.Errorf("outbound: write the do-not-call list: %w", err)
	}
	return nil
}

// number finds who a conversation is with; after a restart only the log knows.
func (l *OptOutLog) number(ctx context.Context, conversation string) string {
	l.mu.Lock()
	n := l.numbers[conversation]
	l.mu.Unlock()
	if n != "" {
		return n
	}
	entries, err := l.Log.Read(ctx, conversation)
	if err != nil {
		return ""
	}
	for _, e := range entries {
		if e.Opening != nil {
			return e.Opening.From
		}
	}
	return ""
}
