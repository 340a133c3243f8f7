package main

import (
	"context"
	"errors"

	"waggle/dialog"
	"waggle/outbound"
	"waggle/voice"
	"waggle/voice/sip"
)

// Pace of reminder calls: a new one every two seconds on average.
const (
	callsPerSecond = 0.5
	callsAtOnce    = 2
)

// runner is nil when no trunk is configured: then no call can leave.
func (g *gateway) runner() *outbound.Runner {
	if g.cfg.Outbound.Trunk == "" {
		return nil
	}
	o := g.store.Outbound()
	return &outbound.Runner{
		Ledger: o, Contacts: o, Caller: reminders{g}, Gate: outbound.HouseGate(),
		Pacer: outbound.NewPacer(callsPerSecond, callsAtOnce), Admit: g.capacity.Admit,
		Lines: g.cfg.Outbound.Lines, Log: g.log,
	}
}

// reminders makes the calls of campaigns over the trunk.
type reminders struct{ *gateway }

// Call implements outbound.Caller.
func (g reminders) Call(ctx context.Context, a outbound.Attempt, s dialog.Script) outbound.Result {
	leg, err := g.phones.Dial(ctx, sip.Target{Trunk: g.cfg.Outbound.Trunk, Number: a.Number})
	if err != nil {
		g.log.Info("not answered", "campaign", a.Campaign, "attempt", a.ID, "reason", err)
		return outbound.Result{Disposition: unanswered(err), CallID: a.ID}
	}
	out := g.take(context.WithoutCancel(ctx), voice.Call{ID: a.ID, Leg: leg, Exchange: g.phones.Exchange(),
		Opening: dialog.Opening{Channel: dialog.ChannelPhone, From: localNumber(a.Number), Script: &s}})
	return outbound.Result{Disposition: answered(out), CallID: a.ID, Conversation: out.Conversation}
}

// answered says how a conversation ended.
func answered(out voice.Outcome) outbound.Disposition {
	switch {
	case out.Dialog != dialog.OutcomeNone:
		return outbound.Disposition(out.Dialog)
	case out.HandedOff:
		return outbound.HandedOff
	case out.Cause == voice.CauseFailed:
		return outbound.Failed
	default:
		return outbound.Unclear
	}
}

// unanswered says why there was no conversation.
func unanswered(err error) outbound.Disposition {
	for verdict, d := range map[error]outbound.Disposition{
		sip.ErrBusy: outbound.Busy, sip.ErrNoAnswer: outbound.NotAnswered, sip.ErrRejected: outbound.Rejected,
		sip.ErrUnreachable: outbound.Unreachable, sip.ErrInvalidNumber: outbound.InvalidNumber,
		sip.ErrRetryLater: outbound.Unreachable, sip.ErrCancelled: outbound.Failed,
	} {
		if errors.Is(err, verdict) {
			return d
		}
	}
	return outbound.Failed
}
