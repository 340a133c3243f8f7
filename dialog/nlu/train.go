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
	tiny      = 2e-3 // gradients below this teach nothing
	sure      = 0.95 // nor do examples that are right with this probability
	seed      = 20261120
	sharpness = 7 // scales the scores of unit-length features
)

// trainer fits a classifier by AdaGrad (Duchi et al., JMLR 12, 2011).
type trainer struct {
	classifier
	weights [][]float32 // by bucket, nil where nothing was seen; then by intent
	squares [][]float32 // sums of squared gradients, likewise
}

// example is one labelled utterance.
type example struct {
	features features
	label    int
}

// train fits a classifier. It is deterministic: the same data give the same
// weights.
func train(utterances []Utterance) *classifier {
	t := &trainer{
		classifier: classifier{words: newVocabulary()},
		weights:    make([][]float32, 1<<hashBits), squares: make([][]float32, 1<<hashBits),
	}
	number := make(map[Intent]int)
	for _, u := range utterances {
		if _, ok := number[u.Intent]; !ok {
			number[u.Intent] = len(t.intents)
			t.intents = append(t.intents, u.Intent)
		}
	}
	examples := make([]example, len(utterances))
	for i, u := range utterances {
		examples[i] = example{t.words.extract(u.Text), number[u.Intent]}
		for _, b := range examples[i].features.index {
			if t.weights[b] == nil {
				t.weights[b], t.squares[b] = make([]float32, len(t.intents)), make([]float32, len(t.intents))
			}
		}
	}
	t.fit(examples)
	return t.quantised()
}

func (t *trainer) fit(examples []example) {
	order := rand.New(rand.NewPCG(seed, seed))
	p := make([]float32, len(t.intents))
	for range epochs {
		order.Shuffle(len(examples), func(i, j int) { examples[i], examples[j] = examples[j], examples[i] })
		for _, x := range examples {
			t.floatScores(x.features, p)
			softmax(p)
			if p[x.label] > sure {
				continue
			}
			p[x.label]--
			t.step(x.features, p)
		}
	}
}

func (t *trainer) floatScores(f features, out []float32) {
	clear(out)
	for k, b := range f.index {
		v := f.value[k] * sharpness
		for i, w := range t.weights[b] {
			out[i] += v * w
		}
	}
}

// step moves the weights against the gradient.
func (t *trainer) step(f features, gradient []float32) {
	for k, b := range f.index {
		w, s, v := t.weights[b], t.squares[b], f.value[k]*sharpness
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

// quantised rounds each feature's weights to 8 bits of their largest.
func (t *trainer) quantised() *classifier {
	c := t.classifier
	c.rows = make([]row, len(t.weights))
	for b, w := range t.weights {
		var top float32
		for _, x := range w {
			top = max(top, x, -x)
		}
		if top == 0 {
			continue
		}
		r := row{scale: top / math.MaxInt8, weight: make([]int8, len(w))}
		for i, x := range w {
			r.weight[i] = int8(math.Round(float64(x / r.scale)))
		}
		c.rows[b] = r
	}
	return &c
}
