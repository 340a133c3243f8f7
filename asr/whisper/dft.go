package whisper

import "math/cmplx"

// dft is a mixed-radix discrete Fourier transform of n complex samples (Cooley
// and Tukey 1965), for lengths that are no power of two.
type dft struct {
	n       int
	factors []int
	turn    []complex128 // e^(-2πik/n)
	gather  []complex128
}

func newDFT(n int) *dft {
	d := &dft{n: n, turn: make([]complex128, n)}
	for k := range d.turn {
		d.turn[k] = cmplx.Rect(1, -2*pi*float64(k)/float64(n))
	}
	widest := 1
	for p, rest := 2, n; rest > 1; {
		if rest%p != 0 {
			p++
			continue
		}
		d.factors = append(d.factors, p)
		rest /= p
		widest = max(widest, p)
	}
	d.gather = make([]complex128, widest)
	return d
}

// transform writes the spectrum of src to dst.
func (d *dft) transform(dst, src []complex128) { d.split(dst, src, 1, d.factors) }

// split transforms every stride-th value of src, len(dst) of them.
func (d *dft) split(dst, src []complex128, stride int, factors []int) {
	if len(dst) == 1 {
		dst[0] = src[0]
		return
	}
	p := factors[0]
	m := len(dst) / p
	for j := range p {
		d.split(dst[j*m:(j+1)*m], src[j*stride:], stride*p, factors[1:])
	}
	step := d.n / len(dst)
	for k := range m {
		for j := range p {
			d.gather[j] = dst[j*m+k] * d.turn[j*k*step]
		}
		for q := range p {
			sum := d.gather[0]
			for j := 1; j < p; j++ {
				sum += d.gather[j] * d.turn[j*q*m*step%d.n]
			}
			dst[q*m+k] = sum
		}
	}
}
