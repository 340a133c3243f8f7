package index

import (
	"fmt"
	"math"
)

// pad is what rows are filled up to, so that the fast product needs no rest.
const pad = 32

// Dot is the scalar product of two int8 rows of the same length, which is a
// Stride. It takes what the processor has (AVX2).
func Dot(a, b []int8) int32 { return dot(a, b) }

// Stride is the length of a row of dim numbers: Dot takes whole pads, the rest
// are zeros.
func Stride(dim int) int { return (dim + pad - 1) / pad * pad }

// dotPlain is the scalar product on any processor.
func dotPlain(a, b []int8) int32 {
	b = b[:len(a)]
	var s0, s1, s2, s3 int32
	for i := 0; i+4 <= len(a); i += 4 {
		s0 += int32(a[i]) * int32(b[i])
		s1 += int32(a[i+1]) * int32(b[i+1])
		s2 += int32(a[i+2]) * int32(b[i+2])
		s3 += int32(a[i+3]) * int32(b[i+3])
	}
	return s0 + s1 + s2 + s3
}

// quantise brings a vector to length 1 and to int8: v = row * scale. row has
// the padded length. ErrItem when the vector has no direction.
func quantise(v []float32, row []int8) (scale float32, err error) {
	var sum float64
	var most float32
	for _, x := range v {
		sum += float64(x) * float64(x)
		most = max(most, float32(math.Abs(float64(x))))
	}
	if !(sum > 1e-20) || math.IsInf(sum, 0) || math.IsNaN(sum) {
		return 0, fmt.Errorf("%w: its vector has no direction", ErrItem)
	}
	inv := 127 / most
	for i, x := range v {
		row[i] = int8(math.RoundToEven(float64(x * inv)))
	}
	clear(row[len(v):])
	return most / 127 / float32(math.Sqrt(sum)), nil
}

// pages hold rows of equal width in pieces, so that growing copies nothing and
// a row never moves.
type pages[T any] struct {
	width int
	list  [][]T
}

const pageRows = 4096

func (p *pages[T]) row(i int) []T {
	at := i % pageRows * p.width
	return p.list[i/pageRows][at : at+p.width : at+p.width]
}

// grow makes room for row i.
func (p *pages[T]) grow(i int) {
	for i/pageRows >= len(p.list) {
		p.list = append(p.list, make([]T, pageRows*p.width))
	}
}

func (p *pages[T]) bytes(size int) int { return len(p.list) * pageRows * p.width * size }
