package sip

import (
	"time"

	"github.com/emiago/sipgo/sip"

	"waggle/voice"
)

// expect begins to wait for the ACK with this CSeq.
func (c *call) expect(seq uint32) <-chan []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	ch := make(chan []byte, 1)
	c.waiting[seq] = ch
	return ch
}

// acknowledge takes the ACK of a 200; each is expected once.
func (d *Door) acknowledge(req *sip.Request) {
	c := d.dialogOf(req)
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	seq := req.CSeq().SeqNo
	if ch := c.waiting[seq]; ch != nil {
		delete(c.waiting, seq)
		ch <- req.Body()
	}
}

// confirm repeats a 200 until its ACK comes (RFC 3261 13.3.1.4), the peer says
// BYE, or 32 s have passed. It returns the body of the ACK. Our own end does
// not stop it: the ACK must have come before we may say BYE (RFC 3261 15).
func (c *call) confirm(tx *sip.ServerTx, res *sip.Response, acked <-chan []byte) ([]byte, bool) {
	pause := sip.T1
	repeat := time.NewTimer(pause)
	defer repeat.Stop()
	giveUp := time.NewTimer(64 * sip.T1)
	defer giveUp.Stop()
	for {
		select {
		case body := <-acked:
			return body, true
		case ack := <-tx.Acks(): // from a client that reuses the branch of its INVITE
			return ack.Body(), true
		case <-repeat.C:
			if err := tx.Respond(res); err != nil {
				return nil, false
			}
			pause = min(2*pause, sip.T2)
			repeat.Reset(pause)
		case <-giveUp.C:
			return nil, false
		case <-c.gone:
			return nil, true
		case <-c.door.life.Done():
			return nil, true
		}
	}
}

// reinvite changes a running call: hold, resume, another address.
func (d *Door) reinvite(req *sip.Request, tx *sip.ServerTx) {
	c := d.dialogOf(req)
	switch {
	case c == nil:
		d.respond(req, tx, noDialog(), "")
		return
	case !c.changing.TryLock():
		d.respond(req, tx, pending(), "")
		return
	}
	defer c.changing.Unlock()
	if c.leg == nil { // the first offer is not answered yet
		d.respond(req, tx, pending(), "")
		return
	}
	if !c.inOrder(req.CSeq().SeqNo) {
		d.respond(req, tx, outOfOrder(), "")
		return
	}
	if r := tooBrief(req); r != nil {
		d.respond(req, tx, r, "")
		return
	}
	body, err := c.change(req.Body())
	if err != nil {
		d.refuseCall(req, tx, err, "")
		return
	}
	c.retarget(req.Contact())
	acked := c.expect(req.CSeq().SeqNo)
	res := c.success(req, body)
	if err := tx.Respond(res); err != nil {
		d.log.Info("change not confirmed", "call", c.id, "error", err)
		return
	}
	late, ok := c.confirm(tx, res, acked)
	if !ok {
		c.end(voice.CauseFailed, false)
	} else if len(req.Body()) == 0 && len(late) > 0 {
		if _, err := c.change(late); err != nil {
			d.log.Info("change not understood", "call", c.id, "error", err)
		}
	}
}

// change applies a new description of the peer and answers it; without one it
// offers what holds now. The codec stays as it is.
func (c *call) change(body []byte) ([]byte, error) {
	if len(body) == 0 {
		return c.origin().offer()
	}
	desc, err := c.readSDP(body)
	if err != nil {
		return nil, err
	}
	if desc.audio.payload != c.payload {
		return nil, ErrNoMedia
	}
	c.leg.change(desc.audio)
	return c.origin().answer(desc)
}
