// Package fft transforms blocks of real samples to their spectrum and back. It
// imports nothing.
package fft

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"math/cmplx"
)

// ErrSize says that a transform of that size is not to be had.
var ErrSize = errors.New("fft: the size must be a power of two from 4 to 65536")

// Real is a radix-2 transform of a fixed number of real samples, done as one
// complex transform of half the length (Press et al., Numerical Recipes, 12.3).
// It belongs to one goroutine; Clone gives another one its own.
type Real struct {
	half    int
	order   []int        // bit reversal
	twiddle []complex128 // e^(-2πik/half), first half used
	split   []complex128 // e^(-2πik/size)
	work    []complex128
}

// New prepares transforms of size samples. Errors: ErrSize.
func New(size int) (*Real, error) {
	if size < 4 || size > 1<<16 || size&(size-1) != 0 {
		return nil, fmt.Errorf("%w, not %d", ErrSize, size)
	}
	n := size / 2
	f := &Real{half: n, order: make([]int, n), twiddle: make([]complex128, n), split: make([]complex128, n+1), work: make([]complex128, n)}
	width := bits.Len(uint(n)) - 1
	for i := range n {
		f.order[i] = int(bits.Reverse(uint(i)) >> (bits.UintSize - width))
		f.twiddle[i] = cmplx.Exp(complex(0, -2*math.Pi*float64(i)/float64(n)))
	}
	for i := range f.split {
		f.split[i] = cmplx.Exp(complex(0, -2*math.Pi*float64(i)/float64(size)))
	}
	return f, nil
}

// Clone shares the tables of f.
func (f *Real) Clone() *Real {
	c := *f
	c.work = make([]complex128, f.half)
	return &c
}

// Size is the number of samples, Bins that of the values of a spectrum.
func (f *Real) Size() int { return 2 * f.half }

// Bins is Size/2 + 1: the bins from 0 to Nyquist.
func (f *Real) Bins() int { return f.half + 1 }

// Power writes |X[k]|² of Size samples x for k = 0..Size/2.
func (f *Real) Power(x, out []float64) {
	f.load(x)
	for k := range out[:f.half+1] {
		v := f.bin(k)
		out[k] = real(v)*real(v) + imag(v)*imag(v)
	}
}

// Forward writes X[k] = Σ x[n] e^(-2πikn/Size) for k = 0..Size/2.
func (f *Real) Forward(x []float64, out []complex128) {
	f.load(x)
	for k := range out[:f.half+1] {
		out[k] = f.bin(k)
	}
}

// Inverse writes the samples x whose Forward is spectrum, Bins values. The
// imaginary parts at 0 and Nyquist, which no real signal has, are ignored.
func (f *Real) Inverse(spectrum []complex128, x []float64) {
	n := f.half
	spectrum, x = spectrum[:n+1], x[:2*n]
	for k := range n {
		a, b := spectrum[k], cmplx.Conj(spectrum[n-k])
		if k == 0 {
			a, b = complex(real(a), 0), complex(real(b), 0)
		}
		even, odd := a+b, (a-b)*cmplx.Conj(f.split[k])
		// The conjugate makes the forward butterflies run backwards.
		f.work[f.order[k]] = cmplx.Conj(even + complex(0, 1)*odd)
	}
	f.butterflies()
	scale := 1 / float64(2*n)
	for i, v := range f.work {
		x[2*i], x[2*i+1] = real(v)*scale, -imag(v)*scale
	}
}

// load puts even samples into the real and odd ones into the imaginary part.
func (f *Real) load(x []float64) {
	x = x[:2*f.half]
	for i, j := range f.order {
		f.work[i] = complex(x[2*j], x[2*j+1])
	}
	f.butterflies()
}

// bin untangles bin k of the real transform from the complex one.
func (f *Real) bin(k int) complex128 {
	mask := f.half - 1
	a := f.work[k&mask]
	b := cmplx.Conj(f.work[(f.half-k)&mask])
	s, d := a+b, a-b
	odd := f.split[k] * complex(imag(d), -real(d)) // (a-b)/i
	return complex(0.5*(real(s)+real(odd)), 0.5*(imag(s)+imag(odd)))
}

func (f *Real) butterflies() {
	for i := 0; i+1 < f.half; i += 2 { // the first span turns nothing
		a, b := f.work[i], f.work[i+1]
		f.work[i], f.work[i+1] = a+b, a-b
	}
	for span := 2; span < f.half; span *= 2 {
		step := f.half / (2 * span)
		for start := 0; start < f.half; start += 2 * span {
			low := f.work[start : start+span]
			high := f.work[start+span : start+2*span]
			high = high[:len(low)]
			for k, a := range low {
				b := high[k] * f.twiddle[k*step]
				low[k], high[k] = a+b, a-b
			}
		}
	}
}
