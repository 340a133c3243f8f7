package index

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
)

// How wide the graph is searched at least and at most, and on how many vectors
// its recall is measured.
const (
	minWidth  = 64
	maxWidth  = 1536
	recallSet = 100
	recallK   = 10
)

// SelfRecall is the share of the exact scan's ten nearest that the graph finds
// for vectors near the index's own, as another photo of the same product is.
func (x *Index) SelfRecall(ctx context.Context) (float64, error) {
	x.mu.RLock()
	ef := x.ef
	x.mu.RUnlock()
	truth, err := x.truth(ctx)
	if err != nil {
		return 0, err
	}
	return x.recall(truth, ef), nil
}

// answer is a query and its exact nearest.
type answer struct {
	q    query
	best []scored
}

func (x *Index) truth(ctx context.Context) ([]answer, error) {
	rng := rand.New(rand.NewPCG(3, 4))
	var out []answer
	for range recallSet {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("index: %w", err)
		}
		x.mu.RLock()
		if x.t.len() > 0 {
			q := x.near(uint32(rng.IntN(x.t.len())), rng)
			out = append(out, answer{q, x.exact(q, recallK, nil)})
		}
		x.mu.RUnlock()
	}
	return out, nil
}

// near is a vector at a cosine of about 0.9 to a stored one.
func (x *Index) near(slot uint32, rng *rand.Rand) query {
	s := x.t.stored(slot)
	v := make([]float32, x.t.dim)
	var length float64
	for i := range v {
		v[i] = float32(rng.NormFloat64())
		length += float64(v[i]) * float64(v[i])
	}
	k := float32(0.48 / math.Sqrt(max(1e-9, length)))
	for i := range v {
		v[i] = v[i]*k + float32(s.row[i])*s.scale
	}
	q, err := x.t.query(v)
	if err != nil { // the sum of the two has no direction: take the vector itself
		return s
	}
	return q
}

func (x *Index) recall(truth []answer, ef int) float64 {
	found, all := 0, 0
	for _, a := range truth {
		x.mu.RLock()
		got := map[uint32]bool{}
		if x.g != nil {
			for _, s := range x.approximate(a.q, recallK, ef, nil) {
				got[s.slot] = true
			}
		}
		x.mu.RUnlock()
		for _, s := range a.best {
			if got[s.slot] {
				found++
			}
		}
		all += len(a.best)
	}
	if all == 0 {
		return 1
	}
	return float64(found) / float64(all)
}
