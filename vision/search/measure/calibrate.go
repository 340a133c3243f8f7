package measure

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"

	"waggle/vision/search"
)

// sample is one choice and whether it was right.
type sample struct {
	x     [3]float64 // 1, score, margin; or differences of parts
	right bool
}

// Precision that "sure" must have on the calibration set, and how probable a
// product must be to be worth asking for.
const (
	surePrecision = 0.99
	askFrom       = 0.25
)

// leastSamples is how many choices a calibration needs to mean anything.
const leastSamples = 100

// rivals is how many wrong products of a query the mixture is fitted against:
// the best, which are those that it may have to push back.
const rivals = 5

// Mix fits what the parts of a score count to a labelled set: logistic
// regression on the differences between the right product and its rivals
// (Bradley and Terry 1952). The finder goes on with the old mixture.
func (e Eval) Mix(ctx context.Context, set []Photo) (search.Mixture, error) {
	all, _, err := e.rank(ctx, set, io.Discard)
	if err != nil {
		return search.Mixture{}, err
	}
	var samples []sample
	for _, q := range all {
		at := place(q.hits, q.product)
		if at < 0 {
			continue
		}
		right, n := q.hits[at].Parts, 0
		for _, h := range q.hits {
			if h.Product == q.product || n == rivals {
				continue
			}
			n++
			x := [3]float64{right.Whole - h.Parts.Whole, right.Places - h.Parts.Places, right.Points - h.Parts.Points}
			samples = append(samples, sample{x, true}, sample{[3]float64{-x[0], -x[1], -x[2]}, false})
		}
	}
	if len(samples) < leastSamples {
		return search.Mixture{}, fmt.Errorf("%w: %d pairs are too few to fit on, %d are needed", ErrSet, len(samples), leastSamples)
	}
	b := logistic(samples)
	if b[0] <= 0 {
		return search.Mixture{}, fmt.Errorf("%w: on it, photos of the same product are not more alike than others", ErrSet)
	}
	return search.Mixture{Places: max(0, b[1]/b[0]), Points: max(0, b[2]/b[0])}, nil
}

// Calibrate fits the weights of a choice to a labelled set: logistic
// regression over orders of all sizes, with the right product among them and
// without it.
func (e Eval) Calibrate(ctx context.Context, set []Photo) (search.Weights, int, error) {
	all, names, err := e.rank(ctx, set, io.Discard)
	if err != nil {
		return search.Weights{}, 0, err
	}
	var samples []sample
	for _, n := range append([]int{len(names)}, orderSizes...) {
		rng := rand.New(rand.NewPCG(12, uint64(n)))
		for _, q := range all {
			with, without := draw(rng, q, names, min(n, len(names)-1))
			for _, hits := range [][]search.Hit{with, without} {
				if len(hits) > 1 {
					score, margin := search.Features(hits)
					samples = append(samples, sample{[3]float64{1, score, margin}, hits[0].Product == q.product})
				}
			}
		}
	}
	if len(samples) < leastSamples {
		return search.Weights{}, 0, fmt.Errorf("%w: %d choices are too few to calibrate on, %d are needed", ErrSet, len(samples), leastSamples)
	}
	b := logistic(samples)
	w := search.Weights{Calibrated: true, Bias: b[0], Score: b[1], Margin: b[2], Ask: askFrom}
	w.Sure = sureFrom(samples, b)
	return w, len(all), nil
}

func probability(b, x [3]float64) float64 {
	return 1 / (1 + math.Exp(-(b[0]*x[0] + b[1]*x[1] + b[2]*x[2])))
}

// logistic is Newton's method with a little ridge, which keeps separable sets
// finite (Hastie, Tibshirani and Friedman 2009, 4.4.1).
func logistic(samples []sample) (b [3]float64) {
	const ridge = 1e-4
	for range 50 {
		var g [3]float64
		var h [3][3]float64
		for i := range 3 {
			g[i] = -ridge * b[i] * float64(len(samples))
			h[i][i] = ridge * float64(len(samples))
		}
		for _, s := range samples {
			p := probability(b, s.x)
			y := 0.0
			if s.right {
				y = 1
			}
			for i := range 3 {
				g[i] += (y - p) * s.x[i]
				for j := range 3 {
					h[i][j] += p * (1 - p) * s.x[i] * s.x[j]
				}
			}
		}
		step := solve(h, g)
		moved := 0.0
		for i := range 3 {
			b[i] += step[i]
			moved += math.Abs(step[i])
		}
		if moved < 1e-9 {
			break
		}
	}
	return b
}

// solve is Cramer's rule for three unknowns.
func solve(a [3][3]float64, y [3]float64) (x [3]float64) {
	det := func(m [3][3]float64) float64 {
		return m[0][0]*(m[1][1]*m[2][2]-m[1][2]*m[2][1]) - m[0][1]*(m[1][0]*m[2][2]-m[1][2]*m[2][0]) + m[0][2]*(m[1][0]*m[2][1]-m[1][1]*m[2][0])
	}
	d := det(a)
	for i := range 3 {
		m := a
		for r := range 3 {
			m[r][i] = y[r]
		}
		x[i] = det(m) / d
	}
	return x
}

// sureFrom is the lowest probability above which surePrecision of the choices
// are right; never below one half.
func sureFrom(samples []sample, b [3]float64) float64 {
	slices.SortFunc(samples, func(x, y sample) int { return cmp.Compare(probability(b, y.x), probability(b, x.x)) })
	sure, right := 0.99, 0
	for i, s := range samples {
		if s.right {
			right++
		}
		if i >= leastSamples/2 && float64(right) >= surePrecision*float64(i+1) {
			sure = probability(b, s.x)
		}
	}
	return max(0.5, sure)
}
