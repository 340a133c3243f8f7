package nlu

import "math"

// classifier is a multinomial logistic regression over hashed features. Its
// weights are 8-bit numbers, a scale for each feature.
type classifier struct {
	intents []Intent
	words   vocabulary
	rows    []row // by bucket
	ends    boundary
	cuts    cutWeights
}

// row holds a feature's weights by intent; nil where it was never seen.
type row struct {
	scale  float32
	weight []int8
}

func (c *classifier) scores(f features, out []float32) {
	clear(out)
	for k, b := range f.index {
		v := f.value[k] * sharpness * c.rows[b].scale
		for i, w := range c.rows[b].weight {
			out[i] += v * float32(w)
		}
	}
}

func (c *classifier) probabilities(text string) []float32 {
	p := make([]float32, len(c.intents))
	c.scores(c.words.extract(text), p)
	softmax(p)
	return p
}

func softmax(x []float32) {
	top := x[0]
	for _, v := range x {
		top = max(top, v)
	}
	var sum float32
	for i, v := range x {
		x[i] = float32(math.Exp(float64(v - top)))
		sum += x[i]
	}
	for i := range x {
		x[i] /= sum
	}
}
