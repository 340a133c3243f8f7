package sip

import (
	"context"
	"errors"
	"time"

	"github.com/emiago/sipgo/sip"

	"waggle/voice"
)

// Dial places a call and returns its leg once it is answered. The error is a
// *DialError. When ctx ends first the call is cancelled; early media is not
// played to anybody.
func (d *Door) Dial(ctx context.Context, t Target) (voice.Leg, error) {
	p, err := d.plan(ctx, t)
	if err != nil {
		return nil, err
	}
	c := newCall(d)
	c.id, c.localTag = sip.GenerateTagN(24), sip.GenerateTagN(16)
	c.hop, c.target, c.user, c.secret, c.trunk = p.hop, p.uri, p.from, p.secret, p.trunk
	self := sip.Uri{Scheme: "sip", User: p.from, Host: p.hop.public.Addr().String()}
	peer := sip.Uri{Scheme: "sip", User: p.uri.User, Host: p.uri.Host, Port: p.uri.Port}
	c.from, c.to = "<"+self.String()+">;tag="+c.localTag, "<"+peer.String()+">"
	release, _ := d.calls.claim(c.id) // 24 random characters are free
	if err := c.openAudio(); err != nil {
		release()
		return nil, &DialError{Kind: ErrRetryLater, Err: err}
	}
	ring := t.Ring
	if ring == 0 {
		ring = defaultRing
	}
	if err := c.place(ctx, ring, release); err != nil {
		return nil, err
	}
	d.log.Info("call placed", "call", c.id, "to", p.hop.remote)
	return c.leg, nil
}

// place sends the INVITE, answers challenges, and stays until there is a call
// or a verdict. It takes over the Call-ID.
func (c *call) place(ctx context.Context, ring time.Duration, release func()) error {
	a := &attemptedCall{call: c, release: release, early: map[string]*early{}}
	err := a.dial(ctx, ring)
	if err != nil {
		a.abandon()
		return err
	}
	began := c.door.now()
	started := c.door.spawn(func() {
		defer release()
		c.wait()
		c.door.budget.spend(c.trunk, c.door.now().Sub(began))
		c.finish()
	})
	if !started {
		c.end(voice.CauseShutdown, false)
		c.finish()
		release()
		return &DialError{Kind: ErrCancelled, Sent: true, Err: context.Canceled}
	}
	return nil
}

// attemptedCall is an INVITE on its way.
type attemptedCall struct {
	call      *call
	release   func()
	invite    *sip.Request
	tx        *sip.ClientTx
	ringing   bool              // a provisional answer came: CANCEL may be sent
	early     map[string]*early // by the callee's tag
	cancelled bool              // somebody else now looks after the transaction
}

// dial runs at most three INVITEs: the first, one per kind of challenge.
func (a *attemptedCall) dial(ctx context.Context, ring time.Duration) error {
	ctx, stop := context.WithTimeoutCause(ctx, ring, ErrNoAnswer)
	defer stop()
	var extra []sip.Header
	for range 3 {
		if err := a.send(ctx, extra); err != nil {
			return err
		}
		res, err := a.final(ctx)
		if err != nil {
			return err
		}
		if res.IsSuccess() {
			return a.answered(res)
		}
		name, value, ok := a.call.secret.answer(res, a.invite)
		if !ok {
			return refusedBy(res)
		}
		extra = []sip.Header{sip.NewHeader(name, value)}
	}
	return &DialError{Kind: ErrRejected, Status: 401, Reason: "the password was refused", Sent: true}
}

// send builds and sends the next INVITE.
func (a *attemptedCall) send(ctx context.Context, extra []sip.Header) error {
	c := a.call
	req := c.request(sip.INVITE, c.nextSeq())
	body, err := c.origin().offer()
	if err != nil {
		return &DialError{Kind: ErrRejected, Err: err, Sent: a.invite != nil}
	}
	for _, h := range extra {
		req.AppendHeader(h)
	}
	req.AppendHeader(sip.NewHeader("Contact", c.contact()))
	req.AppendHeader(sip.NewHeader("Allow", allowed))
	req.AppendHeader(sip.NewHeader("Supported", reliability))
	req.AppendHeader(sip.NewHeader("Content-Type", sdpType))
	req.SetBody(body)
	tx, err := c.door.ua.TransactionLayer().NewClientTransaction(ctx, req)
	if err != nil {
		return &DialError{Kind: ErrUnreachable, Err: err, Sent: a.invite != nil}
	}
	known := c.door.calls.hold(c.id) // late answers still find their transaction
	tx.OnTerminate(func(string, error) { known() })
	a.invite, a.tx, a.ringing = req, tx, false
	clear(a.early)
	if err := tx.Init(); err != nil {
		tx.Terminate()
		return &DialError{Kind: ErrUnreachable, Err: err, Sent: true}
	}
	return nil
}

