package rtp

import (
	"net/netip"
	"testing"
	"time"
)

var (
	peer     = netip.MustParseAddrPort("192.0.2.10:4000")
	natted   = netip.MustParseAddrPort("192.0.2.10:61234")
	stranger = netip.MustParseAddrPort("198.51.100.7:4000")
	start    = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
)

func ms(n int) time.Time { return start.Add(time.Duration(n) * time.Millisecond) }

// M01: the packets of a stranger never get in, before or during the call.
func TestForeignPacketsAreNeverHeard(t *testing.T) {
	g := NewSourceGuard(peer)
	for i := range 1000 {
		if g.Accept(stranger, uint16(i), ms(i)) {
			t.Fatal("a stranger was heard before the call")
		}
	}
	if !g.Accept(peer, 7, ms(1000)) {
		t.Fatal("the peer was refused")
	}
	for i := range 1000 {
		if g.Accept(stranger, uint16(8+i), ms(1000+i*20)) {
			t.Fatal("a stranger was heard during the call")
		}
	}
	if g.Peer() != peer || g.Foreign() != 2000 {
		t.Errorf("peer %v, %d foreign packets", g.Peer(), g.Foreign())
	}
}

func TestTheStreamMovesAfterFourPacketsInSequence(t *testing.T) {
	for _, c := range []struct {
		name string
		seqs []uint16
		want bool
	}{
		{"four in sequence", []uint16{10, 11, 12, 13}, true},
		{"across the wrap", []uint16{65534, 65535, 0, 1}, true},
		{"three", []uint16{10, 11, 12}, false},
		{"a hole", []uint16{10, 11, 13, 14}, false},
		{"the same one again and again", []uint16{10, 10, 10, 10, 10}, false},
		{"backwards", []uint16{13, 12, 11, 10}, false},
	} {
		g := NewSourceGuard(peer)
		var moved bool
		for i, seq := range c.seqs {
			moved = g.Accept(natted, seq, ms(i*20))
		}
		if moved != c.want || (g.Peer() == natted) != c.want {
			t.Errorf("%s: moved %v, want %v", c.name, moved, c.want)
		}
	}
}

func TestASecondSourceWaitsUntilTheFirstIsSilent(t *testing.T) {
	g := NewSourceGuard(peer)
	g.Accept(peer, 1, ms(0))
	seq := uint16(100)
	for i := range 24 { // 480 ms: the peer may still be there
		if g.Accept(natted, seq, ms(i*20)) {
			t.Fatalf("taken over after %d ms", i*20)
		}
		seq++
	}
	for i := range 3 {
		if g.Accept(natted, seq, ms(500+i*20)) {
			t.Fatal("packets sent beside the living peer were counted")
		}
		seq++
	}
	if !g.Accept(natted, seq, ms(560)) {
		t.Error("four packets in sequence after the silence did not move the stream")
	}
	if !g.Accept(peer, 2, ms(570)) || g.Peer() != peer {
		t.Error("the address of the SDP must always be believed")
	}
}

func TestAReInviteMovesAtOnce(t *testing.T) {
	g := NewSourceGuard(peer)
	g.Accept(peer, 1, ms(0))
	g.Move(stranger) // it is now the one that signalling names
	if !g.Accept(stranger, 1, ms(1)) || g.Accept(peer, 2, ms(2)) {
		t.Error("the new address must be heard and the old one not")
	}
}

func TestMappedAddressesAreTheSamePeer(t *testing.T) {
	g := NewSourceGuard(peer)
	if !g.Accept(netip.MustParseAddrPort("[::ffff:192.0.2.10]:4000"), 1, ms(0)) {
		t.Error("the IPv4-mapped form of the peer was refused")
	}
}
