package sip

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/emiago/sipgo/sip"

	"waggle/voice"
)

// gate stands between the sockets and the SIP stack. Whatever it refuses is
// answered on the spot or not at all, and nothing is kept about it: only
// checked, authorised and admitted messages reach the stack and its
// transactions.
type gate struct {
	policy policy
	auth   *authority // nil without accounts
	bans   *bans
	admit  Admission
	calls  *calls
	key    []byte // for tags of stateless answers
	parser *sip.Parser
	log    *slog.Logger
	serves bool // false: a door that only dials answers no stranger at all

	closing atomic.Bool  // the stack gets no more requests
	passed  atomic.Int64 // when the stack got the last message: nanoseconds since opened
	opened  time.Time
}

// policy says which sources may place calls without a password.
type policy struct {
	loopback bool
	trunks   []netip.Prefix
}

func (p policy) trusts(a netip.Addr) bool {
	a = a.Unmap()
	if p.loopback && a.IsLoopback() {
		return true
	}
	for _, t := range p.trunks {
		if t.Contains(a) {
			return true
		}
	}
	return false
}

// verdict is what becomes of one message.
type verdict struct {
	pass  []byte // for the stack
	reply []byte // for the sender
	close bool   // the stream can no longer be trusted
}

// deaf reports whether a source may not even open a connection.
func (g *gate) deaf(a netip.Addr) bool {
	return !g.serves || g.bans.banned(a) || g.auth == nil && !g.policy.trusts(a)
}

// judge decides about one message. A stranger hears nothing but challenges.
func (g *gate) judge(m message, from netip.AddrPort) verdict {
	if m.isResponse() {
		if !checkResponse(&m) || !g.calls.known(m.get("Call-ID")) {
			return verdict{}
		}
		return g.pass(&m, from)
	}
	trusted := g.serves && g.policy.trusts(from.Addr())
	r := checkRequest(&m)
	known := g.calls.known(m.get("Call-ID"))
	switch {
	case g.bans.banned(from.Addr()):
		return verdict{close: true}
	case r != nil && !trusted && !known:
		return verdict{close: r.broken}
	case r != nil:
		return g.refuse(&m, r, from)
	}
	r, drop := g.farewell(&m, trusted, known)
	if !g.closing.Load() {
		r, drop = g.authorise(&m, from, trusted, known)
	}
	switch {
	case drop:
		return verdict{}
	case r != nil:
		return g.refuse(&m, r, from)
	}
	return g.pass(&m, from)
}

// farewell answers for a door that is closing: calls are ended by us, and a
// peer who ends one at the same moment must not wait for an answer.
func (g *gate) farewell(m *message, trusted, known bool) (r *refusal, drop bool) {
	switch method := m.method(); {
	case method == "BYE" && known:
		return &refusal{status: 200, reason: "OK"}, false
	case method == "INVITE" && (trusted || known):
		return unavailable(), false
	}
	return nil, true
}

// authorise decides whether a well-formed request may reach the stack.
func (g *gate) authorise(m *message, from netip.AddrPort, trusted, known bool) (r *refusal, drop bool) {
	method := m.method()
	outside := !hasToTag(m)
	switch {
	case !g.serves:
		return nil, !known
	case method == "REGISTER":
		return g.authenticate(m, from)
	case method == "INVITE" && outside && !trusted:
		if r, drop := g.authenticate(m, from); r != nil || drop {
			return r, drop
		}
	case known:
		return nil, false
	case method == "ACK" || !trusted:
		return nil, true
	case slices.Contains([]string{"BYE", "CANCEL", "PRACK", "NOTIFY"}, method) || !outside:
		return &refusal{status: 481, reason: "Call/Transaction Does Not Exist"}, false
	}
	if method == "INVITE" && !known {
		return g.full(), false
	}
	return nil, false
}

// authenticate asks for a password; without accounts there is nobody to be.
func (g *gate) authenticate(m *message, from netip.AddrPort) (r *refusal, drop bool) {
	if g.auth == nil {
		return &refusal{status: 405, reason: "Method Not Allowed", headers: []header{{"Allow", allowed}}}, !g.policy.trusts(from.Addr())
	}
	_, outcome := g.auth.verify(m, from.Addr())
	switch outcome {
	case attemptGood:
		return nil, false
	case attemptWrong:
		if g.bans.wrong(from.Addr()) {
			g.log.Warn("source banned after wrong passwords", "from", from.Addr())
		}
	case attemptNone, attemptStale:
	}
	return &refusal{status: 401, reason: "Unauthorized",
		headers: []header{g.auth.challenge(from.Addr(), outcome == attemptStale)}}, false
}

// full probes the capacity, so that a flood at a full gateway costs neither a
// transaction nor a goroutine; the call itself takes its seat later.
func (g *gate) full() *refusal {
	if g.admit == nil {
		return nil
	}
	release, err := g.admit.Admit()
	if err != nil {
		return unavailable()
	}
	release()
	return nil
}

func unavailable() *refusal {
	return &refusal{status: 503, reason: "Service Unavailable", headers: []header{{"Retry-After", strconv.Itoa(int(voice.RetryAfter.Seconds()))}}}
}

func (g *gate) refuse(m *message, r *refusal, from netip.AddrPort) verdict {
	g.log.Debug("request refused", "method", m.method(), "status", r.status, "reason", r.reason, "from", from)
	return verdict{reply: replyTo(m, r, from, g.key), close: r.broken}
}

// pass writes the message for the stack after making sure that the stack's own
// parser takes it.
func (g *gate) pass(m *message, from netip.AddrPort) verdict {
	if !m.isResponse() {
		g.routeBack(m)
	}
	data := m.bytes()
	if _, err := g.parser.ParseSIP(data); err != nil {
		if m.isResponse() {
			return verdict{}
		}
		return g.refuse(m, malformed("not understood"), from)
	}
	g.passed.Store(int64(time.Since(g.opened)))
	return verdict{pass: data}
}

// settle waits, once the gate is closing, until the stack has taken up what
// was let through last. The stack gives each request to a goroutine of its own,
// which answers over the line the request came by; were the line gone, it would
// open a socket past the gate and nobody would close it.
func (g *gate) settle() {
	const enough = 50 * time.Millisecond // a goroutine that may run starts within microseconds
	for {
		left := enough - (time.Since(g.opened) - time.Duration(g.passed.Load()))
		if left <= 0 {
			return
		}
		time.Sleep(left)
	}
}

// routeBack makes answers go to where the request came from and never to a
// third party that its Via names, and gives an RFC 2543 client without branch
// one that CANCEL and ACK of the same transaction share.
func (g *gate) routeBack(m *message) {
	v, err := parseVia(m.get("Via"))
	if err != nil {
		return // checkVias has been here
	}
	kept := v.params[:0:0]
	for _, p := range v.params {
		if !strings.EqualFold(p.name, "rport") && !strings.EqualFold(p.name, "received") {
			kept = append(kept, p)
		}
	}
	if _, ok := find(kept, "branch"); !ok {
		seq, _, _ := strings.Cut(m.get("CSeq"), " ")
		mac := hmac.New(sha256.New, g.key)
		mac.Write([]byte(m.get("Call-ID") + "\n" + seq + "\n" + m.get("From") + "\n" + v.sentBy))
		kept = append(kept, param{"branch", magicCookie + "2543" + hex.EncodeToString(mac.Sum(nil)[:8]), true})
	}
	v.params = append(kept, param{name: "rport"})
	setHeader(m, "Via", v.String())
}

func hasToTag(m *message) bool {
	to, err := parseAddress(m.get("To"))
	return err == nil && to.tag() != ""
}
