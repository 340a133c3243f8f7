package voice

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"waggle/asr"
)

// hiss is 20 ms of noise at a level in dBFS.
func hiss(level float64, rng *rand.Rand) []int16 {
	pcm := make([]int16, simFrame)
	for i := range pcm {
		pcm[i] = int16(min(max(rng.NormFloat64()*32767*math.Pow(10, level/20), math.MinInt16), math.MaxInt16))
	}
	return pcm
}

// speechShare lets a detector that calls everything speech hear a level for a
// time, and returns the share that is left of it.
func speechShare(g *foreground, level float64, d time.Duration, inside bool, rng *rand.Rand) float64 {
	kept, all := 0, int(d/frameTime)
	for i := range all {
		// Voices swell and fall: some four decibels, three times a second.
		swell := 4 * math.Sin(2*math.Pi*3*float64(i)*frameTime.Seconds())
		if g.judge(hiss(level+swell, rng), frameTime, asr.Activity{Speech: true}, inside).Speech {
			kept++
		}
	}
	return float64(kept) / float64(all)
}

func TestOnlyWhatStandsOutOfACrowdIsTheCaller(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var g foreground
	speechShare(&g, -38, 2*time.Second, false, rng)
	speechShare(&g, -25, time.Second, true, rng) // the caller has spoken once
	speechShare(&g, -38, time.Second, false, rng)
	if got := speechShare(&g, -38, 6*time.Second, false, rng); got > 0.02 {
		t.Errorf("%.2f of a crowd counts as the caller", got)
	}
	if got := speechShare(&g, -25, 3*time.Second, true, rng); got < 0.95 {
		t.Errorf("only %.2f of the caller's speech in a crowd is kept", got)
	}
	if got := speechShare(&g, -38, 2*time.Second, true, rng); got > 0.25 {
		t.Errorf("%.2f of the crowd after the caller's words is taken for more of them", got)
	}
}

func TestOnAQuietLineTheDetectorDecidesAlone(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	var g foreground
	speechShare(&g, -75, 2*time.Second, false, rng)
	for _, level := range []float64{-25, -45, -55, -25} {
		if got := speechShare(&g, level, time.Second, true, rng); got != 1 {
			t.Errorf("%.2f of speech at %v dBFS is kept", got, level)
		}
	}
	if got := g.judge(at(-25), frameTime, asr.Activity{}, true); got.Speech {
		t.Error("silence was made speech")
	}
}

// A caller who talks from the first moment is not taken for background.
func TestATalkativeCallerIsNotBackground(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	var g foreground
	kept, all := 0, 0
	for i := range 500 {
		level := -25.0
		if i%25 >= 20 { // words of 400 ms and gaps of 100
			level = -70
		}
		inside := i > 10
		if g.judge(hiss(level, rng), frameTime, asr.Activity{Speech: true}, inside).Speech {
			kept++
		}
		all++
	}
	if share := float64(kept) / float64(all); share < 0.9 {
		t.Errorf("%.2f of ten seconds of speech is kept", share)
	}
}

// Should a floor ever be so high that nobody stands out of it, the detector
// gets its word back.
func TestAFloorThatHidesEverythingIsNotTrustedForLong(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	var g foreground
	speechShare(&g, -45, 2*time.Second, false, rng)
	speechShare(&g, -30, time.Second, true, rng)
	speechShare(&g, -29, 4*time.Second, false, rng)
	speechShare(&g, -29, trustTime, true, rng)
	if got := speechShare(&g, -29, time.Second, true, rng); got != 1 {
		t.Errorf("%.2f of steady speech is kept after %v", got, trustTime)
	}
}
