package tts

import (
	"math"
	"testing"
	"time"

	"waggle/audio"
)

func TestLimiterNeverClipsAndLeavesQuietSoundAlone(t *testing.T) {
	last := -1.0
	for x := -4.0; x <= 4; x += 0.001 {
		y := limit(x)
		if math.Abs(y) > 1 || y < last {
			t.Fatalf("limit(%.3f) = %.5f after %.5f", x, y, last)
		}
		if math.Abs(x) <= knee && y != x {
			t.Fatalf("limit(%.3f) = %.5f below the knee", x, y)
		}
		last = y
	}
	if limit(math.NaN()) != 0 {
		t.Error("NaN is not silence")
	}
}

// A phrase that begins and ends at full level must not click.
func TestPhrasesFadeAtBothEnds(t *testing.T) {
	var pcm []int16
	o, err := newOutput(16000, func(f audio.Frame) error { pcm = append(pcm, f.PCM...); return nil })
	if err != nil {
		t.Fatal(err)
	}
	block := make([]float32, 1600)
	for i := range block {
		block[i] = 0.4
	}
	fadeOut(block)
	o.fadeIn()
	if err := o.write(block); err != nil {
		t.Fatal(err)
	}
	if err := o.silence(30 * time.Millisecond); err != nil {
		t.Fatal(err)
	}
	if err := o.finish(); err != nil {
		t.Fatal(err)
	}
	if len(pcm)%320 != 0 || len(pcm) < 1600+480 {
		t.Fatalf("%d samples", len(pcm))
	}
	last := int16(0)
	for i, s := range pcm {
		if d := int(s) - int(last); d > 400 || d < -400 {
			t.Fatalf("a step of %d at sample %d", d, i)
		}
		last = s
	}
}
