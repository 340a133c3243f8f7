package wagglevoice

import (
	"errors"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"waggle/tts/prosody"
)

func fixture(t testing.TB) *Voice {
	t.Helper()
	read := func(name string) []byte {
		raw, err := os.ReadFile("testdata/" + name + ".onnx")
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	v, err := Open(read("acoustic"), read("vocoder"), 1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = v.Close() })
	return v
}

func speak(t testing.TB, v *Voice, f Frames, block int) []float32 {
	t.Helper()
	s := v.Speak(f, 7)
	defer s.Close()
	var out []float32
	for s.Left() > 0 {
		var err error
		if out, err = s.Block(out, block); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func TestBlocksSoundLikeOnePass(t *testing.T) {
	v := fixture(t)
	f, err := v.Frames(prosody.Plan("您的快递到了，请取件。")[0], "tan", 1)
	if err != nil {
		t.Fatal(err)
	}
	whole := speak(t, v, f, f.Len())
	if len(whole) != f.Len()*v.Hop {
		t.Fatalf("%d samples for %d frames", len(whole), f.Len())
	}
	var loud float64
	for _, x := range whole {
		loud = max(loud, math.Abs(float64(x)))
	}
	for _, block := range []int{1, 7, 20} {
		parts := speak(t, v, f, block)
		for i := range whole {
			if d := math.Abs(float64(parts[i] - whole[i])); d > 0.01*loud {
				t.Fatalf("blocks of %d differ by %.5f at sample %d (peak %.3f)", block, d, i, loud)
			}
		}
	}
}

func TestSpeedAndStretchChangeTheLength(t *testing.T) {
	v := fixture(t)
	p := prosody.Plan("您的快递到了。")[0]
	length := func(speed float32) int {
		f, err := v.Frames(p, "wu", speed)
		if err != nil {
			t.Fatal(err)
		}
		return f.Len() - f.Lead - f.Trail
	}
	slow, normal, fast := length(0.5), length(1), length(2)
	if slow < normal*17/10 || fast > normal*6/10 {
		t.Errorf("%d frames slow, %d normal, %d fast", slow, normal, fast)
	}
}

func TestSpeakersDifferInPitchAndSound(t *testing.T) {
	v := fixture(t)
	if got := strings.Join(v.Names(), " "); got != "tan wu" {
		t.Fatalf("speakers are %s", got)
	}
	p := prosody.Plan("您的快递到了。")[0]
	tan, err1 := v.Frames(p, "tan", 1)
	wu, err2 := v.Frames(p, "wu", 1)
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	if mean(wu.F0) > 0.7*mean(tan.F0) {
		t.Errorf("the man is at %.0f Hz, the woman at %.0f", mean(wu.F0), mean(tan.F0))
	}
	if slices.Equal(wu.Mel, tan.Mel) {
		t.Error("both have the same envelope")
	}
	if _, err := v.Frames(p, "nobody", 1); !errors.Is(err, ErrSpeaker) || !strings.Contains(err.Error(), "tan, wu") {
		t.Errorf("an unknown speaker: %v", err)
	}
}

func mean(x []float32) (sum float64) {
	for _, v := range x {
		sum += float64(v)
	}
	return sum / float64(len(x))
}

func TestTrimKeepsTheMiddle(t *testing.T) {
	f := Frames{Mel: []float32{1, 1, 2, 2, 3, 3}, F0: []float32{1, 2, 3}, Voiced: []float32{0, 1, 0}, Lead: 1, Trail: 1}
	got := f.Trim(1, 1)
	if got.Len() != 1 || got.Mel[0] != 2 || got.Lead != 0 || got.Trail != 0 {
		t.Errorf("trimmed to %+v", got)
	}
	if n := f.Trim(9, 9).Len(); n != 0 {
		t.Errorf("%d frames left after trimming everything", n)
	}
}

func TestOpenRefusesOtherGraphs(t *testing.T) {
	fixture(t)
	vocoder, err := os.ReadFile("testdata/vocoder.onnx")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(vocoder, vocoder, 1); !errors.Is(err, ErrModel) {
		t.Errorf("a vocoder passed as an acoustic graph: %v", err)
	}
	if _, err := Open([]byte("no graph"), vocoder, 1); err == nil {
		t.Error("text passed as a graph")
	}
}

func BenchmarkFrames(b *testing.B) {
	v := fixture(b)
	p := prosody.Plan("您的快递已经到达驿站。")[0]
	for b.Loop() {
		if _, err := v.Frames(p, "tan", 1); err != nil {
			b.Fatal(err)
		}
	}
}
