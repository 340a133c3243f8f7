package voice

import (
	"context"
	"errors"
	"fmt"
	"time"

	"waggle/dialog"
)

// deskOperator is who has a conversation that was transferred, as the queue of
// the operators lists it.
const deskOperator = "phone"

// What a caller hears while the desk rings, in turn, and when it answers. There
// is no music: words at intervals say that the line is alive.
var connectTexts = [...]string{"正在为您接通人工客服，请稍等。", "还在为您接通，请不要挂机。"}

const answeredText = "人工客服已经接起，马上和您通话。"

// connectTime is how often they are said.
const connectTime = 8 * time.Second

// desk is what the turn loop knows of the way to people by phone.
type desk struct {
	wanted  *dialog.HandOff // promised, not ordered yet
	since   time.Time       // of the order; zero when none is under way
	joined  time.Time
	told    dialog.Transfer // the last state that the log knows
	answers bool            // somebody has the caller
}

// under reports whether an order is under way.
func (d *desk) under() bool { return !d.since.IsZero() }

// handOver has the caller connected once the robot has said so. Without a desk
// the conversation waits in the queue.
func (t *turns) handOver(ctx context.Context) error {
	wanted := t.desk.wanted
	if wanted == nil || t.transfer == nil || t.watch.taken {
		return nil
	}
	t.desk = desk{since: time.Now()}
	t.transfer.order(wanted.Announcement)
	return t.noteTransfer(ctx, connection{state: dialog.TransferCalling})
}

// connected deals with what has become of the order.
func (t *turns) connected(ctx context.Context, c connection) error {
	if err := t.noteTransfer(ctx, c); err != nil {
		return err
	}
	switch c.state {
	case dialog.TransferReferred:
		return over{CauseHandOff}
	case dialog.TransferAnswered:
		return t.claimed(ctx)
	case dialog.TransferJoined:
		t.desk.joined = time.Now()
		t.pushed = nil
		if err := t.interrupt(ctx); err != nil {
			return err
		}
		t.release()
		return nil
	case dialog.TransferLeft:
		return t.backFrom(ctx, dialog.EventOperatorLeft)
	case dialog.TransferRecalled:
		t.desk = desk{}
		return nil
	}
	t.log.Warn("nobody at the desk took the caller", "state", c.state, "err", c.err)
	return t.backFrom(ctx, dialog.EventTransferFailed)
}

// claimed notes that somebody at the desk has the conversation; an operator who
// was faster keeps it.
func (t *turns) claimed(ctx context.Context) error {
	err := t.brain.Take(ctx, t.id, deskOperator)
	switch {
	case errors.Is(err, dialog.ErrTaken):
		t.transfer.cancel()
		return nil
	case errors.Is(err, dialog.ErrEnded):
		return over{CauseNormal}
	case err != nil:
		return fmt.Errorf("voice: note who has the caller: %w", err)
	}
	t.desk.answers = true
	return t.answer(ctx, said(answeredText, "flow", "hand-off"), stopwatch{})
}

// backFrom gives the conversation back to the robot, which says what happened.
func (t *turns) backFrom(ctx context.Context, e dialog.Event) error {
	t.desk = desk{}
	if err := t.brain.GiveBack(ctx, t.id); err != nil {
		return fmt.Errorf("voice: take the caller back: %w", err)
	}
	t.watch.withHuman, t.watch.taken, t.held = false, false, 0
	return t.turn(ctx, dialog.Turn{Event: e}, stopwatch{})
}

// noteTransfer writes a state of the transfer into the conversation's log.
func (t *turns) noteTransfer(ctx context.Context, c connection) error {
	now := time.Now()
	n := dialog.Transfer{State: c.state, Way: c.way}
	switch {
	case !t.desk.joined.IsZero():
		n.WaitMS, n.TalkMS = t.desk.joined.Sub(t.desk.since).Milliseconds(), now.Sub(t.desk.joined).Milliseconds()
	case t.desk.under():
		n.WaitMS = now.Sub(t.desk.since).Milliseconds()
	}
	t.desk.told = n
	if err := t.brain.Transferred(ctx, t.id, n); err != nil {
		return fmt.Errorf("voice: note the transfer: %w", err)
	}
	return nil
}

// settle notes how a transfer ended that was under way when the call ended.
func (t *turns) settle(ctx context.Context) error {
	if !t.desk.under() || t.id == "" || t.desk.told.State == dialog.TransferReferred {
		return nil
	}
	return t.noteTransfer(ctx, connection{state: dialog.TransferEnded, way: t.desk.told.Way})
}
