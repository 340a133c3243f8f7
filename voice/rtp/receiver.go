package rtp

import (
	"net/netip"
	"time"

	"waggle/audio"
)

// receiver turns the packets of the peer into frames.
type receiver struct {
	guard       *SourceGuard
	jitter      *JitterBuffer
	conceal     *Concealer
	comfort     ComfortNoise
	digits      digitReader
	law         audio.Law
	payloadType uint8
	pending     []int16 // decoded and not yet handed out
	scratch     []int16
	out         []int16
	quiet       bool
}

func newReceiver(remote netip.AddrPort, law audio.Law) receiver {
	return receiver{
		guard:       NewSourceGuard(remote),
		jitter:      NewJitterBuffer(Rate, FrameTime, func(payload []byte) int { return len(payload) }),
		conceal:     NewConcealer(Rate),
		law:         law,
		payloadType: payloadType(law),
		out:         make([]int16, FrameSamples),
	}
}

func payloadType(law audio.Law) uint8 {
	if law == audio.ALaw {
		return payloadPCMA
	}
	return payloadPCMU
}

// frame yields the next 20 ms; lost says that some of it was made up.
func (r *receiver) frame(now time.Time) (pcm []int16, lost bool) {
	for len(r.pending) < FrameSamples {
		lost = r.more(now) || lost
	}
	copy(r.out, r.pending)
	r.pending = r.pending[:copy(r.pending, r.pending[FrameSamples:])]
	r.quiet = quiet(r.out)
	return r.out, lost
}

// more adds the next stretch of the stream to what is pending.
func (r *receiver) more(now time.Time) (lost bool) {
	item := r.jitter.Pop(now, r.quiet)
	switch item.Kind {
	case Packet:
		r.scratch = r.law.Decode(r.scratch[:0], item.Payload)
		r.conceal.Good(r.scratch)
	case Lost:
		r.scratch = resized(r.scratch, item.Ticks)
		r.conceal.Lost(r.scratch)
	default:
		r.scratch = resized(r.scratch, item.Ticks)
		r.comfort.Fill(r.scratch)
		r.conceal.Good(r.scratch)
	}
	r.pending = append(r.pending, r.scratch...)
	return item.Kind == Lost
}

func resized(s []int16, n int) []int16 {
	if cap(s) < n {
		return make([]int16, n)
	}
	return s[:n]
}
