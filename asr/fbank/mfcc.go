package fbank

import "math"

// lifter is Kaldi's, which raises the higher cepstra.
const lifter = 22

// Cepstra turns frames of log energies into as many mel-frequency cepstral
// coefficients, as Kaldi does with use_energy=false: the orthonormal DCT-II
// (Davis and Mermelstein, IEEE Trans. ASSP 28, 1980), raised by the lifter
// 1 + 11 sin(πk/22). It belongs to one goroutine.
type Cepstra struct {
	rows [][]float64 // of the transform, lifted
	in   []float64
}

// NewCepstra prepares frames of n values.
func NewCepstra(n int) *Cepstra {
	c := &Cepstra{rows: make([][]float64, n), in: make([]float64, n)}
	for k := range c.rows {
		row, scale := make([]float64, n), math.Sqrt(2/float64(n))
		if k == 0 {
			scale = math.Sqrt(1 / float64(n))
		}
		scale *= 1 + lifter/2*math.Sin(math.Pi*float64(k)/lifter)
		for j := range row {
			row[j] = scale * math.Cos(math.Pi/float64(n)*(float64(j)+0.5)*float64(k))
		}
		c.rows[k] = row
	}
	return c
}

// Transform replaces the log energies of a frame by their cepstra.
func (c *Cepstra) Transform(frame []float32) {
	for j := range c.in {
		c.in[j] = float64(frame[j])
	}
	for k, row := range c.rows {
		sum := 0.0
		for j, w := range row {
			sum += w * c.in[j]
		}
		frame[k] = float32(sum)
	}
}
