package sip

import (
	"errors"
	"fmt"
	"net/netip"

	"github.com/emiago/sipgo/sip"

	"waggle/voice"
)

// handle is where requests that passed the gate arrive.
func (d *Door) handle(req *sip.Request, tx *sip.ServerTx) {
	switch req.Method {
	case sip.INVITE:
		if d.spawn(func() { defer tx.TerminateGracefully(); d.invite(req, tx) }) {
			return
		}
		d.respond(req, tx, unavailable(), "")
	case sip.ACK:
		d.acknowledge(req)
	case sip.BYE:
		d.goodbye(req, tx)
	case sip.PRACK:
		d.received(req, tx)
	case sip.NOTIFY:
		d.notified(req, tx)
	case sip.OPTIONS:
		d.respond(req, tx, capabilities(), "")
	case sip.REGISTER:
		d.respond(req, tx, d.phones.register(req), "")
	default: // a CANCEL that met no transaction
		d.respond(req, tx, noDialog(), "")
	}
	tx.TerminateGracefully()
}

func noDialog() *refusal {
	return &refusal{status: 481, reason: "Call/Transaction Does Not Exist"}
}

func pending() *refusal { return &refusal{status: 491, reason: "Request Pending"} }

func outOfOrder() *refusal {
	return &refusal{status: 500, reason: "Server Internal Error - CSeq out of order"}
}

func capabilities() *refusal {
	return &refusal{status: 200, reason: "OK", headers: []header{
		{"Allow", allowed}, {"Accept", sdpType}, {"Accept-Encoding", "identity"}, {"Supported", supported}}}
}

// respond answers without a body. The Call-ID of an INVITE stays known until
// its transaction is over, so that the ACK of a refusal finds it.
func (d *Door) respond(req *sip.Request, tx *sip.ServerTx, r *refusal, tag string) {
	res := sip.NewResponseFromRequest(req, r.status, r.reason, nil)
	if to := res.To(); tag != "" && to != nil {
		to.Params.Add("tag", tag)
	}
	for _, h := range r.headers {
		res.AppendHeader(sip.NewHeader(h.name, h.value))
	}
	if req.IsInvite() && !res.IsProvisional() {
		release := d.calls.hold(req.CallID().Value())
		if !tx.OnTerminate(func(string, error) { release() }) {
			release()
		}
	}
	if err := tx.Respond(res); err != nil && !errors.Is(err, sip.ErrTransactionCanceled) {
		d.log.Info("answer not sent", "call", req.CallID().Value(), "status", r.status, "error", err)
	}
}

// invite answers a new call, or a change to a running one.
func (d *Door) invite(req *sip.Request, tx *sip.ServerTx) {
	if tag, _ := req.To().Params.Get("tag"); tag != "" {
		d.reinvite(req, tx)
		return
	}
	if r := tooBrief(req); r != nil {
		d.respond(req, tx, r, "")
		return
	}
	id := req.CallID().Value()
	release, ok := d.calls.claim(id)
	if !ok {
		d.respond(req, tx, &refusal{status: 482, reason: "Loop Detected"}, "")
		return
	}
	defer release()
	if d.admit != nil {
		seat, err := d.admit.Admit()
		if err != nil {
			d.respond(req, tx, unavailable(), "")
			return
		}
		defer seat()
	}
	c, err := d.incoming(req, tx)
	if err != nil {
		d.refuseCall(req, tx, err, "")
		return
	}
	d.talkTo(c, req, tx)
}

// refuseCall answers an INVITE that cannot become a call.
func (d *Door) refuseCall(req *sip.Request, tx *sip.ServerTx, err error, tag string) {
	d.log.Info("call not answered", "call", req.CallID().Value(), "from", req.Source(), "error", err)
	r := unavailable()
	if errors.Is(err, ErrNoMedia) {
		r = &refusal{status: 488, reason: "Not Acceptable Here"}
	}
	d.respond(req, tx, r, tag)
}

// incoming makes the dialog of a new call as its called side (RFC 3261 12.1.1).
func (d *Door) incoming(req *sip.Request, tx *sip.ServerTx) (*call, error) {
	remote, err := netip.ParseAddrPort(req.Source())
	if err != nil {
		return nil, fmt.Errorf("source: %w", err)
	}
	c := newCall(d)
	c.hop = hop{network: sip.NetworkToLower(req.Transport()), remote: remote, local: addrPort(tx.Connection().LocalAddr())}
	if c.hop.public, err = d.public(c.hop.local, remote.Addr()); err != nil {
		return nil, err
	}
	c.id, c.user = req.CallID().Value(), req.Recipient.User
	c.localTag = sip.GenerateTagN(16)
	c.remoteTag, _ = req.From().Params.Get("tag")
	self, peer := req.To().AsFrom(), req.From().AsTo()
	self.Params.Add("tag", c.localTag)
	c.from, c.to = self.Value(), peer.Value()
	c.remoteSeq = req.CSeq().SeqNo
	c.target = req.From().Address // RFC 2543 callers have no Contact
	c.retarget(req.Contact())
	c.transfers = names(req, "Allow", string(sip.REFER))
	for _, h := range req.GetHeaders("Record-Route") {
		c.route = append(c.route, h.Value())
	}
	return c, nil
}

