package bench

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"net/netip"
	"os"
	"time"

	pionrtp "github.com/pion/rtp"

	"waggle/audio"
	"waggle/voice/rtp"
)

const (
	// freeAfter is how long the robot must be silent before the caller speaks.
	freeAfter = 900 * time.Millisecond
	// intoAnswer is how far into an answer the caller interrupts.
	intoAnswer = 1200 * time.Millisecond
	// stillAfter is the silence after which the robot counts as interrupted.
	stillAfter = 300 * time.Millisecond
	// givenUp ends the wait for an answer.
	givenUp = 10 * time.Second
)

// phone is a caller with a stopwatch. It sends a packet every 20 ms and takes
// the time of each packet that arrives. It is one goroutine.
type phone struct {
	socket     rtp.Socket
	peer       netip.AddrPort
	utterances [][]int16
	which      int // utterance that comes next
	turns      int

	header  pionrtp.Header
	out     []byte
	in      [2048]byte
	silence []int16

	background []int16 // whole frames of other voices, nil for none
	played     int     // of them
	mixed      []int16

	saying   []int16   // the utterance under way
	position int       // in it, -1 while listening
	spoke    time.Time // when the utterance ended and an answer is awaited
	began    time.Time // when the caller began to speak into an answer
	sound    time.Time // last packet of the robot with sound
	since    time.Time // when the robot's present sound began

	latency    []time.Duration
	stops      []time.Duration
	unanswered int
}

func newPhone(socket rtp.Socket, peer netip.AddrPort, utterances [][]int16, first, turns int) *phone {
	return &phone{
		socket: socket, peer: peer, utterances: utterances, which: first, turns: turns, position: -1,
		silence: make([]int16, rtp.FrameSamples),
		header:  pionrtp.Header{Version: 2, PayloadType: 8, SSRC: rand.Uint32(), SequenceNumber: uint16(rand.Uint32()), Timestamp: rand.Uint32()},
	}
}

// talk holds the conversation until all turns were taken.
func (p *phone) talk(ctx context.Context) error {
	for beat := time.Now(); p.turns > 0 || p.busy(); beat = beat.Add(rtp.FrameTime) {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := p.send(); err != nil {
			return err
		}
		if err := p.receive(beat.Add(rtp.FrameTime)); err != nil {
			return err
		}
		p.decide(time.Now())
	}
	return nil
}

// busy reports whether something is still to be measured.
func (p *phone) busy() bool { return p.position >= 0 || !p.spoke.IsZero() }

// send sends the next 20 ms of speech or silence.
func (p *phone) send() error {
	pcm := p.silence
	if p.position >= 0 {
		pcm = p.saying[p.position : p.position+rtp.FrameSamples]
	}
	pcm = p.mix(pcm)
	p.out = append(p.out[:0], make([]byte, p.header.MarshalSize())...)
	if _, err := p.header.MarshalTo(p.out); err != nil {
		return fmt.Errorf("bench: packet: %w", err)
	}
	p.out = audio.ALaw.Encode(p.out, pcm)
	p.header.SequenceNumber++
	p.header.Timestamp += rtp.FrameSamples
	if _, err := p.socket.WriteToUDPAddrPort(p.out, p.peer); err != nil {
		return fmt.Errorf("bench: send: %w", err)
	}
	if p.position >= 0 {
		p.spoken(time.Now())
	}
	return nil
}

// mix adds the next frame of the background.
func (p *phone) mix(pcm []int16) []int16 {
	if len(p.background) == 0 {
		return pcm
	}
	p.mixed = append(p.mixed[:0], pcm...)
	for i, x := range p.background[p.played : p.played+rtp.FrameSamples] {
		p.mixed[i] = int16(min(max(int(p.mixed[i])+int(x), math.MinInt16), math.MaxInt16)) //nolint:gosec // clipped
	}
	p.played = (p.played + rtp.FrameSamples) % len(p.background)
	return p.mixed
}

// spoken moves on in the utterance; its last packet starts the stopwatch.
func (p *phone) spoken(now time.Time) {
	p.position += rtp.FrameSamples
	if p.position+rtp.FrameSamples > len(p.saying) {
		p.position, p.spoke = -1, now
		p.turns--
	}
}

// receive takes in packets until the next beat.
func (p *phone) receive(until time.Time) error {
	if err := p.socket.SetReadDeadline(until); err != nil {
		return fmt.Errorf("bench: receive: %w", err)
	}
	var packet pionrtp.Packet
	var pcm []int16
	for {
		n, _, err := p.socket.ReadFromUDPAddrPort(p.in[:])
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("bench: receive: %w", err)
		}
		if packet.Unmarshal(p.in[:n]) != nil {
			continue
		}
		pcm = audio.ALaw.Decode(pcm[:0], packet.Payload)
		if loud(pcm) {
			p.hear(time.Now())
		}
	}
}

// hear takes a packet with sound.
func (p *phone) hear(now time.Time) {
	if now.Sub(p.sound) > stillAfter {
		p.since = now
		if !p.spoke.IsZero() {
			p.latency = append(p.latency, now.Sub(p.spoke))
			p.spoke = time.Time{}
		}
	}
	p.sound = now
}

// decide has the caller speak: when the robot is silent, and into every second
// answer.
func (p *phone) decide(now time.Time) {
	silent := now.Sub(p.sound)
	switch {
	case !p.began.IsZero() && silent > stillAfter:
		p.stops = append(p.stops, max(0, p.sound.Sub(p.began)))
		p.began = time.Time{}
	case !p.spoke.IsZero() && now.Sub(p.spoke) > givenUp:
		p.unanswered++
		p.spoke = time.Time{}
	case p.position >= 0 || !p.spoke.IsZero() || p.turns == 0 || p.sound.IsZero():
	case silent > freeAfter:
		p.begin()
	case len(p.latency)%2 == 1 && len(p.stops) < len(p.latency)/2+1 && silent < stillAfter && now.Sub(p.since) > intoAnswer:
		p.began = now
		p.begin()
	}
}

// begin starts the next utterance.
func (p *phone) begin() {
	p.saying = p.utterances[p.which%len(p.utterances)]
	p.which++
	p.position = 0
}
