package fft

import (
	"errors"
	"math"
	"math/cmplx"
	"math/rand/v2"
	"testing"
)

func TestForwardIsTheDefinition(t *testing.T) {
	for _, size := range []int{4, 8, 64, 512} {
		f, err := New(size)
		if err != nil {
			t.Fatal(err)
		}
		x, rng := make([]float64, size), rand.New(rand.NewPCG(1, 2))
		for i := range x {
			x[i] = rng.NormFloat64()
		}
		got, power := make([]complex128, f.Bins()), make([]float64, f.Bins())
		f.Forward(x, got)
		f.Power(x, power)
		for k := range got {
			var want complex128
			for n, v := range x {
				want += complex(v, 0) * cmplx.Exp(complex(0, -2*math.Pi*float64(k*n)/float64(size)))
			}
			if cmplx.Abs(got[k]-want) > 1e-9*float64(size) {
				t.Fatalf("size %d bin %d = %v, want %v", size, k, got[k], want)
			}
			if p := real(want)*real(want) + imag(want)*imag(want); math.Abs(power[k]-p) > 1e-9*float64(size*size) {
				t.Fatalf("size %d power %d = %g, want %g", size, k, power[k], p)
			}
		}
	}
}

func TestInverseUndoesForward(t *testing.T) {
	for _, size := range []int{4, 16, 1024, 2048} {
		f, err := New(size)
		if err != nil {
			t.Fatal(err)
		}
		x, rng := make([]float64, size), rand.New(rand.NewPCG(3, 4))
		for i := range x {
			x[i] = rng.NormFloat64()
		}
		spectrum, back := make([]complex128, f.Bins()), make([]float64, size)
		f.Clone().Forward(x, spectrum)
		spectrum[0] += 5i // no real signal has it
		spectrum[f.Bins()-1] -= 3i
		f.Inverse(spectrum, back)
		for i := range x {
			if math.Abs(back[i]-x[i]) > 1e-12*float64(size) {
				t.Fatalf("size %d sample %d = %g, want %g", size, i, back[i], x[i])
			}
		}
	}
}

func TestOtherSizesAreRefused(t *testing.T) {
	for _, size := range []int{-4, 0, 2, 3, 400, 1 << 17} {
		if _, err := New(size); !errors.Is(err, ErrSize) {
			t.Errorf("New(%d) = %v, want ErrSize", size, err)
		}
	}
}

func BenchmarkInverse1024(b *testing.B) {
	f, err := New(1024)
	if err != nil {
		b.Fatal(err)
	}
	spectrum, x := make([]complex128, f.Bins()), make([]float64, 1024)
	spectrum[3] = 1
	b.ReportAllocs()
	for b.Loop() {
		f.Inverse(spectrum, x)
	}
}

func BenchmarkPower512(b *testing.B) {
	f, err := New(512)
	if err != nil {
		b.Fatal(err)
	}
	x, out := make([]float64, 512), make([]float64, f.Bins())
	for i := range x {
		x[i] = float64(i*7919%101) - 50
	}
	b.ReportAllocs()
	for b.Loop() {
		f.Power(x, out)
	}
}
