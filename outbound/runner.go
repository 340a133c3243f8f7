package outbound

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"waggle/dialog"
)

// Runner works campaigns off. Fill the exported fields, then call Run once.
type Runner struct {
	Ledger   Ledger
	Contacts Contacts
	Caller   Caller
	Gate     Gate
	Pacer    *Pacer
	// Admit takes a seat among all calls of the gateway; nil means that there
	// is always one. A call that finds no seat waits for the next round.
	Admit func() (release func(), err error)
	// Lines is the most calls at once.
	Lines int
	// Now and Tick are the clock; nil means the real one and one second.
	Now  func() time.Time
	Tick <-chan time.Time
	Log  *slog.Logger

	mu     sync.Mutex
	active map[string]bool // contacts with a call in progress
}

// Retry is how long to wait after a busy or unanswered call.
const Retry = 2 * time.Hour

// writeTimeout bounds a write that must happen although the gateway is
// stopping: an outcome is never lost to a cancelled context.
const writeTimeout = 10 * time.Second

// Run first settles what a dead process left behind, then calls until ctx
// ends, and returns when the calls in progress have ended. A store that fails
// pauses calling and heals by itself.
func (r *Runner) Run(ctx context.Context) error {
	r.active = map[string]bool{}
	if err := r.rescue(ctx); err != nil {
		return err
	}
	tick := r.Tick
	if tick == nil {
		t := time.NewTicker(time.Second)
		defer t.Stop()
		tick = t.C
	}
	var calls sync.WaitGroup
	defer calls.Wait()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick:
			if err := r.round(ctx, &calls); err != nil && ctx.Err() == nil {
				r.Log.Error("outbound paused: the store does not answer", "error", err)
			}
		}
	}
}

func (r *Runner) rescue(ctx context.Context) error {
	lost, err := r.Ledger.Orphans(ctx, r.now())
	if err != nil {
		return fmt.Errorf("outbound: settle attempts of the last run: %w", err)
	}
	for _, a := range lost {
		r.Log.Warn("attempt of the last run has an unknown fate and is not repeated", "campaign", a.Campaign, "attempt", a.ID)
	}
	return nil
}

// round starts as many calls as lines, pace and gate allow.
func (r *Runner) round(ctx context.Context, calls *sync.WaitGroup) error {
	free := r.Lines - r.busy()
	if free <= 0 {
		return nil
	}
	due, err := r.Contacts.Due(ctx, r.now(), free)
	if err != nil {
		return err
	}
	for _, c := range due {
		if !r.claim(c.ID) {
			continue
		}
		leave, ok := r.admit()
		if !ok {
			r.release(c.ID)
			return nil
		}
		a, script, err := r.reserve(ctx, c)
		if err != nil {
			leave()
			r.release(c.ID)
			if err := r.refused(ctx, c, err); err != nil {
				return err
			}
			continue
		}
		calls.Go(func() {
			defer r.release(c.ID)
			defer leave()
			r.call(ctx, a, script)
		})
	}
	return nil
}

// admit asks capacity and pace, the last two rules before a call leaves.
func (r *Runner) admit() (leave func(), ok bool) {
	leave = func() {}
	if r.Admit != nil {
		var err error
		if leave, err = r.Admit(); err != nil {
			return nil, false
		}
	}
	if !r.Pacer.Allow() {
		leave()
		return nil, false
	}
	return leave, true
}

// reserve passes the gate and writes the attempt, in one transaction.
func (r *Runner) reserve(ctx context.Context, c Contact) (Attempt, dialog.Script, error) {
	var script dialog.Script
	now := r.now()
	a, err := r.Ledger.Reserve(ctx, c.ID, now, func(f Facts) error {
		script = dialog.Script{Kind: f.Campaign.Script, Facts: f.Contact.Facts}
		return r.Gate.Check(f, now)
	})
	return a, script, err
}

// refused moves a contact on after the gate said no; other errors are the
// store's and stop the round.
func (r *Runner) refused(ctx context.Context, c Contact, refusal error) error {
	log := r.Log.With("campaign", c.Campaign, "contact", c.ID)
	switch {
	case Final(refusal):
		log.Info("call refused for good", "reason", refusal)
		return r.Contacts.Settle(ctx, c.ID, ContactRefused, refusal.Error())
	case errors.Is(refusal, ErrWindow):
		next, err := r.Gate.Window.Next(r.now(), c.Zone)
		if err != nil {
			return r.Contacts.Settle(ctx, c.ID, ContactRefused, err.Error())
		}
		return r.Contacts.Postpone(ctx, c.ID, next)
	case errors.Is(refusal, ErrFrequency), errors.Is(refusal, ErrInProgress):
		return r.Contacts.Postpone(ctx, c.ID, r.now().Add(Retry))
	case errors.Is(refusal, ErrNotNeeded), errors.Is(refusal, ErrNotRunning), errors.Is(refusal, ErrNotFound):
		return nil // changed since it was listed
	default:
		return refusal
	}
}

// call runs one attempt to its end and records the outcome, whatever happens.
func (r *Runner) call(ctx context.Context, a Attempt, script dialog.Script) {
	res := r.safeCall(ctx, a, script)
	if res.Ended.IsZero() {
		res.Ended = r.now()
	}
	if res.Disposition.Retriable() {
		res.RetryAt = res.Ended.Add(Retry)
	}
	write, cancel := context.WithTimeout(context.WithoutCancel(ctx), writeTimeout)
	defer cancel()
	log := r.Log.With("campaign", a.Campaign, "attempt", a.ID, "call", res.CallID)
	if err := r.Ledger.Close(write, a.ID, res); err != nil {
		// The attempt stays dialling on record: the next start makes it
		// unknown, and it is not repeated.
		log.Error("outcome could not be written", "error", err)
		return
	}
	log.Info("attempt closed", "disposition", res.Disposition)
}

// safeCall keeps a panic inside one call.
func (r *Runner) safeCall(ctx context.Context, a Attempt, script dialog.Script) (res Result) {
	defer func() {
		if p := recover(); p != nil {
			r.Log.Error("a call panicked", "attempt", a.ID, "panic", p)
			res = Result{Disposition: Failed}
		}
	}()
	return r.Caller.Call(ctx, a, script)
}

func (r *Runner) busy() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.active)
}

func (r *Runner) claim(contact string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.active[contact] {
		return false
	}
	r.active[contact] = true
	return true
}

func (r *Runner) release(contact string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.active, contact)
}

func (r *Runner) now() time.Time {
	if r.Now != nil {
		return r.Now()
	}
	return time.Now()
}
