package rtp

import (
	"math"
	"testing"
	"time"

	pionrtp "github.com/pion/rtp"

	"waggle/audio"
	"waggle/voice"
)

func TestComfortNoiseHasTheLevelAndShapeDescribed(t *testing.T) {
	for _, c := range []struct {
		payload []byte
		level   float64
		low     float64 // share of the power below 2 kHz, at least
		high    float64 // at most
	}{
		{[]byte{50}, -50, 0.4, 0.6},
		{[]byte{60}, -60, 0.4, 0.6},
		{[]byte{45, 20}, -45, 0.85, 1}, // k1 = -0.84: a dark room
		{[]byte{45, 234}, -45, 0, 0.15},
		{[]byte{0}, -comfortLoudest, 0.4, 0.6}, // nobody is shouted at
		{[]byte{127}, audio.Silence, 0, 1},
	} {
		var n ComfortNoise
		n.Set(c.payload)
		pcm := make([]int16, 8*Rate)
		n.Fill(pcm)
		if got := audio.Level(pcm); math.Abs(got-c.level) > 1.5 && c.payload[0] != 127 || got > -30+1.5 {
			t.Errorf("%v: %.1f dBFS, want %.1f", c.payload, got, c.level)
		}
		if got := lowShare(pcm); c.payload[0] != 127 && (got < c.low || got > c.high) {
			t.Errorf("%v: %.2f of the power lies below 2 kHz, want %.2f to %.2f", c.payload, got, c.low, c.high)
		}
	}
}

// lowShare is what a moving average of two keeps over what a difference keeps:
// for white noise half.
func lowShare(pcm []int16) float64 {
	var low, high float64
	for i := 1; i < len(pcm); i++ {
		s, d := float64(pcm[i])+float64(pcm[i-1]), float64(pcm[i])-float64(pcm[i-1])
		low, high = low+s*s, high+d*d
	}
	return low / (low + high)
}

func TestHostileComfortPayloadsStayInRange(t *testing.T) {
	for _, k := range []byte{0, 255} {
		payload := []byte{30}
		for range 200 {
			payload = append(payload, k)
		}
		var n ComfortNoise
		n.Set(nil)
		n.Set(payload)
		pcm := make([]int16, Rate)
		n.Fill(pcm)
		if !n.Known() || math.IsNaN(n.state[0]) || math.IsInf(n.state[0], 0) {
			t.Error("the filter ran away")
		}
	}
}

func TestAnnouncedSilenceIsFilledWithComfortNoise(t *testing.T) {
	c, w := newConn()
	w.talk(peer, 7, start, 50, 440)
	w.packet(peer, start.Add(time.Second), &pionrtp.Packet{Payload: []byte{40},
		Header: pionrtp.Header{Version: 2, PayloadType: payloadComfortNoise, SSRC: 7, SequenceNumber: 50, Timestamp: 50 * FrameSamples}})
	pcm := listen(t, c, 100)
	rest := pcm[1200*8:]
	if level := audio.Level(rest); level < -43 || level > -37 {
		t.Errorf("%.1f dBFS in the announced silence, want the described -40", level)
	}
	if s := c.Stats(); s.Lost != 0 {
		t.Errorf("%d packets count as lost", s.Lost)
	}
	w.now = w.now.Add(10 * time.Second)
	if got := c.Condition(); got != voice.LineOpen {
		t.Errorf("condition %v: silence by agreement is no dead line", got)
	}
}

func TestOurSilenceIsLeftOutWhenAgreed(t *testing.T) {
	for _, agreed := range []bool{true, false} {
		w := &wire{now: start}
		c := NewConn(Config{Socket: w, Remote: peer, Law: audio.ALaw, ComfortNoise: agreed, Now: func() time.Time { return w.now }})
		sound := make([]int16, FrameSamples)
		audio.Tone{Freq: []float64{440}}.Fill(sound, 0, Rate)
		for i := range 300 { // a second of sound, four of silence, one of sound
			pcm := make([]int16, FrameSamples)
			if i < 50 || i >= 250 {
				pcm = sound
			}
			if err := c.WriteFrame(audio.Frame{PCM: pcm, Rate: Rate}); err != nil {
				t.Fatal(err)
			}
			w.now = w.now.Add(FrameTime)
		}
		var comfort, marked int
		var last pionrtp.Packet
		for i, d := range w.sent {
			var p pionrtp.Packet
			if err := p.Unmarshal(d.data); err != nil {
				t.Fatal(err)
			}
			if i > 0 && p.SequenceNumber != last.SequenceNumber+1 {
				t.Errorf("sequence numbers must not jump over silence")
			}
			if want := uint32(d.at.Sub(start)/FrameTime) * FrameSamples; i > 0 && p.Timestamp-first(t, w).Timestamp != want {
				t.Fatalf("packet %d at %v has the timestamp of %d", i, d.at.Sub(start), p.Timestamp-first(t, w).Timestamp)
			}
			if p.PayloadType == payloadComfortNoise {
				comfort++
			}
			if p.Marker {
				marked++
			}
			last = p
		}
		if agreed && (len(w.sent) != 110+4 || comfort != 4 || marked != 2) {
			t.Errorf("%d packets, %d of comfort noise, %d talk spurts", len(w.sent), comfort, marked)
		}
		if !agreed && (len(w.sent) != 300 || comfort != 0) {
			t.Errorf("not agreed, and yet %d packets, %d of comfort noise", len(w.sent), comfort)
		}
	}
}

func first(t *testing.T, w *wire) pionrtp.Packet {
	t.Helper()
	var p pionrtp.Packet
	if err := p.Unmarshal(w.sent[0].data); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestTheLineTellsHowItStands(t *testing.T) {
	c, w := newConn()
	w.talk(peer, 7, start, 50, 440)
	listen(t, c, 55)
	for _, x := range []struct {
		later time.Duration
		hold  bool
		want  voice.Condition
	}{{0, false, voice.LineOpen}, {6 * time.Second, false, voice.LineSilent}, {0, true, voice.LineHeld}, {0, false, voice.LineOpen}} {
		w.now = w.now.Add(x.later)
		if x.hold || c.held {
			c.Hold(x.hold)
		}
		if got := c.Condition(); got != x.want {
			t.Errorf("condition %v, want %v", got, x.want)
		}
	}
}
