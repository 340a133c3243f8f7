package bench

import (
	"math"
	"time"
)

// Voice makes sound that moves like speech, for measuring speed where no
// recording is at hand: a buzz through two wandering formants, in syllables of
// 250 ms. It fits no words, so the search has more to do than on real speech.
func Voice(length time.Duration) []int16 {
	pcm := make([]int16, int(length*rate/time.Second))
	var phase float64
	var low, high resonator
	for i := range pcm {
		t := float64(i) / rate
		syllable := math.Mod(t, 0.25) / 0.25
		pitch := 130 + 30*math.Sin(2*math.Pi*0.7*t)
		phase += pitch / rate
		pulse := 0.0
		if phase >= 1 {
			phase--
			pulse = 1
		}
		k := math.Floor(t / 0.25)
		low.tune(350+250*math.Mod(k*0.37, 1)+100*syllable, 80)
		high.tune(1000+1200*math.Mod(k*0.61, 1), 120)
		v := high.pass(low.pass(pulse)) * math.Sin(math.Pi*syllable)
		pcm[i] = int16(min(max(v*60000, -30000), 30000))
	}
	return pcm
}

// resonator is a digital formant (Klatt, JASA 67, 1980).
type resonator struct{ a, b, c, y1, y2 float64 }

func (r *resonator) tune(hz, width float64) {
	r.c = -math.Exp(-2 * math.Pi * width / rate)
	r.b = 2 * math.Exp(-math.Pi*width/rate) * math.Cos(2*math.Pi*hz/rate)
	r.a = 1 - r.b - r.c
}

func (r *resonator) pass(x float64) float64 {
	y := r.a*x + r.b*r.y1 + r.c*r.y2
	r.y2, r.y1 = r.y1, y
	return y
}
