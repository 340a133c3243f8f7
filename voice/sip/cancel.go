package sip

import (
	"context"
	"errors"
	"time"

	"github.com/emiago/sipgo/sip"

	"waggle/voice"
)

// giveUp stops waiting for an answer and says why.
func (a *attemptedCall) giveUp(cause error) error {
	a.cancelled = a.call.door.spawn(func() { defer a.close(); a.cancel() })
	if !a.cancelled {
		a.tx.Terminate()
	}
	e := &DialError{Kind: ErrCancelled, Err: cause, Sent: true}
	if errors.Is(cause, ErrNoAnswer) {
		e.Kind, e.Err = ErrNoAnswer, nil
	}
	return e
}

// cancel ends an INVITE that nobody waits for any more (RFC 3261 9.1). If the
// callee answered meanwhile, the call is taken and ended at once.
func (a *attemptedCall) cancel() {
	limit := time.NewTimer(64 * sip.T1)
	defer limit.Stop()
	sent := false
	for {
		if a.ringing && !sent {
			sent = true
			a.sendCancel()
		}
		select {
		case res := <-a.tx.Responses():
			if res.IsProvisional() {
				a.ringing = true
				continue
			}
			if res.IsSuccess() {
				a.hangUp(res)
			}
			return
		case <-a.tx.Done():
			return
		case <-limit.C:
			a.tx.Terminate()
			return
		}
	}
}

// sendCancel repeats the top Via, Call-ID, From, To and number of the INVITE.
func (a *attemptedCall) sendCancel() {
	req := a.call.request(sip.CANCEL, a.invite.CSeq().SeqNo)
	req.ReplaceHeader(a.invite.Via().Clone())
	ctx, stop := context.WithTimeout(context.Background(), byeTime)
	defer stop()
	if _, err := a.call.door.transact(ctx, req); err != nil {
		a.call.door.log.Info("CANCEL was not answered", "call", a.call.id, "error", err)
	}
}

// hangUp takes an answer that came after the CANCEL and says BYE.
func (a *attemptedCall) hangUp(res *sip.Response) {
	a.call.established(res)
	a.call.write(a.ack())
	ctx, stop := context.WithTimeout(context.Background(), byeTime)
	defer stop()
	if err := a.call.bye(ctx, voice.CauseNormal); err != nil {
		a.call.door.log.Info("BYE was not answered", "call", a.call.id, "error", err)
	}
}
