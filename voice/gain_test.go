package voice

import (
	"math"
	"testing"
	"time"

	"waggle/audio"
)

// at is 20 ms of a tone at a level in dBFS.
func at(level float64) []int16 {
	pcm := make([]int16, simFrame)
	amplitude := 32767 * math.Sqrt2 * math.Pow(10, level/20)
	for i := range pcm {
		pcm[i] = int16(amplitude * math.Sin(2*math.Pi*400*float64(i)/simRate))
	}
	return pcm
}

func TestQuietCallersAreRaisedAndNothingElseIs(t *testing.T) {
	for _, c := range []struct {
		name          string
		speech, noise float64
		want          float64
	}{
		{"usual", -26, -70, 0},
		{"nearly loud enough", -30, -70, 0},
		{"loud", -10, -60, 0},
		{"quiet", -40, -75, 14},
		{"very quiet", -55, -80, gainMost},
		{"quiet in a quiet hum", -44, -60, 10},
		{"quiet in noise", -44, -52, 0},
		{"as loud as the noise", -40, -40, 0},
	} {
		var g gain
		for range 50 {
			g.observe(at(c.noise), false, frameTime)
		}
		for range 150 {
			g.observe(at(c.speech), true, frameTime)
		}
		if math.Abs(g.now-c.want) > 1 {
			t.Errorf("%s: %.1f dB, want %.1f", c.name, g.now, c.want)
		}
		before := g.now
		for range 500 {
			g.observe(at(c.noise), false, frameTime)
		}
		if g.now != before {
			t.Errorf("%s: the gain moved from %.1f to %.1f dB in a pause", c.name, before, g.now)
		}
	}
}

func TestTheGainMovesSlowly(t *testing.T) {
	var g gain
	last := 0.0
	for i := range 200 {
		level := -50.0
		if i > 100 {
			level = -20
		}
		g.observe(at(level), true, frameTime)
		if step := math.Abs(g.now - last); step > gainRate*frameTime.Seconds()+1e-9 {
			t.Fatalf("frame %d: a step of %.2f dB", i, step)
		}
		last = g.now
	}
	if g.now > 1 {
		t.Errorf("%.1f dB for a caller who now speaks up", g.now)
	}
}

func TestAmplifiedSoundDoesNotWrap(t *testing.T) {
	g := gain{now: gainMost}
	loud := make([]int16, simFrame)
	for i := range loud {
		loud[i] = int16(20000 * (1 - 2*(i%2)))
	}
	out := g.apply(audio.Frame{PCM: loud, Rate: simRate}).PCM
	if out[0] != math.MaxInt16 || out[1] != math.MinInt16 {
		t.Errorf("%d %d", out[0], out[1])
	}
	f := audio.Frame{PCM: at(-40), Rate: simRate}
	if allocs := testing.AllocsPerRun(100, func() { g.observe(f.PCM, true, 20*time.Millisecond); g.apply(f) }); allocs != 0 {
		t.Errorf("%v allocations per frame", allocs)
	}
}