// final waits for the final answer. When ctx ends first, the INVITE is
// cancelled in the background, for CANCEL has to wait for a first answer.
func (a *attemptedCall) final(ctx context.Context) (*sip.Response, error) {
	for {
		select {
		case res := <-a.tx.Responses():
			if !res.IsProvisional() {
				return res, nil
			}
			a.provisional(res)
		case <-a.tx.Done():
			return nil, &DialError{Kind: ErrUnreachable, Err: a.tx.Err(), Sent: true}
		case <-ctx.Done():
			return nil, a.giveUp(context.Cause(ctx))
		case <-a.call.door.life.Done():
			return nil, a.giveUp(context.Canceled)
		}
	}
}

// abandon frees what a call that never was has taken.
func (a *attemptedCall) abandon() {
	if !a.cancelled {
		a.close()
	}
}

func (a *attemptedCall) close() {
	if err := a.call.shut(); err != nil {
		a.call.door.log.Warn("closing the audio socket", "call", a.call.id, "error", err)
	}
	a.release()
}

// answered acknowledges a 200 and makes the leg.
func (a *attemptedCall) answered(res *sip.Response) error {
	c := a.call
	c.changing.Lock() // nobody may change what is not agreed on yet
	defer c.changing.Unlock()
	c.established(res)
	c.door.calls.attach(c.id, c)
	ack := a.ack()
	a.tx.OnRetransmission(func(*sip.Response) { c.write(ack.Clone()) })
	c.write(ack.Clone())
	desc, err := c.readSDP(a.agreed(res))
	if err != nil {
		ctx, cancel := context.WithTimeout(context.Background(), byeTime)
		defer cancel()
		c.door.calls.attach(c.id, nil)
		return &DialError{Kind: ErrRejected, Status: res.StatusCode, Sent: true, Err: errors.Join(err, c.bye(ctx, voice.CauseFailed))}
	}
	drain(c.socket)
	c.agree(desc.audio)
	return nil
}

// established fills in the dialog as its calling side (RFC 3261 12.1.2).
func (c *call) established(res *sip.Response) {
	if to := res.To(); to != nil {
		c.remoteTag, _ = to.Params.Get("tag")
		c.to = to.Value()
	}
	c.retarget(res.Contact())
	c.transfers = names(res, "Allow", string(sip.REFER))
	c.route = routeBack(res)
}

// routeBack is the route of a dialog for its calling side: the recorded one
// from the far end (RFC 3261 12.1.2).
func routeBack(res *sip.Response) (route []string) {
	routes := res.GetHeaders("Record-Route")
	for i := len(routes) - 1; i >= 0; i-- {
		route = append(route, routes[i].Value())
	}
	return route
}

// ack builds the ACK of a 200: a request of its own with the CSeq number of the
// INVITE (RFC 3261 13.2.2.4).
func (a *attemptedCall) ack() *sip.Request {
	return a.call.request(sip.ACK, a.invite.CSeq().SeqNo)
}

// write sends an ACK: a request without a transaction. It goes out over a
// socket that is open already; the stack would open another one if need be.
func (c *call) write(ack *sip.Request) {
	key := c.hop.local.String()
	if c.hop.network == "tcp" {
		key = c.hop.remote.String()
	}
	conn, err := c.door.ua.TransportLayer().GetConnection(c.hop.network, key)
	if err == nil {
		err = conn.WriteMsg(ack)
		_, closeErr := conn.TryClose() // gives the reference back; the connection stays
		err = errors.Join(err, closeErr)
	}
	if err != nil {
		c.door.log.Info("ACK not sent", "call", c.id, "error", err)
	}
}
