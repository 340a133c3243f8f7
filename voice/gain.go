package voice

import (
	"math"
	"time"

	"waggle/audio"
)

// The gain control raises quiet callers for the recogniser, and nothing else:
// it never lifts noise, never turns down, and moves so slowly that within a
// syllable nothing changes. Levels are dBFS, gains dB.
const (
	gainTarget = -26.0 // of speech: about what a telephone set delivers
	gainMost   = 18.0
	gainRate   = 12.0  // per second of speech
	noiseMost  = -50.0 // background is never lifted above this
	gainSNR    = 12.0  // speech less clear than this stays as it is
	gainSlack  = 6.0   // what is nearly loud enough stays as it is
)

// gain follows the level of one caller. It belongs to one goroutine.
type gain struct {
	now           float64
	speech, noise float64 // levels, valid once known
	heard, quiet  bool
	out           []int16
}

// observe learns from a frame of which the detector says whether it is speech.
func (g *gain) observe(pcm []int16, speech bool, length time.Duration) {
	level := audio.Level(pcm)
	if !speech {
		follow(&g.noise, &g.quiet, max(level, -90), 0.02)
		return
	}
	if g.heard && level < g.speech-15 {
		return // a gap between syllables
	}
	follow(&g.speech, &g.heard, level, 0.08)
	step := gainRate * length.Seconds()
	g.now += min(max(g.wanted()-g.now, -step), step)
}

// follow averages exponentially; the first value counts whole.
func follow(mean *float64, known *bool, x, share float64) {
	if !*known {
		*mean, *known = x, true
	}
	*mean += share * (x - *mean)
}

func (g *gain) wanted() float64 {
	missing := gainTarget - g.speech
	if missing < gainSlack {
		return 0
	}
	if g.quiet && g.speech-g.noise < gainSNR {
		return 0
	}
	most := gainMost
	if g.quiet {
		most = min(most, noiseMost-g.noise)
	}
	return max(0, min(missing, most))
}

// apply returns the frame at the present gain, in a buffer that is valid until
// the next call.
func (g *gain) apply(f audio.Frame) audio.Frame {
	if g.now < 0.5 {
		return f
	}
	factor := math.Pow(10, g.now/20)
	g.out = g.out[:0]
	for _, x := range f.PCM {
		g.out = append(g.out, int16(min(max(factor*float64(x), math.MinInt16), math.MaxInt16)))
	}
	f.PCM = g.out
	return f
}
