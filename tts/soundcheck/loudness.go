package soundcheck

import "math"

// biquad is a second-order filter in direct form I.
type biquad struct {
	b0, b1, b2, a1, a2 float64
	x1, x2, y1, y2     float64
}

func (f *biquad) next(x float64) float64 {
	y := f.b0*x + f.b1*f.x1 + f.b2*f.x2 - f.a1*f.y1 - f.a2*f.y2
	f.x2, f.x1, f.y2, f.y1 = f.x1, x, f.y1, y
	return y
}

// kWeighting is the pre-filter of ITU-R BS.1770-4, annex 1: a shelf of +4 dB
// above 1.7 kHz for the head, and a high pass at 38 Hz. The recommendation
// tabulates both at 48 kHz; here they are designed for any rate by the
// bilinear transform of the same analogue filters.
func kWeighting(rate float64) (shelf, highPass biquad) {
	const (
		shelfHz, shelfQ, shelfGain = 1681.974450955533, 0.7071752369554196, 3.999843853973347
		highHz, highQ              = 38.13547087602444, 0.5003270373238773
	)
	k := math.Tan(math.Pi * shelfHz / rate)
	top := math.Pow(10, shelfGain/20)
	middle := math.Pow(top, 0.4996667741545416)
	a0 := 1 + k/shelfQ + k*k
	shelf = biquad{
		b0: (top + middle*k/shelfQ + k*k) / a0, b1: 2 * (k*k - top) / a0, b2: (top - middle*k/shelfQ + k*k) / a0,
		a1: 2 * (k*k - 1) / a0, a2: (1 - k/shelfQ + k*k) / a0,
	}
	k = math.Tan(math.Pi * highHz / rate)
	a0 = 1 + k/highQ + k*k
	highPass = biquad{b0: 1 / a0, b1: -2 / a0, b2: 1 / a0, a1: 2 * (k*k - 1) / a0, a2: (1 - k/highQ + k*k) / a0}
	return shelf, highPass
}

// meter collects the power of overlapping blocks of K-weighted sound.
type meter struct {
	rate    int
	blocks  []float64 // mean square of every 400 ms, one each 100 ms
	quarter []float64 // mean squares of the last tenths of a second
}

// add takes one utterance; the filters start anew.
func (m *meter) add(pcm []int16) {
	shelf, highPass := kWeighting(float64(m.rate))
	m.quarter = m.quarter[:0]
	step := m.rate / 10
	sum := 0.0
	for i, s := range pcm {
		y := highPass.next(shelf.next(float64(s) / 32768))
		sum += y * y
		if (i+1)%step != 0 {
			continue
		}
		m.quarter = append(m.quarter, sum/float64(step))
		sum = 0
		if n := len(m.quarter); n >= 4 {
			m.blocks = append(m.blocks, (m.quarter[n-4]+m.quarter[n-3]+m.quarter[n-2]+m.quarter[n-1])/4)
		}
	}
}

// lufs is the integrated loudness with the recommendation's two gates: -70
// LUFS, and 10 LU below what passes the first. Without sound it is -Inf.
func (m *meter) lufs() float64 {
	gate := math.Inf(-1)
	for _, threshold := range []float64{-70, -10} {
		if threshold == -10 {
			threshold = gate - 10
		}
		sum, n := 0.0, 0
		for _, p := range m.blocks {
			if level(p) > threshold {
				sum, n = sum+p, n+1
			}
		}
		if n == 0 {
			return math.Inf(-1)
		}
		gate = level(sum / float64(n))
	}
	return gate
}

func level(power float64) float64 { return -0.691 + 10*math.Log10(power) }
