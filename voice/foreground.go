package voice

import (
	"math"
	"time"

	"waggle/asr"
	"waggle/audio"
)

// On a line with a noisy background (a street, a shop full of people) the
// detector is right that there are voices, but they are not the caller's. Then
// only what stands out of the background counts. Levels are dBFS.
const (
	levelTime  = 100 * time.Millisecond // over which levels are taken
	floorTime  = 3 * time.Second        // in which the quietest moment is the floor
	floorBins  = 12
	noisyFloor = -60.0 // a quieter floor hides no voices: the detector decides alone
	standsOut  = 10.0  // dB above the floor; people in a crowd reach some 7
	voiceHolds = 240 * time.Millisecond
	// When nothing has stood out for so long, what was taken for background may
	// be the caller: the detector decides alone again.
	trustTime    = 12 * time.Second
	settlingTime = 500 * time.Millisecond // until the floor is known
)

// foreground tells the caller's voice from voices behind it. It belongs to one
// goroutine; the zero value has heard nothing yet.
type foreground struct {
	heard time.Duration
	power float64 // of levelTime, smoothed
	floor [floorBins]float64
	bin   int
	until time.Duration // end of the present bin
	last  time.Duration // when something stood out
	out   bool          // something did, not long ago
}

// judge corrects the detector's verdict on the newest frame. While an
// utterance is running the floor may fall but not rise, for what goes on is
// mostly the caller.
func (g *foreground) judge(pcm []int16, length time.Duration, a asr.Activity, inside bool) asr.Activity {
	g.heard += length
	level := g.level(pcm, length)
	g.learn(level, inside)
	floor := g.lowest()
	if g.heard < settlingTime || floor < noisyFloor {
		return a
	}
	if level > floor+standsOut {
		g.last, g.out = g.heard, true
	}
	// Before anything has stood out, the floor may be the caller.
	g.out = g.out && g.heard-g.last < trustTime
	a.Speech = a.Speech && (!g.out || g.heard-g.last <= voiceHolds)
	return a
}

// level is the power of the last moment.
func (g *foreground) level(pcm []int16, length time.Duration) float64 {
	share := min(1, float64(length)/float64(levelTime))
	g.power += share * (math.Pow(10, audio.Level(pcm)/10) - g.power)
	return 10 * math.Log10(max(g.power, 1e-10))
}

// learn keeps the quietest level of each stretch of floorTime/floorBins.
func (g *foreground) learn(level float64, inside bool) {
	if g.heard < levelTime {
		return
	}
	if g.until == 0 {
		for i := range g.floor {
			g.floor[i] = level
		}
		g.until = g.heard
	}
	if g.heard >= g.until && !inside {
		g.bin = (g.bin + 1) % floorBins
		g.floor[g.bin] = level
		g.until = g.heard + floorTime/floorBins
	}
	g.floor[g.bin] = min(g.floor[g.bin], level)
}

func (g *foreground) lowest() float64 {
	low := g.floor[0]
	for _, x := range g.floor[1:] {
		low = min(low, x)
	}
	return low
}
