package audio

import (
	"math"
	"testing"
	"time"
)

func TestLevelsOfKnownSignals(t *testing.T) {
	square := make([]int16, 800)
	for i := range square {
		square[i] = int16(16384 * (1 - 2*(i%2)))
	}
	for _, c := range []struct {
		name      string
		pcm       []int16
		rms, peak float64
		tolerance float64
	}{
		{name: "nothing", pcm: nil, rms: Silence, peak: Silence},
		{name: "zeros", pcm: make([]int16, 10), rms: Silence, peak: Silence},
		{name: "square at half scale", pcm: square, rms: -6.0206, peak: -6.0206, tolerance: 1e-3},
		{name: "sine", pcm: sine(1000, 8000, 8000), rms: -9.237, peak: -6.227, tolerance: 0.01},
		{name: "lowest sample", pcm: []int16{-32768}, rms: 0, peak: 0, tolerance: 1e-9},
	} {
		if got := Level(c.pcm); math.Abs(got-c.rms) > c.tolerance {
			t.Errorf("%s: level %.4f, want %.4f", c.name, got, c.rms)
		}
		if got := Peak(c.pcm); math.Abs(got-c.peak) > c.tolerance {
			t.Errorf("%s: peak %.4f, want %.4f", c.name, got, c.peak)
		}
	}
}

// power is the share of the signal at one frequency (Goertzel, 1958).
func power(pcm []int16, freq float64, rate int) float64 {
	var re, im, total float64
	for i, s := range pcm {
		angle := 2 * math.Pi * freq * float64(i) / float64(rate)
		re += float64(s) * math.Cos(angle)
		im += float64(s) * math.Sin(angle)
		total += float64(s) * float64(s)
	}
	return 2 * (re*re + im*im) / float64(len(pcm)) / total
}

func TestEveryKeySoundsItsTwoFrequencies(t *testing.T) {
	low := map[byte]float64{'1': 697, '2': 697, '3': 697, 'A': 697, '4': 770, '5': 770, '6': 770, 'B': 770,
		'7': 852, '8': 852, '9': 852, 'C': 852, '*': 941, '0': 941, '#': 941, 'D': 941}
	high := map[byte]float64{'1': 1209, '4': 1209, '7': 1209, '*': 1209, '2': 1336, '5': 1336, '8': 1336, '0': 1336,
		'3': 1477, '6': 1477, '9': 1477, '#': 1477, 'A': 1633, 'B': 1633, 'C': 1633, 'D': 1633}
	for key := range low {
		pcm := make([]int16, 800)
		DTMF(key).Fill(pcm, 0, 8000)
		for _, f := range []float64{low[key], high[key]} {
			if share := power(pcm, f, 8000); share < 0.45 {
				t.Errorf("key %c: only %.2f of the power at %v Hz", key, share, f)
			}
		}
		if level := Level(pcm); math.Abs(level+16) > 0.3 {
			t.Errorf("key %c: level %.2f dBFS", key, level)
		}
	}
	if len(DTMF('x').Freq) != 0 {
		t.Error("x is no key and must not sound")
	}
}

func TestCadencesOfTheNetwork(t *testing.T) {
	for _, c := range []struct {
		name    string
		tone    Tone
		on, off time.Duration
	}{
		{"ringback CN", RingbackCN(), time.Second, 4 * time.Second},
		{"busy CN", BusyCN(), 350 * time.Millisecond, 350 * time.Millisecond},
		{"ringback US", RingbackUS(), 2 * time.Second, 4 * time.Second},
	} {
		pcm := make([]int16, samples(2*(c.on+c.off), 8000))
		for at := 0; at < len(pcm); at += 160 { // as frames, to see that they join
			c.tone.Fill(pcm[at:min(at+160, len(pcm))], at, 8000)
		}
		on, period := samples(c.on, 8000), samples(c.on+c.off, 8000)
		for _, start := range []int{0, period} {
			if Level(pcm[start:start+on]) < -20 {
				t.Errorf("%s: silent where it should sound", c.name)
			}
			if Level(pcm[start+on:start+period]) != Silence {
				t.Errorf("%s: sounds where it should be silent", c.name)
			}
		}
	}
}