// talkTo rings, answers and stays with the call until it is over.
func (d *Door) talkTo(c *call, req *sip.Request, tx *sip.ServerTx) {
	reliably := requires(req, reliability)
	if !reliably {
		d.respond(req, tx, &refusal{status: 180, reason: "Ringing", headers: []header{{"Contact", c.contact()}}}, c.localTag)
	}
	body, err := c.accept(req.Body())
	if err != nil {
		d.refuseCall(req, tx, err, c.localTag)
		return
	}
	d.calls.attach(c.id, c)
	if reliably && len(req.Body()) > 0 { // without an offer the ringing would have to carry one
		c.ringReliably(req, tx)
	}
	acked := c.expect(req.CSeq().SeqNo)
	res := c.success(req, body)
	if err := tx.Respond(res); err != nil {
		c.withdraw(req, tx, err)
		return
	}
	d.log.Info("call answered", "call", c.id, "from", req.Source(), "transport", c.hop.network)
	if c.leg != nil {
		c.begin(req)
	}
	late, ok := c.confirm(tx, res, acked)
	if !ok {
		c.end(voice.CauseFailed, false)
	} else if c.leg == nil {
		c.lateAnswer(req, late)
	}
	c.wait()
	c.finish()
}

// withdraw undoes an answer that came too late, mostly for a CANCEL: the
// transaction has sent 487 and must go on repeating that, not our 200.
func (c *call) withdraw(req *sip.Request, tx *sip.ServerTx, err error) {
	if errors.Is(err, sip.ErrTransactionCanceled) {
		c.door.respond(req, tx, &refusal{status: 487, reason: "Request Terminated"}, c.localTag)
	}
	c.end(voice.CauseHangUp, true)
	c.finish()
}

// accept opens the audio of a call and writes the SDP of the 200: an answer,
// or an offer when the INVITE had none.
func (c *call) accept(body []byte) (answer []byte, err error) {
	var desc description
	if len(body) > 0 {
		if desc, err = c.readSDP(body); err != nil {
			return nil, err
		}
	}
	if err = c.openAudio(); err != nil {
		return nil, err
	}
	if len(body) == 0 {
		answer, err = c.origin().offer()
	} else {
		c.agree(desc.audio)
		answer, err = c.origin().answer(desc)
	}
	if err != nil {
		return nil, errors.Join(err, c.shut())
	}
	return answer, nil
}

// lateAnswer reads the SDP that an ACK brought in answer to our offer.
func (c *call) lateAnswer(req *sip.Request, body []byte) {
	desc, err := c.readSDP(body)
	if err != nil {
		c.door.log.Info("no audio in the ACK", "call", c.id, "error", err)
		c.end(voice.CauseFailed, false)
		return
	}
	c.changing.Lock()
	c.agree(desc.audio)
	c.changing.Unlock()
	c.begin(req)
}

// begin hands the leg to the handler; the call ends with it.
func (c *call) begin(req *sip.Request) {
	d := c.door
	in := Incoming{CallID: c.id, From: req.From().Address.User, To: req.Recipient.User, Source: c.hop.remote, Leg: c.leg, Exchange: d.Exchange()}
	if auth := req.GetHeader("Authorization"); auth != nil && !d.gate.policy.trusts(c.hop.remote.Addr()) {
		fields, _ := parseCredentials(auth.Value()) // the gate has verified them
		in.Account = fields["username"]
	}
	started := d.spawn(func() {
		defer c.end(voice.CauseNormal, false)
		d.handler(d.life, in)
	})
	if !started {
		c.end(voice.CauseShutdown, false)
	}
}

// goodbye ends a call for its peer.
func (d *Door) goodbye(req *sip.Request, tx *sip.ServerTx) {
	c := d.dialogOf(req)
	switch {
	case c == nil:
		d.respond(req, tx, noDialog(), "")
	case !c.inOrder(req.CSeq().SeqNo):
		d.respond(req, tx, outOfOrder(), "")
	default:
		d.respond(req, tx, &refusal{status: 200, reason: "OK"}, "")
		c.end(voice.CauseHangUp, true)
	}
}

// dialogOf finds the call that a request belongs to by Call-ID and both tags.
func (d *Door) dialogOf(req *sip.Request) *call {
	local, _ := req.To().Params.Get("tag")
	remote, _ := req.From().Params.Get("tag")
	return d.calls.find(req.CallID().Value(), local, remote)
}
