package bench

import (
	"math"
	"math/rand/v2"

	"waggle/audio"
	"waggle/voice/rtp"
)

// voices are as many people as talk in the background.
const voices = 6

// babble adds voices of others, played over and over, at a level in dBFS.
func babble(pcm []float64, others [][]int16, level float64, rng *rand.Rand) {
	crowd := make([]float64, len(pcm))
	for range voices {
		other := trim(others[rng.IntN(len(others))])
		if len(other) == 0 {
			continue
		}
		from, gain := rng.IntN(len(other)), math.Pow(10, -audio.Level(other)/20)
		for k := range crowd {
			crowd[k] += gain * float64(other[(from+k)%len(other)])
		}
	}
	power := 0.0
	for _, x := range crowd {
		power += x * x
	}
	if power == 0 {
		return
	}
	scale := 32767 * math.Pow(10, level/20) / math.Sqrt(power/float64(len(crowd)))
	for k, x := range crowd {
		pcm[k] += scale * x
	}
}

// background is ten seconds of babble for one caller, in whole frames.
func background(utterances [][]int16, n int, below float64) []int16 {
	if below == 0 {
		return nil
	}
	pcm := make([]float64, 500*rtp.FrameSamples)
	babble(pcm, utterances, audio.Level(utterances[n%len(utterances)])-below, rand.New(rand.NewPCG(uint64(n), 5))) //nolint:gosec // a repeatable crowd
	out := make([]int16, len(pcm))
	for i, x := range pcm {
		out[i] = int16(min(max(x, math.MinInt16), math.MaxInt16))
	}
	return out
}
