// Package rtp stands between a socket and audio frames: it lets only the peer
// of the call be heard (SourceGuard), puts packets back in order and in time
// (JitterBuffer), hides what was lost (Concealer), carries telephone keys
// (RFC 4733) and tells how good the line is (Quality). Conn joins them for
// G.711 lines. It may import audio and, for the type Digit, voice.
package rtp

import (
	"net/netip"
	"time"
)

const (
	// moveAfter is how many packets in sequence a new source of the peer's
	// address has to send before it is believed.
	moveAfter = 4
	// aliveFor is how long after its last packet the current source is taken
	// to be still there: a second source is not even considered meanwhile.
	aliveFor = 500 * time.Millisecond
)

// SourceGuard decides which packets belong to the call. It trusts the address
// and port that signalling named. Behind a NAT the port differs: then four
// packets in sequence from that same address move the stream, once the old
// source has fallen silent. Nobody else is ever heard, so a stranger who
// guesses the port (RTP bleed) can neither speak into the call nor draw the
// robot's voice to himself. It belongs to one goroutine.
type SourceGuard struct {
	signalled netip.AddrPort
	current   netip.AddrPort
	heard     time.Time // last packet of current
	candidate netip.AddrPort
	next      uint16 // sequence number that continues the candidate
	run       int
	foreign   uint64
}

// NewSourceGuard trusts the address of the SDP. A door whose peer sits behind
// a NAT names the address that the signalling came from instead.
func NewSourceGuard(signalled netip.AddrPort) *SourceGuard {
	g := &SourceGuard{}
	g.Move(signalled)
	return g
}

// Move follows a re-INVITE to another address.
func (g *SourceGuard) Move(signalled netip.AddrPort) {
	g.signalled = plain(signalled)
	g.current, g.heard, g.run = g.signalled, time.Time{}, 0
}

// Accept reports whether a packet with this sequence number belongs to the call.
func (g *SourceGuard) Accept(from netip.AddrPort, seq uint16, now time.Time) bool {
	from = plain(from)
	if from == g.current || from == g.signalled {
		g.current, g.heard, g.run = from, now, 0
		return true
	}
	if from.Addr() != g.signalled.Addr() || g.alive(now) || !g.proven(from, seq) {
		g.foreign++
		return false
	}
	g.current, g.heard = from, now
	return true
}

// Peer is where packets are sent to: the source that is heard.
func (g *SourceGuard) Peer() netip.AddrPort { return g.current }

// Foreign counts the packets that were kept out.
func (g *SourceGuard) Foreign() uint64 { return g.foreign }

func (g *SourceGuard) alive(now time.Time) bool {
	if g.heard.IsZero() || now.Sub(g.heard) >= aliveFor {
		return false
	}
	g.run = 0
	return true
}

// proven counts the run of packets in sequence from one new source.
func (g *SourceGuard) proven(from netip.AddrPort, seq uint16) bool {
	if from != g.candidate || seq != g.next {
		g.candidate, g.run = from, 0
	}
	g.run++
	g.next = seq + 1
	return g.run >= moveAfter
}

// plain makes ::ffff:192.0.2.1 and 192.0.2.1 the same.
func plain(a netip.AddrPort) netip.AddrPort {
	return netip.AddrPortFrom(a.Addr().Unmap().WithZone(""), a.Port())
}
