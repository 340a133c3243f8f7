package soundcheck

import (
	"math"
	"slices"

	"waggle/audio"
)

// Of the pitch tracker: normalised autocorrelation (as in Boersma 1993, without
// its path search), a value every 10 ms.
const (
	trackRate = 8000 // the sound is halved to this rate first
	trackHop  = trackRate / 100
	lowest    = 55 // Hz
	highest   = 520
	periodic  = 0.8  // correlation from which a frame is voiced
	firstPeak = 0.93 // of the best correlation: the shortest period that high is the period
	silent    = 42   // dB under the peak, where sound is no speech
)

// track is F0 in Hz every 10 ms of sound at 16 kHz, 0 where there is no voice.
// A lone voiced frame or a leap of more than a third of an octave is no voice.
func track(pcm []int16) []float64 {
	x := low(pcm)
	const window = 3 * trackHop
	longest := trackRate / lowest
	scores := make([]float64, longest+1)
	out := make([]float64, len(x)/trackHop)
	quiet := audio.Peak(pcm) - silent
	for t := range out {
		a := t*trackHop + trackHop/2 - (window+longest)/2
		if a < 0 || a+window+longest > len(x) || audio.Level(pcm[2*a:2*(a+window+longest)]) < quiet {
			continue
		}
		out[t] = period(x[a:a+window+longest], window, scores)
	}
	return steady(out)
}

// low is the sound at trackRate below about 600 Hz: in a vowel with a high first
// formant, upper harmonics would hide the period while the pitch moves.
func low(pcm []int16) []float64 {
	x := make([]float64, len(pcm)/2)
	for i := range x {
		x[i] = (float64(pcm[2*i]) + float64(pcm[2*i+1])) / 2
	}
	const width = trackRate / 1000 // two boxes of 1 ms: zeros at 1 kHz and above
	for range 2 {
		sum := 0.0
		box := make([]float64, len(x))
		for i := range x {
			sum += x[i]
			if i >= width {
				sum -= x[i-width]
			}
			box[max(i-width/2, 0)] = sum / width
		}
		x = box
	}
	return x
}

// period is the pitch in Hz of one window, 0 when it has none.
func period(x []float64, window int, scores []float64) float64 {
	shortest := trackRate / highest
	var here float64
	for _, v := range x[:window] {
		here += v * v
	}
	there, best := 0.0, 0.0
	for _, v := range x[shortest : shortest+window] {
		there += v * v
	}
	for lag := shortest; lag < len(scores); lag++ {
		var cross float64
		for i := range window {
			cross += x[i] * x[i+lag]
		}
		scores[lag] = cross / math.Sqrt(here*there+1)
		best = max(best, scores[lag])
		if lag+1 < len(scores) {
			there += x[lag+window]*x[lag+window] - x[lag]*x[lag]
		}
	}
	if best < periodic {
		return 0
	}
	for lag := shortest + 1; lag+1 < len(scores); lag++ {
		l, m, r := scores[lag-1], scores[lag], scores[lag+1]
		if m >= firstPeak*best && m >= l && m >= r { // a parabola through the three gives the fraction
			return trackRate / (float64(lag) + 0.5*(l-r)/(l-2*m+r-1e-12))
		}
	}
	return 0
}

// steady clears frames that neither neighbour confirms.
func steady(f0 []float64) []float64 {
	near := func(a, b float64) bool { return a > 0 && b > 0 && math.Abs(math.Log2(a/b)) < 1.0/3 }
	out := slices.Clone(f0)
	for t := range f0 {
		before := t > 0 && near(f0[t], f0[t-1])
		after := t+1 < len(f0) && near(f0[t], f0[t+1])
		if !before && !after {
			out[t] = 0
		}
	}
	return out
}

// voicedOf lists the values above 0, sorted.
func voicedOf(f0 []float64) []float64 {
	var out []float64
	for _, f := range f0 {
		if f > 0 {
			out = append(out, f)
		}
	}
	slices.Sort(out)
	return out
}

// quantile of sorted values, 0 without any.
func quantile(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[int(q*float64(len(sorted)-1)+0.5)]
}
