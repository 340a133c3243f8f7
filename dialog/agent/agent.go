// Package agent lets a language model answer what no flow takes. It is freer in
// its wording than a flow and never freer in facts or deeds: it looks things up
// through the tools that flows use, it speaks only sentences that the guard
// proves from what those have found, and a write it wishes for is judged by
// policy, read back and agreed to like any other. Whatever the model does wrong
// costs its answer and nothing more: the offline core goes on without it. It
// may import dialog, dialog/guard, dialog/knowledge, dialog/pii and dialog/tool.
package agent

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/sony/gobreaker/v2"
	"golang.org/x/time/rate"

	"waggle/dialog"
	"waggle/dialog/guard"
	"waggle/dialog/knowledge"
	"waggle/dialog/tool"
)

// Knowledge finds passages; *knowledge.Library is one.
type Knowledge interface {
	Retrieve(question string, limit int) []knowledge.Hit
	Answer(question string, least float64) (knowledge.Answer, bool)
}

// Options of an Agent. Model and Tools are needed.
type Options struct {
	Model Model
	// Name is what evidence calls the model.
	Name  string
	Tools *tool.Registry
	// Knowledge may be nil.
	Knowledge Knowledge
	// Procedures are the flows that the model may begin, by name, each with a
	// few words on what it is for.
	Procedures map[string]string
	// Guard checks each sentence.
	Guard  guard.Guard
	Limits Limits
	Log    *slog.Logger
	// Now is the clock of the hourly budget and the circuit breaker's tests;
	// nil means time.Now.
	Now func() time.Time
}

// Agent answers by a language model. It is safe for concurrent use.
type Agent struct {
	Options
	breaker *gobreaker.CircuitBreaker[Answer]
	hour    *rate.Limiter
}

// The circuit breaker leaves the model alone for a while after so many
// failures in a row.
const (
	failuresInARow = 3
	leaveAlone     = 30 * time.Second
)

// New makes an agent.
func New(o Options) *Agent {
	o.Limits = o.Limits.orDefault()
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	a := &Agent{Options: o}
	a.hour = rate.NewLimiter(rate.Limit(float64(o.Limits.HourTokens)/time.Hour.Seconds()), o.Limits.HourTokens)
	a.breaker = gobreaker.NewCircuitBreaker[Answer](gobreaker.Settings{
		Name:    "llm",
		Timeout: leaveAlone,
		ReadyToTrip: func(c gobreaker.Counts) bool {
			return c.ConsecutiveFailures >= failuresInARow
		},
		IsSuccessful: func(err error) bool {
			return err == nil || errors.Is(err, context.Canceled) || errors.Is(err, errEnough)
		},
		OnStateChange: func(_ string, from, to gobreaker.State) {
			o.Log.Warn("the language model's circuit breaker", "from", from.String(), "to", to.String())
		},
	})
	return a
}

// Flow is what an engine runs when no other flow takes a turn: the last of its
// fallbacks.
func (a *Agent) Flow() dialog.Flow {
	return dialog.Flow{Name: dialog.ModelFlow, Fallback: true, Steps: []dialog.Step{a.speak, a.confirm}}
}

// affordable tells whether conversation and shop have budget left.
func (a *Agent) affordable(sc *dialog.Scene) bool {
	if sc.State.ModelTokens >= a.Limits.ConversationTokens {
		a.Log.Info("the model's budget for the conversation is spent", "call", sc.State.Conversation)
		return false
	}
	if a.hour.TokensAt(a.Now()) < 1 {
		a.Log.Warn("the model's budget for the hour is spent", "call", sc.State.Conversation)
		return false
	}
	return true
}

// spend books what a completion has cost, also when it was of no use.
func (a *Agent) spend(sc *dialog.Scene, tokens int) {
	sc.State.ModelTokens += tokens
	a.hour.ReserveN(a.Now(), min(tokens, a.Limits.HourTokens))
}
