package fbank

import (
	"math"
	"math/bits"
	"math/cmplx"
)

const half = size / 2

// fft is a radix-2 transform of `size` real samples, done as one complex
// transform of half the length (Press et al., Numerical Recipes, 12.3).
type fft struct {
	order   [half]int        // bit reversal
	twiddle [half]complex128 // e^(-2πik/half), first half used
	split   [half + 1]complex128
	work    [half]complex128
}

func newFFT() *fft {
	f := new(fft)
	width := bits.Len(uint(half)) - 1
	for i := range half {
		f.order[i] = int(bits.Reverse(uint(i)) >> (bits.UintSize - width))
		f.twiddle[i] = cmplx.Exp(complex(0, -2*math.Pi*float64(i)/half))
	}
	for i := range f.split {
		f.split[i] = cmplx.Exp(complex(0, -2*math.Pi*float64(i)/size))
	}
	return f
}

// power writes |X[k]|² of x for k = 0..size/2.
func (f *fft) power(x *[size]float64, out *[half + 1]float64) {
	for i := range half {
		j := f.order[i]
		f.work[i] = complex(x[2*j], x[2*j+1])
	}
	f.butterflies()
	for k := 0; k <= half; k++ {
		a := f.work[k%half]
		b := cmplx.Conj(f.work[(half-k)%half])
		even, odd := (a+b)/2, (a-b)/complex(0, 2)
		v := even + f.split[k]*odd
		out[k] = real(v)*real(v) + imag(v)*imag(v)
	}
}

func (f *fft) butterflies() {
	for span := 1; span < half; span *= 2 {
		step := half / (2 * span)
		for start := 0; start < half; start += 2 * span {
			for k := range span {
				a := f.work[start+k]
				b := f.work[start+k+span] * f.twiddle[k*step]
				f.work[start+k], f.work[start+k+span] = a+b, a-b
			}
		}
	}
}
