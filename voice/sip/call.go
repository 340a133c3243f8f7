package sip

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/emiago/sipgo/sip"

	"waggle/voice"
	"waggle/voice/rtp"
)

// byeTime is how long a BYE may look for its answer before the call is
// forgotten anyway.
const byeTime = 4 * time.Second

// call is one SIP call with its dialog (RFC 3261 12), in either direction.
type call struct {
	door                    *Door
	id, localTag, remoteTag string
	from, to                string // headers of requests of ours, tags included
	route                   []string
	hop                     hop
	user                    string         // our own user part, for Contact
	secret                  credentials    // to answer challenges to our requests
	trunk                   string         // that an outbound call goes over, or ""
	transfers               bool           // the peer takes REFER
	socket                  *net.UDPConn   // our audio socket, also inside leg
	control                 *rtp.Control   // our socket for RTCP, also inside leg
	audioAt                 netip.AddrPort // its public address
	session                 uint64         // of our SDP origin
	leg                     *leg           // nil until both sides agreed on audio
	payload                 uint8          // the codec they agreed on

	ended    chan struct{} // closed when the call is over for either side
	gone     chan struct{} // closed when the peer said so
	expiry   *time.Timer   // when the session must be refreshed, or have been
	changing sync.Mutex    // held by the one offer at a time; guards leg and payload against re-INVITEs

	mu        sync.Mutex
	target    sip.Uri // the peer's Contact
	localSeq  uint32
	remoteSeq uint32
	waiting   map[uint32]chan []byte // ACKs awaited, by CSeq; each gets the ACK's body
	referral  *referral              // a transfer that we have asked for
	unproven  string                 // receipt of a reliable answer of ours that has not come (RFC 3262)
	version   uint64                 // of our SDP
	timer     sessionTimer
	cause     voice.Cause // set once, with ended
	byPeer    bool        // set once, with gone
}

func newCall(d *Door) *call {
	c := &call{door: d, ended: make(chan struct{}), gone: make(chan struct{}), waiting: map[uint32]chan []byte{},
		session: uint64(rand.Uint32()), expiry: time.NewTimer(longestSession)}
	c.expiry.Stop()
	return c
}

// end marks the call as over. Only the first cause counts.
func (c *call) end(cause voice.Cause, byPeer bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if byPeer && !c.byPeer {
		c.byPeer = true
		close(c.gone)
	}
	if c.cause == "" {
		c.cause = cause
		close(c.ended)
	}
}

// wait blocks until the call is over or has lasted too long.
func (c *call) wait() {
	limit := time.NewTimer(c.door.config.Longest)
	defer limit.Stop()
	defer c.expiry.Stop()
	for {
		select {
		case <-c.ended:
			return
		case <-limit.C:
			c.end(voice.CauseLimit, false)
		case <-c.expiry.C:
			c.expire()
		}
	}
}

// finish takes the call out of the table, closes its media and says BYE when
// the peer has not.
func (c *call) finish() {
	c.mu.Lock()
	cause, byPeer := c.cause, c.byPeer
	c.mu.Unlock()
	log := c.door.log.With("call", c.id)
	if err := c.shut(); err != nil {
		log.Warn("closing the audio socket", "error", err)
	}
	if !byPeer {
		ctx, cancel := context.WithTimeout(context.Background(), byeTime)
		defer cancel()
		if err := c.bye(ctx, cause); err != nil {
			log.Info("BYE was not answered", "error", err)
		}
	}
	c.door.calls.attach(c.id, nil)
	log.Info("call ended", "cause", cause, "by_peer", byPeer, "quality", c.quality())
}

// shut closes the audio, agreed on or not.
func (c *call) shut() error {
	if c.leg != nil {
		return c.leg.media.Close()
	}
	return errors.Join(c.socket.Close(), c.control.Close())
}

// quality summarises the line for the log: no speech, only figures.
func (c *call) quality() string {
	if c.leg == nil {
		return ""
	}
	return fmt.Sprintf("%+v", c.leg.media.Stats())
}

// nextSeq numbers requests of ours.
func (c *call) nextSeq() uint32 {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.localSeq++
	return c.localSeq
}

