package rtp

import (
	"math"
	"time"

	"waggle/dialog"
)

// Quality tells how good the line from the peer is.
type Quality struct {
	Received   uint64 // packets of the call, each once
	Lost       uint64 // never came (RFC 3550 6.4.1)
	Late       uint64 // came after their turn
	Duplicates uint64
	Dropped    uint64 // left out to shorten the delay
	Strays     uint64 // did not fit the stream
	Foreign    uint64 // kept out by the SourceGuard
	// Jitter is the mean deviation of RFC 3550 6.4.1.
	Jitter time.Duration
	// Delay is the target delay of the jitter buffer.
	Delay time.Duration
}

// Loss is the share of packets that could not be played, in [0,1].
func (q Quality) Loss() float64 {
	expected := q.Received + q.Lost
	if expected == 0 {
		return 0
	}
	return float64(q.Lost+q.Late) / float64(expected)
}

// Constants of the E-model for G.711 with concealment: the default R of
// ITU-T G.107, and Ie and Bpl of G.113 appendix I.
const (
	defaultR   = 93.2
	g711Ie     = 0.0
	g711Bpl    = 25.1
	knee       = 177.3 // ms; Cole and Rosenbluth, Voice over IP performance monitoring, 2001
	codecDelay = 20.0  // ms for packetisation
)

// MOS is the opinion score of 1 to 4.5 that the simplified E-model of ITU-T
// G.107 gives for a round trip time (zero if unknown), with loss taken as
// random. It judges what was received; it has not listened.
func (q Quality) MOS(roundTrip time.Duration) float64 {
	delay := float64(roundTrip/2+q.Delay)/float64(time.Millisecond) + codecDelay
	id := 0.024 * delay
	if delay > knee {
		id += 0.11 * (delay - knee)
	}
	loss := 100 * q.Loss()
	ie := g711Ie + (95-g711Ie)*loss/(loss+g711Bpl)
	return opinion(defaultR - id - ie)
}

// Line puts the figures into the record of a call.
func (q Quality) Line(codec string, r Remote) dialog.LineQuality {
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	return dialog.LineQuality{
		Codec: codec, MOS: math.Round(100*q.MOS(r.RoundTrip)) / 100,
		Received: q.Received, Lost: q.Lost, Late: q.Late, Loss: q.Loss(),
		JitterMS: ms(q.Jitter), DelayMS: ms(q.Delay),
		RoundTripMS: ms(r.RoundTrip), RemoteLoss: r.Loss, RemoteJitterMS: ms(r.Jitter),
	}
}

// opinion maps R to MOS (ITU-T G.107 annex B).
func opinion(r float64) float64 {
	r = min(max(r, 0), 100)
	return math.Max(1, 1+0.035*r+r*(r-60)*(100-r)*7e-6)
}

// counters keeps the books of a JitterBuffer across restarts of the stream.
type counters struct {
	received, late, duplicates, dropped, strays uint64

	expected    uint64 // packets of earlier streams
	first, high int64
	running     bool
	jitter      float64 // ns
	transit     time.Duration
}

// restart closes the books of one stream and opens those of the next.
func (c *counters) restart(first int64) {
	c.expected += c.current()
	c.first, c.high, c.running = first, first-1, false
}

func (c *counters) current() uint64 {
	if c.first == 0 { // unwrapped numbers are never zero: no stream yet
		return 0
	}
	return uint64(max(0, c.high-c.first+1))
}

// marked counts a packet that has no part in timing.
func (c *counters) marked(seq int64) {
	c.received++
	c.high, c.first = max(c.high, seq), min(c.first, seq)
}

func (c *counters) arrived(seq int64, transit time.Duration) {
	c.marked(seq)
	if c.running {
		d := math.Abs(float64(transit - c.transit))
		c.jitter += (d - c.jitter) / 16
	}
	c.transit, c.running = transit, true
}

// Quality reports on all that was pushed so far.
func (b *JitterBuffer) Quality() Quality {
	c := &b.count
	unique := c.received - c.duplicates
	var lost uint64
	if expected := c.expected + c.current(); expected > unique {
		lost = expected - unique
	}
	return Quality{
		Received: unique, Lost: lost, Late: c.late, Duplicates: c.duplicates, Dropped: c.dropped,
		Strays: c.strays, Jitter: time.Duration(c.jitter), Delay: b.delay.target,
	}
}
