package sip

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/emiago/sipgo/sip"

	"waggle/voice"
)

const (
	sipfragType = "message/sipfrag" // RFC 3420
	// mostNews bounds the progress that waits to be read; a transfer rings a few
	// times and ends.
	mostNews = 16
)

var (
	errVanished = errors.New("the line ended before it told what became of the transfer")
	errUntold   = errors.New("the line stopped telling what became of the transfer")
)

// referral is a REFER under way, and the subscription to its progress that
// comes with it (RFC 3515 2.4).
type referral struct {
	seq  uint32       // of the REFER
	news chan outcome // as the peer tells it
}

// outcome is what one NOTIFY says.
type outcome struct {
	status int  // of the sipfrag, 0 if it holds none
	last   bool // the subscription has ended
}

// refer asks the peer to call somebody else in our place (RFC 3515; a blind
// transfer in the words of RFC 5589) and stays until it tells how that went.
// nil means that the other side has answered; the call is then over for us.
// voice.ErrNoRefer means that the peer does not do it, and nothing has changed.
func (c *call) refer(ctx context.Context, target string) error {
	if !c.transfers {
		return voice.ErrNoRefer
	}
	defer c.watch(nil)
	r, err := c.sendRefer(ctx, target)
	if err != nil {
		return err
	}
	for {
		select {
		case n := <-r.news:
			if over, err := n.verdict(); over {
				return err
			}
		case <-c.ended:
			return c.lastWord(r)
		case <-ctx.Done():
			kind := ErrCancelled
			if errors.Is(context.Cause(ctx), ErrNoAnswer) {
				kind = ErrNoAnswer
			}
			return &DialError{Kind: kind, Sent: true, Err: ctx.Err()}
		}
	}
}

// sendRefer sends the request, twice when it is challenged.
func (c *call) sendRefer(ctx context.Context, target string) (*referral, error) {
	var proof []sip.Header
	for {
		r := &referral{seq: c.nextSeq(), news: make(chan outcome, mostNews)}
		c.watch(r) // its first NOTIFY may overtake the answer
		req := c.request(sip.REFER, r.seq)
		req.AppendHeader(sip.NewHeader("Contact", c.contact()))
		req.AppendHeader(sip.NewHeader("Refer-To", "<"+target+">"))
		req.AppendHeader(sip.NewHeader("Referred-By", c.contact())) // RFC 3892
		for _, h := range proof {
			req.AppendHeader(h)
		}
		res, err := c.door.transact(ctx, req)
		if err != nil {
			return nil, &DialError{Kind: ErrUnreachable, Sent: true, Err: err}
		}
		if res.IsSuccess() {
			return r, nil
		}
		name, value, ok := c.secret.answer(res, req)
		if !ok || proof != nil {
			c.door.log.Info("the line does not transfer", "call", c.id, "status", res.StatusCode)
			return nil, voice.ErrNoRefer
		}
		proof = []sip.Header{sip.NewHeader(name, value)}
	}
}

// watch sets the referral that NOTIFYs belong to; nil for none.
func (c *call) watch(r *referral) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.referral = r
}

// lastWord looks for an outcome that came just before the call ended: a peer who
// has transferred it leaves.
func (c *call) lastWord(r *referral) error {
	for {
		select {
		case n := <-r.news:
			if over, err := n.verdict(); over {
				return err
			}
		default:
			return &DialError{Kind: ErrCancelled, Sent: true, Err: errVanished}
		}
	}
}

// verdict reads whether the transfer is over, and how it went.
func (o outcome) verdict() (over bool, err error) {
	switch {
	case o.status >= 300:
		return true, &DialError{Kind: kindOf(o.status), Status: o.status, Sent: true}
	case o.status >= 200:
		return true, nil
	case o.last:
		return true, &DialError{Kind: ErrUnreachable, Sent: true, Err: errUntold}
	}
	return false, nil
}

// notified takes the progress of a transfer. A NOTIFY that belongs to none of
// ours gets 481 (RFC 6665 4.1.3).
func (d *Door) notified(req *sip.Request, tx *sip.ServerTx) {
	c := d.dialogOf(req)
	switch {
	case c == nil:
		d.respond(req, tx, noDialog(), "")
		return
	case !c.inOrder(req.CSeq().SeqNo):
		d.respond(req, tx, outOfOrder(), "")
		return
	}
	kind, _, _ := strings.Cut(headerOf(req, "Content-Type"), ";")
	if len(req.Body()) > 0 && !strings.EqualFold(strings.TrimSpace(kind), sipfragType) {
		d.respond(req, tx, &refusal{status: 415, reason: "Unsupported Media Type", headers: []header{{"Accept", sipfragType}}}, "")
		return
	}
	if !c.tell(headerOf(req, "Event"), progressOf(req)) {
		d.respond(req, tx, noDialog(), "")
		return
	}
	d.respond(req, tx, &refusal{status: 200, reason: "OK"}, "")
}

// tell passes progress on to the referral that the event names: "refer", or
// with the number of its REFER "refer;id=7" (RFC 3515 2.4.6).
func (c *call) tell(event string, o outcome) bool {
	c.mu.Lock()
	r := c.referral
	c.mu.Unlock()
	name, params, _ := strings.Cut(strings.ReplaceAll(event, " ", ""), ";")
	if r == nil || !strings.EqualFold(name, "refer") {
		return false
	}
	for p := range strings.SplitSeq(params, ";") {
		if id, ok := strings.CutPrefix(p, "id="); ok && id != strconv.FormatUint(uint64(r.seq), 10) {
			return false
		}
	}
	select {
	case r.news <- o:
	default: // who rings that often is not believed any more
	}
	return true
}

// progressOf reads the status line of a sipfrag: "SIP/2.0 180 Ringing".
func progressOf(req *sip.Request) outcome {
	state, _, _ := strings.Cut(headerOf(req, "Subscription-State"), ";")
	o := outcome{last: strings.EqualFold(strings.TrimSpace(state), "terminated")}
	line, _, _ := strings.Cut(string(req.Body()), "\n")
	version, rest, _ := strings.Cut(line, " ")
	if status := firstWord(rest); strings.EqualFold(version, "SIP/2.0") && len(status) == 3 {
		o.status, _ = strconv.Atoi(status) // three digits
	}
	return o
}
