package nlu

import (
	"math"
	"math/rand/v2"
)

// trainBoundary learns places where one question ends and another begins: the
// joints of utterances of different intents, against all places inside
// utterances. The utterances are normalised.
func trainBoundary(v vocabulary, utterances []Utterance) boundary {
	const (
		rounds = 6
		rate   = 0.1
		pairs  = 2 // joints for each utterance
	)
	dice := rand.New(rand.NewPCG(seed, 3))
	type place struct {
		index []uint32
		label float64
	}
	var b boundary
	var places []place
	inside := func(in []unit) {
		for k := 1; k < len(in); k++ {
			places = append(places, place{b.buckets(in, k), 0})
		}
	}
	for _, u := range utterances {
		one := v.units(u.Text)
		inside(one)
		if !standsAlone(u.Intent) {
			continue
		}
		for range pairs {
			o := utterances[dice.IntN(len(utterances))]
			if o.Intent == u.Intent || !standsAlone(o.Intent) {
				continue
			}
			two := v.units(u.Text + o.Text)
			for k := 1; k < len(two); k++ {
				if two[k].from == len(u.Text) {
					places = append(places, place{b.buckets(two, k), 1})
				}
			}
		}
	}
	weights, squares := make([]float64, 1<<boundaryBits), make([]float64, 1<<boundaryBits)
	var bias float64
	for range rounds {
		dice.Shuffle(len(places), func(i, j int) { places[i], places[j] = places[j], places[i] })
		for _, p := range places {
			sum := bias
			for _, i := range p.index {
				sum += weights[i]
			}
			d := 1/(1+math.Exp(-sum)) - p.label
			bias -= rate / 10 * d
			for _, i := range p.index {
				squares[i] += d * d
				weights[i] -= rate * d / (math.Sqrt(squares[i]) + 1e-3)
			}
		}
	}
	return quantisedBoundary(weights, bias)
}

func quantisedBoundary(weights []float64, bias float64) boundary {
	var top float64
	for _, w := range weights {
		top = max(top, math.Abs(w))
	}
	b := boundary{scale: float32(top / math.MaxInt8), bias: float32(bias), weight: make([]int8, len(weights))}
	for i, w := range weights {
		b.weight[i] = int8(math.Round(w / max(float64(b.scale), 1e-12)))
	}
	return b
}
