package sip

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/emiago/sipgo/sip"
)

// What became of a call that was not answered. DialError wraps exactly one.
var (
	ErrBusy          = errors.New("busy")
	ErrNoAnswer      = errors.New("no answer")
	ErrRejected      = errors.New("rejected")
	ErrUnreachable   = errors.New("unreachable")
	ErrInvalidNumber = errors.New("invalid number")
	ErrRetryLater    = errors.New("line busy, retry later") // the line, not the callee
	ErrCancelled     = errors.New("cancelled")
)

// DialError says why there is no call, and whether the callee may have noticed
// the attempt.
type DialError struct {
	Kind       error         // one of the sentinels above
	Status     int           // SIP status, 0 when none came
	Reason     string        // the peer's words, for logs
	RetryAfter time.Duration // what the peer asked for, 0 = nothing
	Sent       bool          // an INVITE has left: never redial on its account
	Err        error         // what happened on our side, may be nil
}

// Error implements error.
func (e *DialError) Error() string {
	s := "sip: call failed: " + e.Kind.Error()
	if e.Status != 0 {
		s += fmt.Sprintf(" (%d %s)", e.Status, e.Reason)
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap lets errors.Is find the kind and the cause.
func (e *DialError) Unwrap() []error { return []error{e.Kind, e.Err} }

// refusedBy classifies a final answer to an INVITE (RFC 3261 21.3 to 21.6).
// Redirections are never followed: nobody else decides whom this line calls.
func refusedBy(res *sip.Response) *DialError {
	e := &DialError{Kind: kindOf(res.StatusCode), Status: res.StatusCode, Reason: printable(res.Reason), Sent: true}
	if h := res.GetHeader("Retry-After"); h != nil {
		if seconds, err := strconv.Atoi(firstWord(h.Value())); err == nil && seconds >= 0 && seconds <= 86400 {
			e.RetryAfter = time.Duration(seconds) * time.Second
		}
	}
	if e.Kind == ErrNoAnswer && e.RetryAfter > 0 { //nolint:errorlint // a kind is one of these, never wrapped
		e.Kind = ErrRetryLater
	}
	return e
}

func kindOf(status int) error {
	switch status {
	case 486, 600:
		return ErrBusy
	case 408, 480, 487:
		return ErrNoAnswer
	case 404, 410, 416, 484, 485, 604:
		return ErrInvalidNumber
	case 500, 503, 491:
		return ErrRetryLater
	case 502, 504, 513:
		return ErrUnreachable
	}
	return ErrRejected
}

// firstWord cuts "18;duration=3600 (in a meeting)" down to "18".
func firstWord(s string) string {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return s[:i]
		}
	}
	return s
}
