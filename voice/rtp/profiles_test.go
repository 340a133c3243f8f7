package rtp

import (
	"math/rand/v2"
	"testing"
	"time"

	pionrtp "github.com/pion/rtp"

	"waggle/audio"
)

// The lines of HARDENING M04: how much of a minute of speech must be made up.
// No buffer of 200 ms brings back what is lost, but it must not lose more.
func TestLinesOfTheHardeningPage(t *testing.T) {
	for _, c := range []struct {
		name   string
		loss   float64 // share of packets
		burst  float64 // mean length of a loss
		delay  int     // ms
		jitter int     // ms, uniform
		most   float64 // share of frames made up
	}{
		{"P1", 0.005, 1, 90, 5, 0.01},
		{"P2", 0.01, 1, 130, 30, 0.03},
		{"P3", 0.03, 3, 200, 30, 0.06},
		{"P4", 0.08, 4, 320, 40, 0.12},
	} {
		l := newLine(t)
		rng := rand.New(rand.NewPCG(7, 8))
		const packets = 3000
		lost, dropping := 0, false
		for i := range packets {
			// A two-state chain (Gilbert, 1960) with the given share and length.
			if dropping {
				dropping = rng.Float64() >= 1/c.burst
			} else {
				dropping = rng.Float64() < c.loss/c.burst/(1-c.loss)
			}
			delay := c.delay + rng.IntN(c.jitter+1)
			if dropping && i > 0 {
				lost++
				delay = -1
			}
			l.send(i*20, delay)
		}
		l.run(packets * 20)
		made := float64(l.kinds[Lost]+l.kinds[Silence]) / packets
		if made > c.most || made < float64(lost)/packets*0.7 {
			t.Errorf("%s: %.1f %% of the frames were made up, %.1f %% of the packets were lost", c.name, 100*made, 100*float64(lost)/packets)
		}
		if q := l.buffer.Quality(); int(q.Lost) < lost-5 || int(q.Lost) > lost+5 {
			t.Errorf("%s: %d lost, the books say %d", c.name, lost, q.Lost)
		}
	}
}

// M02 in short: what a packet of a flood from elsewhere costs once it is in
// the process. At 20,000 a second, 25 % of a core would be 12.5 µs each.
func BenchmarkForeignPacket(b *testing.B) {
	p := pionrtp.Packet{Header: pionrtp.Header{Version: 2, PayloadType: 8, SSRC: 1}, Payload: make([]byte, 160)}
	data, err := p.Marshal()
	if err != nil {
		b.Fatal(err)
	}
	w := &wire{now: start}
	c := NewConn(Config{Socket: w, Remote: peer, Law: audio.ALaw, Now: func() time.Time { return w.now }})
	b.ReportAllocs()
	for b.Loop() {
		c.take(data, stranger)
	}
}
