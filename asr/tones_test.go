package asr

import (
	"context"
	"math"
	"os"
	"testing"
	"time"

	"waggle/asr/fbank"
	"waggle/audio"
)

// The fixtures of testdata understand a language of tones: see testdata/make.py.
const (
	carriers     = 14
	firstCarrier = 10
	carrierStep  = 5
)

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// toneEngine is an Engine over the tone fixture and the shipped language model.
func toneEngine(t testing.TB, o Options) *Engine {
	t.Helper()
	e, err := New("tiny", fixture(t, "testdata/tiny.onnx"), fixture(t, "../models/builtin/asr-zh-lm.gz"), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

func toneVAD(t testing.TB) *VAD {
	t.Helper()
	m, err := NewVADModel("tiny-vad", fixture(t, "testdata/tiny-vad.onnx"))
	if err != nil {
		t.Fatal(err)
	}
	v, err := m.NewVAD()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := v.Close(); err != nil {
			t.Error(err)
		}
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	})
	return v
}

// say sings a text in tones at the given rate: 80 ms a unit, 60 ms between,
// after and before it the given silence.
func say(t testing.TB, e *Engine, text string, rate int, before, after time.Duration) []int16 {
	t.Helper()
	path := e.graph.Spell(text)
	if len(path) == 0 {
		t.Fatalf("%q cannot be said", text)
	}
	pcm := hiss(nil, rate, before)
	for _, unit := range path {
		a, b := pair(int(unit) - 1)
		pcm = chord(pcm, rate, 80*time.Millisecond, centre(a), centre(b))
		pcm = hiss(pcm, rate, 60*time.Millisecond)
	}
	return hiss(pcm, rate, after)
}

// pair is the i-th pair of carriers in lexicographic order.
func pair(i int) (a, b int) {
	for a = 0; ; a++ {
		if n := carriers - 1 - a; i < n {
			return a, a + 1 + i
		} else {
			i -= n
		}
	}
}

// centre is the frequency at the middle of a carrier's mel bin.
func centre(carrier int) float64 {
	mel := func(hz float64) float64 { return 1127 * math.Log1p(hz/700) }
	low, high := mel(20), mel(7600)
	m := low + (high-low)/(fbank.Bins+1)*float64(firstCarrier+carrierStep*carrier+1)
	return 700 * math.Expm1(m/1127)
}

func chord(pcm []int16, rate int, length time.Duration, hz ...float64) []int16 {
	n := int(length * time.Duration(rate) / time.Second)
	for i := range n {
		v := 0.0
		for _, f := range hz {
			v += math.Sin(2 * math.Pi * f * float64(i) / float64(rate))
		}
		edge := min(1, float64(min(i, n-i))/(0.01*float64(rate)))
		pcm = append(pcm, int16(9000*v*edge))
	}
	return pcm
}

// hiss appends a very faint noise, since digital silence is rare on a line.
func hiss(pcm []int16, rate int, length time.Duration) []int16 {
	state := uint32(len(pcm) + 1)
	for range int(length * time.Duration(rate) / time.Second) {
		state = state*1664525 + 1013904223
		pcm = append(pcm, int16(state>>30)-1)
	}
	return pcm
}

// feed writes pcm in 20 ms frames, as a telephone line would.
func feed(t testing.TB, s Stream, pcm []int16, rate int) {
	t.Helper()
	step := rate / 50
	for at := 0; at < len(pcm); at += step {
		f := audio.Frame{PCM: pcm[at:min(at+step, len(pcm))], Rate: rate, TS: time.Duration(at) * time.Second / time.Duration(rate)}
		if err := s.Write(f); err != nil {
			t.Fatal(err)
		}
	}
}

func open(t testing.TB, e *Engine) *ear {
	t.Helper()
	s, err := e.NewStream(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s.(*ear)
}
