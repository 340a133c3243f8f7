package damage

import (
	"math"
	"slices"
)

// ridge keeps the weights of facts that tell nothing at nothing.
const ridge = 1e-3

// fitSigned fits and leaves out, worst first, facts whose weight has another
// sign than it must have by what they mean: that is chance in a small set and
// would turn against other photos. A sign of 0 allows both.
func fitSigned(facts [][]float64, truth []bool, signs []int) weights {
	if len(facts) == 0 {
		return nil
	}
	used := slices.Clone(facts)
	for i := range used {
		used[i] = slices.Clone(used[i])
	}
	_, dev := moments(facts, len(signs))
	out := make([]bool, len(signs))
	for {
		w := fit(used, truth)
		wrong := -1
		for i, sign := range signs {
			if bad := -float64(sign) * w[i] * dev[i]; !out[i] && bad > 0 && (wrong < 0 || bad > -float64(signs[wrong])*w[wrong]*dev[wrong]) {
				wrong = i
			}
		}
		if wrong < 0 {
			for i := range signs {
				if out[i] {
					w[i] = 0
				}
			}
			return w
		}
		out[wrong] = true
		for _, f := range used {
			f[wrong] = 0
		}
	}
}

// fit is a logistic regression by Newton's method with a small ridge: facts[i]
// belongs to truth[i], all of one length. The weights come for the facts as
// they are. With one class only all weights are 0.
func fit(facts [][]float64, truth []bool) weights {
	if len(facts) == 0 {
		return nil
	}
	n := len(facts[0])
	mean, dev := moments(facts, n)
	w := make(weights, n+1)
	if !slices.Contains(truth, true) || !slices.Contains(truth, false) {
		return w
	}
	x := make([]float64, n+1)
	x[n] = 1
	for range 25 {
		grad, hess := make([]float64, n+1), make([][]float64, n+1)
		for i := range hess {
			hess[i] = make([]float64, n+1)
			hess[i][i] = ridge * float64(len(facts))
			grad[i] = -ridge * float64(len(facts)) * w[i]
		}
		grad[n], hess[n][n] = 0, 1e-9
		for k, f := range facts {
			z := w[n]
			for i := range n {
				x[i] = (f[i] - mean[i]) / dev[i]
				z += w[i] * x[i]
			}
			p := sigmoid(z)
			miss := -p
			if truth[k] {
				miss = 1 - p
			}
			for i := range x {
				grad[i] += miss * x[i]
				for j := range i + 1 {
					hess[i][j] += p * (1 - p) * x[i] * x[j]
				}
			}
		}
		if step := solve(hess, grad, w); step < 1e-6 {
			break
		}
	}
	for i := range n { // back from standardised facts
		w[i] /= dev[i]
		w[n] -= w[i] * mean[i]
	}
	return w
}

func moments(facts [][]float64, n int) (mean, dev []float64) {
	mean, dev = make([]float64, n), make([]float64, n)
	for _, f := range facts {
		for i := range n {
			mean[i] += f[i] / float64(len(facts))
		}
	}
	for _, f := range facts {
		for i := range n {
			dev[i] += (f[i] - mean[i]) * (f[i] - mean[i]) / float64(len(facts))
		}
	}
	for i := range dev {
		dev[i] = math.Sqrt(dev[i]) + 1e-9
	}
	return mean, dev
}

// solve adds to w the solution of the symmetric system whose lower half is a,
// by Cholesky's method, and tells its largest part; a step is at most 4.
func solve(a [][]float64, b []float64, w weights) (most float64) {
	n := len(b)
	for i := range n {
		for j := range i + 1 {
			sum := a[i][j]
			for k := range j {
				sum -= a[i][k] * a[j][k]
			}
			if i == j {
				a[i][i] = math.Sqrt(max(sum, 1e-12))
			} else {
				a[i][j] = sum / a[j][j]
			}
		}
	}
	x := slices.Clone(b)
	for i := range n {
		for k := range i {
			x[i] -= a[i][k] * x[k]
		}
		x[i] /= a[i][i]
	}
	for i := n - 1; i >= 0; i-- {
		for k := i + 1; k < n; k++ {
			x[i] -= a[k][i] * x[k]
		}
		x[i] /= a[i][i]
		most = max(most, math.Abs(x[i]))
	}
	for i := range x {
		w[i] += x[i] * min(1, 4/max(most, 1e-12))
	}
	return most
}
