package opus

import (
	"errors"
	"math"
	"testing"

	"waggle/audio"
)

func frames(n int, freq float64) [][]int16 {
	out := make([][]int16, n)
	for k := range out {
		out[k] = make([]int16, FrameSamples)
		for i := range out[k] {
			t := float64(k*FrameSamples + i)
			out[k][i] = int16(9000 * math.Sin(2*math.Pi*freq*t/Rate))
		}
	}
	return out
}

func pair(t testing.TB, s Settings) (*Encoder, *Decoder) {
	t.Helper()
	e, err := NewEncoder(s)
	if err != nil {
		t.Fatal(err)
	}
	d, err := NewDecoder()
	if err != nil {
		t.Fatal(err)
	}
	return e, d
}

func TestATonePassesAtItsLevel(t *testing.T) {
	e, d := pair(t, Settings{})
	for k, pcm := range frames(25, 440) {
		packet, err := e.Encode(pcm)
		if err != nil {
			t.Fatal(err)
		}
		got, err := d.Decode(packet)
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != FrameSamples {
			t.Fatalf("frame %d: %d samples", k, len(got))
		}
		if k > 5 && math.Abs(audio.Level(got)-audio.Level(pcm)) > 1.5 {
			t.Errorf("frame %d: %.1f dBFS became %.1f", k, audio.Level(pcm), audio.Level(got))
		}
	}
}

func TestALostFrameIsRecoveredFromTheNextPacket(t *testing.T) {
	e, d := pair(t, Settings{FEC: true, LossPercent: 20})
	var packets [][]byte
	for _, pcm := range frames(30, 300) {
		p, err := e.Encode(pcm)
		if err != nil {
			t.Fatal(err)
		}
		packets = append(packets, append([]byte(nil), p...))
	}
	for _, p := range packets[:20] {
		if _, err := d.Decode(p); err != nil {
			t.Fatal(err)
		}
	}
	lost, err := d.Recover(packets[21]) // 20 never came
	if err != nil {
		t.Fatal(err)
	}
	if len(lost) != FrameSamples || audio.Level(lost) < -25 {
		t.Errorf("recovered %d samples at %.1f dBFS", len(lost), audio.Level(lost))
	}
	concealed, err := d.Recover(nil)
	if err != nil || len(concealed) != FrameSamples {
		t.Errorf("extrapolation: %d samples, %v", len(concealed), err)
	}
}

func TestSilenceCostsNextToNothingWithDTX(t *testing.T) {
	e, _ := pair(t, Settings{DTX: true})
	var small int
	for range 100 {
		p, err := e.Encode(make([]int16, FrameSamples))
		if err != nil {
			t.Fatal(err)
		}
		if len(p) <= 2 {
			small++
		}
	}
	if small < 50 {
		t.Errorf("only %d of 100 silent frames were left out", small)
	}
}

func TestWrongSizesAndBytesAreErrors(t *testing.T) {
	e, d := pair(t, Settings{})
	if _, err := e.Encode(make([]int16, 123)); err == nil {
		t.Error("123 samples are no Opus frame")
	}
	if _, err := e.Encode(nil); err == nil {
		t.Error("nothing is no Opus frame")
	}
	for _, packet := range [][]byte{nil, {0xFF, 0xFF, 0xFF}} {
		if _, err := d.Decode(packet); !errors.Is(err, ErrPacket) {
			t.Errorf("packet %x: %v", packet, err)
		}
	}
	if err := e.SetLoss(250); err != nil {
		t.Error("a silly loss figure is clamped, not refused:", err)
	}
	if _, err := NewEncoder(Settings{Complexity: 77}); err == nil {
		t.Error("complexity 77 was accepted")
	}
}

func FuzzDecode(f *testing.F) {
	e, d := pair(f, Settings{})
	p, _ := e.Encode(frames(1, 440)[0])
	f.Add(p)
	f.Add([]byte{0xFC})
	f.Fuzz(func(t *testing.T, packet []byte) {
		pcm, err := d.Decode(packet)
		if err == nil && len(pcm) > maxPacketSamples {
			t.Errorf("%d samples", len(pcm))
		}
		_, _ = d.Recover(packet)
	})
}

func BenchmarkFrame(b *testing.B) {
	in := frames(50, 440)
	b.Run("encode", func(b *testing.B) {
		e, _ := pair(b, Settings{FEC: true, LossPercent: 5})
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			if _, err := e.Encode(in[i%50]); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("decode", func(b *testing.B) {
		e, d := pair(b, Settings{})
		p, _ := e.Encode(in[0])
		b.ReportAllocs()
		for b.Loop() {
			if _, err := d.Decode(p); err != nil {
				b.Fatal(err)
			}
		}
	})
}
