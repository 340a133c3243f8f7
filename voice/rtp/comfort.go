package rtp

import (
	"math"
	"math/rand/v2"
	"time"

	"waggle/audio"
)

// comfortOrder is how many reflection coefficients are used of those that a
// packet may bring; twelve describe any room.
const comfortOrder = 12

// comfortPole keeps the filter stable: a coefficient of one would ring for ever.
const comfortPole = 0.98

// comfortLoudest bounds what a packet can make us hear: noise louder than this
// is no background.
const comfortLoudest = 30 // -dBov

// ComfortNoise makes the background that the peer described instead of sending
// it (RFC 3389): noise of a level, shaped by an all-pole filter. It belongs to
// one goroutine; the zero value is silent.
type ComfortNoise struct {
	known bool
	gain  float64 // of the excitation
	k     [comfortOrder]float64
	order int
	state [comfortOrder + 1]float64
}

// Set takes a payload: the level in -dBov, then reflection coefficients.
func (n *ComfortNoise) Set(payload []byte) {
	if len(payload) == 0 {
		return
	}
	n.order = min(len(payload)-1, comfortOrder)
	power := 1.0
	for i := range n.order {
		// RFC 3389, 3.2: 127 is zero, the steps are 258/32768.
		k := float64(int(payload[1+i])-127) * 258 / 32768
		n.k[i] = min(max(k, -comfortPole), comfortPole)
		power *= 1 - n.k[i]*n.k[i]
	}
	level := max(int(payload[0]&0x7F), comfortLoudest)
	// 0 dBov is a square wave at full scale. Uniform noise in [-1,1) has the
	// power 1/3; the filter multiplies it by 1/power.
	n.gain = 32767 * math.Pow(10, -float64(level)/20) * math.Sqrt(3*max(power, 1e-4))
	n.known = true
}

// Known reports whether the peer has described its background.
func (n *ComfortNoise) Known() bool { return n.known }

// Fill writes the next samples; silence if nothing is known.
func (n *ComfortNoise) Fill(pcm []int16) {
	if !n.known {
		clear(pcm)
		return
	}
	for i := range pcm {
		pcm[i] = int16(min(max(n.next(), math.MinInt16), math.MaxInt16))
	}
}

// next is one sample out of the all-pole lattice (Markel and Gray, Linear
// Prediction of Speech, 1976, 5.2).
func (n *ComfortNoise) next() float64 {
	f := n.gain * (2*rand.Float64() - 1)
	for i := n.order - 1; i >= 0; i-- {
		f -= n.k[i] * n.state[i]
		n.state[i+1] = n.state[i] + n.k[i]*f
	}
	n.state[0] = f
	return f
}

// When the robot says nothing, nothing is sent but a word about the quiet, and
// that again now and then for a NAT or a peer that counts packets.
const (
	silenceBelow  = -60 // dBFS
	silenceFrames = int(200 * time.Millisecond / FrameTime)
	comfortFrames = int(time.Second / FrameTime)
	// comfortLevel is what we describe, in -dBov: a soft presence, so that the
	// line does not seem dead.
	comfortLevel = 70
)

// pause decides for one frame of ours whether its packet is left out (DTX).
type pause struct{ quiet int }

// The ways to treat a frame.
type treatment byte

const (
	sendSound treatment = iota
	sendComfort
	sendNothing
)

func (p *pause) next(pcm []int16) treatment {
	if audio.Level(pcm) > silenceBelow {
		p.quiet = 0
		return sendSound
	}
	p.quiet++
	switch over := p.quiet - silenceFrames; {
	case over <= 0:
		return sendSound
	case over%comfortFrames == 1:
		return sendComfort
	}
	return sendNothing
}
