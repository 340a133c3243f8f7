package measure

import (
	"math"
	"slices"
	"sort"
)

// AUROC is the probability that a positive scores above a negative, ties
// counted half; NaN-free: 0 when a side is empty.
func AUROC(positive, negative []float64) float64 {
	if len(positive) == 0 || len(negative) == 0 {
		return 0
	}
	sorted := slices.Clone(negative)
	slices.Sort(sorted)
	var sum float64
	for _, p := range positive {
		below := sort.SearchFloat64s(sorted, p)
		upTo := sort.Search(len(sorted), func(i int) bool { return sorted[i] > p })
		sum += float64(below) + float64(upTo-below)/2
	}
	return sum / float64(len(positive)*len(negative))
}

// UpperBound is the exact one-sided 95 % bound on a rate after k events in n
// (Clopper and Pearson 1934): with no event in 300 it is 1 %.
func UpperBound(k, n int) float64 {
	if n == 0 || k >= n {
		return 1
	}
	low, high := float64(k)/float64(n), 1.0
	for range 60 {
		mid := (low + high) / 2
		if atMost(k, n, mid) > 0.05 {
			low = mid
		} else {
			high = mid
		}
	}
	return high
}

// atMost is the probability of at most k events in n at rate p.
func atMost(k, n int, p float64) float64 {
	if p <= 0 {
		return 1
	}
	if p >= 1 {
		return 0
	}
	term := float64(n) * math.Log1p(-p)
	sum := math.Exp(term)
	for i := range k {
		term += math.Log(float64(n-i)) - math.Log(float64(i+1)) + math.Log(p) - math.Log1p(-p)
		sum += math.Exp(term)
	}
	return sum
}

// rate is k of n, 0 of nothing.
func rate(k, n int) float64 {
	if n == 0 {
		return 0
	}
	return float64(k) / float64(n)
}

// percentile of sorted values.
func percentile(sorted []float64, p float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(len(sorted)-1, int(p*float64(len(sorted))))]
}
