// Package fft transforms blocks of real samples to their spectrum and back. It
// imports nothing.
package fft

import (
	"errors"
	"fmt"
	"math"
	"math/cmplx"
)

// ErrSize says that a transform of that size is not to be had.
var ErrSize = errors.New("fft: the size must be a power of two from 4 to 65536")

// Real is a transform of a fixed number of real samples, done as one complex
// transform of half the length (Press et al., Numerical Recipes, 12.3) in
// passes of radix 4 that sort as they go (Stockham; Cochran et al., "What is
// the fast Fourier transform?", Proc. IEEE 55, 1967). It belongs to one
// goroutine; Clone gives another one its own.
type Real struct {
	half    int
	twiddle []complex128 // e^(-2πik/half)
	split   []complex128 // e^(-2πik/size)
	work    []complex128 // the result of a transform
	spare   []complex128
}

// New prepares transforms of size samples. Errors: ErrSize.
func New(size int) (*Real, error) {
	if size < 4 || size > 1<<16 || size&(size-1) != 0 {
		return nil, fmt.Errorf("%w, not %d", ErrSize, size)
	}
	n := size / 2
	f := &Real{half: n, twiddle: make([]complex128, n), split: make([]complex128, n+1),
		work: make([]complex128, n), spare: make([]complex128, n)}
	for i := range n {
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
	c.work, c.spare = make([]complex128, f.half), make([]complex128, f.half)
	return &c
}

// Size is the number of samples, Bins that of the values of a spectrum.
func (f *Real) Size() int { return 2 * f.half }

// Bins is Size/2 + 1: the bins from 0 to Nyquist.
func (f *Real) Bins() int { return f.half + 1 }

// Power writes |X[k]|² of Size samples x for k = 0..Size/2.
func (f *Real) Power(x, out []float64) {
	f.load(x)
	n := f.half
	out = out[:n+1]
	first, last := f.ends()
	out[0], out[n] = first*first, last*last
	for k := 1; 2*k <= n; k++ {
		low, high := f.pair(k)
		out[k] = real(low)*real(low) + imag(low)*imag(low)
		out[n-k] = real(high)*real(high) + imag(high)*imag(high)
	}
}

// Forward writes X[k] = Σ x[n] e^(-2πikn/Size) for k = 0..Size/2.
func (f *Real) Forward(x []float64, out []complex128) {
	f.load(x)
	n := f.half
	out = out[:n+1]
	first, last := f.ends()
	out[0], out[n] = complex(first, 0), complex(last, 0)
	for k := 1; 2*k <= n; k++ {
		out[k], out[n-k] = f.pair(k)
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
		// The conjugate makes the forward transform run backwards.
		f.work[k] = cmplx.Conj(even + complex(-imag(odd), real(odd)))
	}
	f.transform()
	scale := 1 / float64(2*n)
	for i, v := range f.work {
		x[2*i], x[2*i+1] = real(v)*scale, -imag(v)*scale
	}
}

// load puts even samples into the real and odd ones into the imaginary part
// and transforms them.
func (f *Real) load(x []float64) {
	x = x[:2*f.half]
	for i := range f.work {
		f.work[i] = complex(x[2*i], x[2*i+1])
	}
	f.transform()
}

// ends are the bins 0 and Nyquist, which are real.
func (f *Real) ends() (first, last float64) {
	v := f.work[0]
	return real(v) + imag(v), real(v) - imag(v)
}

// pair untangles the bins k and half-k of the real transform.
func (f *Real) pair(k int) (low, high complex128) {
	a, b := f.work[k], f.work[f.half-k]
	even := complex(0.5*(real(a)+real(b)), 0.5*(imag(a)-imag(b)))
	odd := f.split[k] * complex(0.5*(imag(a)+imag(b)), 0.5*(real(b)-real(a))) // (a - conj b)/2i, turned
	low, high = even+odd, even-odd
	return low, complex(real(high), -imag(high))
}

// transform is the complex transform of work, in place as it seems from
// outside.
func (f *Real) transform() {
	for n, stride := f.half, 1; n > 1; {
		switch {
		case n == 2:
			f.radix2(stride)
			n = 1
		case stride == 1:
			f.first(n / 4)
			n, stride = n/4, 4
		default:
			f.pass(n/4, stride)
			n, stride = n/4, stride*4
		}
		f.work, f.spare = f.spare, f.work
	}
}

// four is the transform of length four. (b - d)i has its parts exchanged by
// hand.
func four(a, b, c, d complex128) (y0, y1, y2, y3 complex128) {
	sum, diff := a+c, a-c
	other, turned := b+d, b-d
	turned = complex(-imag(turned), real(turned))
	return sum + other, diff - turned, sum - other, diff + turned
}

// first is the pass over single values: those that lie a quarter apart become
// one transform of length four, turned by their place.
func (f *Real) first(quarter int) {
	a, b, c, d := f.work[:quarter], f.work[quarter:][:quarter], f.work[2*quarter:][:quarter], f.work[3*quarter:][:quarter]
	for p := range a {
		y0, y1, y2, y3 := four(a[p], b[p], c[p], d[p])
		y := f.spare[4*p:][:4]
		y[0], y[1], y[2], y[3] = y0, f.twiddle[p]*y1, f.twiddle[2*p]*y2, f.twiddle[3*p]*y3
	}
}

// pass does the same with runs of stride values. The last pass turns nothing.
func (f *Real) pass(quarter, stride int) {
	for p := range quarter {
		w1, w2, w3 := f.twiddle[p*stride], f.twiddle[2*p*stride], f.twiddle[3*p*stride]
		at := func(i int) []complex128 { return f.work[stride*(p+i*quarter):][:stride] }
		to := func(i int) []complex128 { return f.spare[stride*(4*p+i):][:stride] }
		a, b, c, d, o0, o1, o2, o3 := at(0), at(1), at(2), at(3), to(0), to(1), to(2), to(3)
		if p == 0 {
			for q := range a {
				o0[q], o1[q], o2[q], o3[q] = four(a[q], b[q], c[q], d[q])
			}
			continue
		}
		for q := range a {
			y0, y1, y2, y3 := four(a[q], b[q], c[q], d[q])
			o0[q], o1[q], o2[q], o3[q] = y0, w1*y1, w2*y2, w3*y3
		}
	}
}

// radix2 is the last pass where half is no power of four.
func (f *Real) radix2(stride int) {
	a, b := f.work[:stride], f.work[stride:][:stride]
	low, high := f.spare[:stride], f.spare[stride:][:stride]
	for q := range a {
		low[q], high[q] = a[q]+b[q], a[q]-b[q]
	}
}
