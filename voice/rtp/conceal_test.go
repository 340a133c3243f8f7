package rtp

import (
	"math"
	"testing"

	"waggle/audio"
)

// voiced is a crude vowel: harmonics of a pitch.
func voiced(start, n int, pitch float64) []int16 {
	pcm := make([]int16, n)
	for i := range pcm {
		var x float64
		for h := 1.0; h <= 6; h++ {
			x += math.Sin(2*math.Pi*pitch*h*float64(start+i)/Rate) / h
		}
		pcm[i] = int16(6000 * x)
	}
	return pcm
}

func errorShare(got, want []int16) float64 {
	var noise, signal float64
	for i := range want {
		d := float64(got[i]) - float64(want[i])
		noise += d * d
		signal += float64(want[i]) * float64(want[i])
	}
	return noise / signal
}

func TestALostFrameOfAVowelIsContinued(t *testing.T) {
	for _, pitch := range []float64{80, 100, 160, 190} {
		c := NewConcealer(Rate)
		at := 0
		for range 10 {
			c.Good(voiced(at, FrameSamples, pitch))
			at += FrameSamples
		}
		made := make([]int16, 80) // before the fade begins
		c.Lost(made)
		if share := errorShare(made, voiced(at, 80, pitch)); share > 0.15 {
			t.Errorf("pitch %v Hz: %.0f %% of the power is wrong", pitch, 100*share)
		}
	}
}

func TestALongLossFadesToSilence(t *testing.T) {
	c := NewConcealer(Rate)
	for i := range 10 {
		c.Good(voiced(i*FrameSamples, FrameSamples, 120))
	}
	previous := 0.0
	for i := range 6 {
		pcm := make([]int16, FrameSamples)
		c.Lost(pcm)
		level := audio.Level(pcm)
		if level > previous {
			t.Errorf("frame %d of the loss is louder (%.1f dBFS) than the one before", i, level)
		}
		if i >= 3 && level != audio.Silence {
			t.Errorf("frame %d of the loss is not silent: %.1f dBFS", i, level)
		}
		previous = level
	}
}

func TestSeamsDoNotClick(t *testing.T) {
	c := NewConcealer(Rate)
	var out []int16
	for i := range 30 {
		pcm := voiced(i*FrameSamples, FrameSamples, 130)
		if i%6 == 5 {
			c.Lost(pcm)
		} else {
			c.Good(pcm)
		}
		out = append(out, pcm...)
	}
	natural := steepest(voiced(0, 4000, 130))
	if got := steepest(out); got > natural*3/2 {
		t.Errorf("a jump of %d between samples; the voice itself makes at most %d", got, natural)
	}
}

func steepest(pcm []int16) int {
	worst := 0
	for i := 1; i < len(pcm); i++ {
		d := int(pcm[i]) - int(pcm[i-1])
		worst = max(worst, d, -d)
	}
	return worst
}

func TestNothingHeardYetConcealsAsSilence(t *testing.T) {
	c := NewConcealer(Rate)
	pcm := voiced(0, FrameSamples, 100)
	c.Lost(pcm)
	if audio.Level(pcm) != audio.Silence {
		t.Error("made up a sound out of nothing")
	}
}

func BenchmarkConceal(b *testing.B) {
	c := NewConcealer(Rate)
	c.Good(voiced(0, FrameSamples, 100))
	good, lost := voiced(0, FrameSamples, 100), make([]int16, FrameSamples)
	b.ReportAllocs()
	for b.Loop() {
		c.Good(good)
		c.Lost(lost)
	}
}
