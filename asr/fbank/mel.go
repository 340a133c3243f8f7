package fbank

import "math"

// melBank holds triangular filters.
type melBank struct {
	filters []filter
}

// filter weighs the power bins from first on.
type filter struct {
	first  int
	weight []float64
}

// melOf is Kaldi's mel scale.
func melOf(hz float64) float64 { return 1127 * math.Log1p(hz/700) }

// newMelBank makes filters that are linear on the mel scale.
func newMelBank(bins int, lowHz, highHz float64) *melBank {
	low, high := melOf(lowHz), melOf(highHz)
	step := (high - low) / float64(bins+1)
	b := &melBank{filters: make([]filter, bins)}
	for i := range b.filters {
		left := low + float64(i)*step
		b.filters[i] = triangle(left, left+step, left+2*step)
	}
	return b
}

// triangle makes the filter with these corners in mel; the Nyquist bin takes
// no part, as in Kaldi.
func triangle(left, centre, right float64) filter {
	var f filter
	for k := range half {
		m := melOf(float64(k) * Rate / size)
		if m <= left || m >= right {
			continue
		}
		if len(f.weight) == 0 {
			f.first = k
		}
		f.weight = append(f.weight, min((m-left)/(centre-left), (right-m)/(right-centre)))
	}
	return f
}

func (b *melBank) logEnergies(power *[half + 1]float64, dst []float32) {
	for i := range b.filters {
		f := &b.filters[i]
		sum := 0.0
		for k, p := range power[f.first:][:len(f.weight)] {
			sum += f.weight[k] * p
		}
		dst[i] = float32(math.Log(max(sum, floor)))
	}
}
