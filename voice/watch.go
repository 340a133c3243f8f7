package voice

import (
	"context"

	"waggle/dialog"
)

// watch follows the log of the conversation for what other channels do in it:
// a photo sent by page or link, an operator who takes over.
type watch struct {
	entries   <-chan dialog.Entry
	cancel    func()
	own       bool // the last turn was taken by this call: its reply is spoken already
	withHuman bool
	taken     bool // an operator has the conversation, nobody waits any more
}

// watched deals with an entry. A reply that this call did not ask for is
// spoken when the floor is free.
func (t *turns) watched(ctx context.Context, e dialog.Entry, open bool) error {
	if !open {
		t.watch.entries = nil // the conversation was closed, or this call lagged behind
		return nil
	}
	if e.Ended != "" {
		return over{CauseNormal}
	}
	if s := e.State; s != nil {
		if err := t.follow(s); err != nil {
			return err
		}
	}
	if e.Operator != nil {
		return t.operated(ctx, *e.Operator)
	}
	if e.Turn != nil {
		t.watch.own = spoken(e.Turn)
	}
	if e.Reply == nil {
		return nil
	}
	if t.watch.own {
		t.watch.own = false
		return nil
	}
	if len(e.Reply.Sentences) > 0 {
		t.pushed = append(t.pushed, *e.Reply)
	}
	return t.idle(ctx)
}

// follow keeps to what the caller has decided.
func (t *turns) follow(s *dialog.State) error {
	before := t.watch.withHuman
	t.watch.withHuman, t.watch.taken = s.WithHuman, s.Handed != nil && s.Handed.Operator != ""
	if !t.watch.withHuman {
		t.held = 0
	}
	if before || t.watch.withHuman {
		t.await()
	}
	if s.NoRecording {
		return t.recording.Refuse()
	}
	return nil
}

// spoken reports whether a turn came from a call: only those have speech, keys
// or events.
func spoken(t *dialog.Turn) bool { return t.Speech != nil || t.DTMF != "" || t.Event != "" }
