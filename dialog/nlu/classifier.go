package nlu

import (
	"math"
	"math/rand/v2"
)

// Training settings: chosen on the cross-validation of train.tsv.
const (
	epochs    = 10
	rate      = 0.02
	shrink    = 1e-6
	tiny      = 5e-3 // gradients below this teach nothing
	sure      = 0.95 // nor do examples that are right with this probability
	seed      = 20261120
	sharpness = 7 // scales the scores of unit-length features
)

// classifier is a multinomial logistic regression over hashed features,
// trained by AdaGrad (Duchi et al., JMLR 12, 2011).
type classifier struct {
	intents  []Intent
	concepts []concept
	weights  [][]float32 // by bucket, nil where nothing was seen; then by intent
}

// example is one labelled utterance.
type example struct {
	features features
	label    int
}

// train fits a classifier. It is deterministic: the same data give the same
// weights.
func train(utterances []Utterance) *classifier {
	c := &classifier{concepts: readConcepts(), weights: make([][]float32, 1<<hashBits)}
	number := make(map[Intent]int)
	for _, u := range utterances {
		if _, ok := number[u.Intent]; !ok {
			number[u.Intent] = len(c.intents)
			c.intents = append(c.intents, u.Intent)
		}
	}
	examples := make([]example, len(utterances))
	for i, u := range utterances {
		examples[i] = example{extract(c.concepts, u.Text), number[u.Intent]}
		for _, b := range examples[i].features.index {
			if c.weights[b] == nil {
				c.weights[b] = make([]float32, len(c.intents))
			}
		}
	}
	c.fit(examples)
	return c
}

func (c *classifier) fit(examples []example) {
	squares := make([][]float32, len(c.weights))
	for b, w := range c.weights {
		if w != nil {
			squares[b] = make([]float32, len(w))
		}
	}
	order := rand.New(rand.NewPCG(seed, seed))
	p := make([]float32, len(c.intents))
	for range epochs {
		order.Shuffle(len(examples), func(i, j int) { examples[i], examples[j] = examples[j], examples[i] })
		for _, x := range examples {
			c.scores(x.features, p)
			softmax(p)
			if p[x.label] > sure {
				continue
			}
			p[x.label]--
			c.step(x.features, p, squares)
		}
	}
}

// step moves the weights against the gradient.
func (c *classifier) step(f features, gradient []float32, squares [][]float32) {
	for k, b := range f.index {
		w, s, v := c.weights[b], squares[b], f.value[k]*sharpness
		for i, g := range gradient {
			if g < tiny && g > -tiny {
				continue
			}
			d := g*v + shrink*w[i]
			s[i] += d * d
			w[i] -= rate * d / float32(math.Sqrt(float64(s[i]))+1e-8)
		}
	}
}

func (c *classifier) scores(f features, out []float32) {
	clear(out)
	for k, b := range f.index {
		v := f.value[k] * sharpness
		for i, w := range c.weights[b] {
			out[i] += v * w
		}
	}
}

func (c *classifier) probabilities(text string) []float32 {
	p := make([]float32, len(c.intents))
	c.scores(extract(c.concepts, text), p)
	softmax(p)
	return p
}

// decide picks the best intent of summed probabilities; below the threshold it
// picks none.
func (c *classifier) decide(p []float32, n float32) Clause {
	best, second := -1, -1
	for i, v := range p {
		switch {
		case best < 0 || v > p[best]:
			best, second = i, best
		case second < 0 || v > p[second]:
			second = i
		}
	}
	out := Clause{Intent: c.intents[best], Score: p[best] / n}
	if second >= 0 {
		out.Second, out.SecondScore = c.intents[second], p[second]/n
	}
	if out.Score < threshold {
		out.Second, out.SecondScore = out.Intent, out.Score
		out.Intent = None
	}
	return out
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
