package sip

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"

	"github.com/emiago/sipgo/sip"
)

// Provisional answers are lost like any datagram. RFC 3262 lets either side
// ask for a receipt: the answer carries a number (RSeq), the receipt is a
// request of its own (PRACK) that repeats it (RAck).

// reliability is the option tag of RFC 3262.
const reliability = "100rel"

// supported lists the options that this door understands.
const supported = "timer, " + reliability

// mostForks bounds the early dialogs of one INVITE: each branch that a proxy
// rings makes one.
const mostForks = 16

// peer is the far side of a dialog, as requests to it need it.
type peer struct {
	to     string // header, tag included
	target sip.Uri
	route  []string
}

// early is a dialog that a provisional answer of the callee has made (RFC 3261
// 12.1.2). Each branch of a forked call has its own.
type early struct {
	peer
	heard uint32 // RSeq that was acknowledged last
	body  []byte // description that came with one
}

// provisional takes an answer that is not final. One that was sent reliably is
// acknowledged once; repeated ones and those out of order are passed over (RFC
// 3262 4).
func (a *attemptedCall) provisional(res *sip.Response) {
	a.ringing = true
	number, tag := reliableNumber(res), ""
	if to := res.To(); to != nil {
		tag, _ = to.Params.Get("tag")
	}
	if number == 0 || tag == "" {
		return
	}
	e := a.early[tag]
	switch {
	case e == nil && len(a.early) >= mostForks:
		return
	case e == nil:
		e = &early{peer: peer{to: res.To().Value(), target: a.call.peer().target, route: routeBack(res)}}
		a.early[tag] = e
	case number != e.heard+1:
		return
	}
	e.heard = number
	if c := res.Contact(); c != nil && !c.Address.Wildcard {
		e.target = c.Address
	}
	if len(res.Body()) > 0 {
		e.body = res.Body()
	}
	a.acknowledge(e.peer, number)
}

// reliableNumber is the RSeq of an answer that wants a receipt, else 0.
func reliableNumber(res *sip.Response) uint32 {
	if res.StatusCode <= 100 || !requires(res, reliability) {
		return 0
	}
	n, err := strconv.ParseUint(strings.TrimSpace(headerOf(res, "RSeq")), 10, 31)
	if err != nil {
		return 0
	}
	return uint32(n) //nolint:gosec // parsed as 31 bits
}

// acknowledge sends the PRACK, and repeats it until it is answered.
func (a *attemptedCall) acknowledge(p peer, number uint32) {
	c := a.call
	seq := c.nextSeq()
	receipt := fmt.Sprintf("%d %d %s", number, a.invite.CSeq().SeqNo, sip.INVITE)
	c.door.spawn(func() {
		ctx, stop := context.WithTimeout(c.door.life, 64*sip.T1)
		defer stop()
		send := func(seq uint32, proof ...sip.Header) (*sip.Request, *sip.Response, error) {
			req := c.requestTo(p, sip.PRACK, seq)
			req.AppendHeader(sip.NewHeader("RAck", receipt))
			for _, h := range proof {
				req.AppendHeader(h)
			}
			res, err := c.door.transact(ctx, req)
			return req, res, err
		}
		req, res, err := send(seq)
		if err == nil {
			if name, value, ok := c.secret.answer(res, req); ok {
				_, res, err = send(c.nextSeq(), sip.NewHeader(name, value))
			}
		}
		if err != nil || !res.IsSuccess() {
			c.door.log.Info("PRACK not accepted", "call", c.id, "error", err)
		}
	})
}

// agreed is the description that the callee has answered with: of the final
// answer, or of a reliable one before it (RFC 3262 5).
func (a *attemptedCall) agreed(res *sip.Response) []byte {
	if body := res.Body(); len(body) > 0 {
		return body
	}
	if e := a.early[a.call.remoteTag]; e != nil {
		return e.body
	}
	return nil
}

// ringReliably rings a caller who requires receipts. The answer to the call
// follows at once and needs none, so that the ringing is not repeated when it
// is lost (RFC 3262 3); its receipt is still answered.
func (c *call) ringReliably(req *sip.Request, tx *sip.ServerTx) {
	number := 1 + rand.Uint32N(1<<31-1)
	c.mu.Lock()
	c.unproven = fmt.Sprintf("%d %d %s", number, req.CSeq().SeqNo, sip.INVITE)
	c.mu.Unlock()
	c.door.respond(req, tx, &refusal{status: 180, reason: "Ringing", headers: []header{
		{"Contact", c.contact()}, {"Allow", allowed}, {"Require", reliability}, {"RSeq", strconv.FormatUint(uint64(number), 10)}}}, c.localTag)
}

// received answers a PRACK: 200 if something waits for it, else 481.
func (d *Door) received(req *sip.Request, tx *sip.ServerTx) {
	c := d.dialogOf(req)
	switch {
	case c == nil:
		d.respond(req, tx, noDialog(), "")
	case !c.inOrder(req.CSeq().SeqNo):
		d.respond(req, tx, outOfOrder(), "")
	case !c.proven(strings.Join(strings.Fields(headerOf(req, "RAck")), " ")):
		d.respond(req, tx, noDialog(), "")
	default:
		d.respond(req, tx, &refusal{status: 200, reason: "OK"}, "")
	}
}

// proven takes the receipt that is waited for, once.
func (c *call) proven(receipt string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if receipt == "" || receipt != c.unproven {
		return false
	}
	c.unproven = ""
	return true
}

// headers is what requests and answers have in common.
type headers interface {
	GetHeaders(name string) []sip.Header
}

// requires reports whether a message names an option that must be understood.
func requires(m headers, option string) bool { return names(m, "Require", option) }

// names reports whether a header, on however many lines, lists a token.
func names(m headers, header, token string) bool {
	for _, h := range m.GetHeaders(header) {
		if lists(h.Value(), token) {
			return true
		}
	}
	return false
}

// headerOf is the first value of a header, or "".
func headerOf(m headers, name string) string {
	if all := m.GetHeaders(name); len(all) > 0 {
		return all[0].Value()
	}
	return ""
}