// inOrder accepts a request whose CSeq is above all before (RFC 3261 12.2.2).
func (c *call) inOrder(seq uint32) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if seq <= c.remoteSeq {
		return false
	}
	c.remoteSeq = seq
	return true
}

// request builds a request inside the dialog (RFC 3261 12.2.1.1).
func (c *call) request(method sip.RequestMethod, seq uint32) *sip.Request {
	return c.requestTo(c.peer(), method, seq)
}

func (c *call) peer() peer {
	c.mu.Lock()
	defer c.mu.Unlock()
	return peer{c.to, c.target, c.route}
}

// requestTo builds a request to a peer, also to one of an early dialog.
func (c *call) requestTo(p peer, method sip.RequestMethod, seq uint32) *sip.Request {
	req := sip.NewRequest(method, p.target)
	req.AppendHeader(viaHeader(c.hop))
	for _, r := range p.route {
		req.AppendHeader(sip.NewHeader("Route", r))
	}
	hops := sip.MaxForwardsHeader(70)
	id := sip.CallIDHeader(c.id)
	req.AppendHeader(&hops)
	req.AppendHeader(sip.NewHeader("From", c.from))
	req.AppendHeader(sip.NewHeader("To", p.to))
	req.AppendHeader(&id)
	req.AppendHeader(&sip.CSeqHeader{SeqNo: seq, MethodName: method})
	req.AppendHeader(sip.NewHeader("User-Agent", userAgent))
	req.SetBody(nil)
	c.hop.address(req)
	return req
}

const userAgent = "waggle"

// viaHeader makes a fresh transaction towards a hop.
func viaHeader(h hop) *sip.ViaHeader {
	v := &sip.ViaHeader{ProtocolName: "SIP", ProtocolVersion: "2.0", Transport: sip.NetworkToUpper(h.network),
		Host: h.public.Addr().String(), Port: int(h.public.Port())}
	v.Params.Add("branch", sip.GenerateBranchN(16))
	v.Params.Add("rport", "")
	return v
}

// bye ends the dialog at the peer. Some trunks challenge even this.
func (c *call) bye(ctx context.Context, cause voice.Cause) error {
	req := c.request(sip.BYE, c.nextSeq())
	req.AppendHeader(sip.NewHeader("Reason", reasonHeader(cause)))
	res, err := c.door.transact(ctx, req)
	if err != nil {
		return err
	}
	if name, value, ok := c.secret.answer(res, req); ok {
		req = c.request(sip.BYE, c.nextSeq())
		req.AppendHeader(sip.NewHeader(name, value))
		res, err = c.door.transact(ctx, req)
	}
	if err == nil && res.StatusCode >= 300 && res.StatusCode != 481 {
		err = fmt.Errorf("answered %d %s", res.StatusCode, printable(res.Reason))
	}
	return err
}

// reasonHeader says why in the words of Q.850 (RFC 3326).
func reasonHeader(cause voice.Cause) string {
	switch cause {
	case voice.CauseNoMedia:
		return `Q.850;cause=31;text="no media"`
	case voice.CauseShutdown, voice.CauseFailed:
		return `Q.850;cause=41;text="temporary failure"`
	case voice.CauseNormal, voice.CauseHangUp, voice.CauseHandOff, voice.CauseLimit:
	}
	return `Q.850;cause=16;text="normal call clearing"`
}

var errNoFinal = errors.New("no final answer")

// transact sends a request other than INVITE and waits for its final answer.
func (d *Door) transact(ctx context.Context, req *sip.Request) (*sip.Response, error) {
	tx, err := d.ua.TransactionLayer().Request(ctx, req)
	if err != nil {
		return nil, err
	}
	defer tx.Terminate()
	for {
		select {
		case res := <-tx.Responses():
			if !res.IsProvisional() {
				return res, nil
			}
		case <-tx.Done():
			return nil, errors.Join(errNoFinal, tx.Err())
		case <-ctx.Done():
			return nil, fmt.Errorf("%w: %w", errNoFinal, ctx.Err())
		}
	}
}
