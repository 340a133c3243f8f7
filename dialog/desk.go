package dialog

import (
	"context"
	"errors"
	"fmt"
	"time"

	"waggle/shop"
)

// Desk tells whether there are people to hand a conversation to; a call may
// reach them by phone.
type Desk interface {
	Open(now time.Time, call bool) bool
}

// nobody answers a hand-over while the desk is closed: the case becomes a
// ticket, the shopper hears the truth, and the robot goes on.
func (e *Engine) nobody(ctx context.Context, sc *Scene) error {
	st, packet := sc.State, *sc.draft.handOff
	script := st.Script != nil
	sc.draft = draft{}
	st.Unclear, st.Negative = 0, 0
	within, hours := Text(sc.Policy.TicketWithin), Text(sc.Policy.Hours)
	if st.Caller.Customer == "" {
		sc.Say(Source{Kind: "policy", ID: "hours"}, "真不好意思，现在没有人工客服在线，人工时间是%s，您可以接着问我。", hours)
	} else {
		ticket, err := e.ticket(ctx, sc, packet)
		if err != nil {
			return err
		}
		sc.Say(Source{Kind: "ticket", ID: ticket}, "真不好意思，现在没有人工客服在线，我替您登记了，%s回复您。", within)
	}
	if script {
		sc.End(OutcomeHandOff)
	}
	return nil
}

// ticket opens the one ticket of a conversation that nobody could take.
func (e *Engine) ticket(ctx context.Context, sc *Scene, packet HandOff) (string, error) {
	st := sc.State
	if st.DeskTicket != "" {
		return st.DeskTicket, nil
	}
	text := packet.Reason + ": " + packet.Summary
	t, err := e.shop.OpenTicket(ctx, shop.Key(st.Conversation+"/desk"),
		shop.TicketRequest{Kind: "hand-off", Customer: st.Caller.Customer, Order: st.Order, Text: text})
	switch {
	case errors.Is(err, shop.ErrKeyReused): // made before a restart, in other words
		st.DeskTicket = "desk"
	case err != nil:
		return "", fmt.Errorf("dialog: ticket for a closed desk: %w", err)
	default:
		st.DeskTicket = t.ID
	}
	return st.DeskTicket, nil
}
