// Package encoder runs the small network that reads a turn: what is wanted, in
// which mood, and where the text lies among others. It may import dialog/nlu,
// models and models/onnx.
package encoder

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"

	"waggle/dialog/nlu"
	"waggle/models"
	"waggle/models/onnx"
)

// ErrGraph is the verdict on a graph that is no text encoder for this version.
var ErrGraph = errors.New("encoder: not a text encoder for this version")

// builtin is the name of the graph that ships.
const builtin = "text-zh"

// Encoder is a loaded graph. It is safe for concurrent use.
//
// Inputs: chars, sounds, concepts, int64 [1, T], 1 stands for what is unknown.
// Outputs: intents [1, I] logits, mood [1, 8] logits (sentiment 3, emotion 4,
// insult 1), vector [1, 128] of length one. The metadata hold the names.
type Encoder struct {
	session                 *onnx.Session
	chars, sounds, concepts map[string]int64
	intents                 []nlu.Intent
	trained                 string
	temperature             float64
}

var _ nlu.Encoder = (*Encoder)(nil)

const (
	unknown  = 1
	moodSize = 8
)

var (
	sentiments = []nlu.Sentiment{nlu.Negative, nlu.Neutral, nlu.Positive}
	emotions   = []nlu.Emotion{nlu.Calm, nlu.Angry, nlu.Anxious, nlu.Satisfied}
)

// Open loads the graph that ships. Errors: those of models and New.
func Open() (*Encoder, error) {
	raw, _, err := models.Builtin().Open(builtin)
	if err != nil {
		return nil, fmt.Errorf("encoder: %w", err)
	}
	return New(raw)
}

// New loads a graph. Errors: ErrGraph, onnx.ErrNoRuntime, those of onnx.Open.
func New(graph []byte) (*Encoder, error) {
	s, err := onnx.Open(builtin, graph, onnx.Options{Threads: 1})
	if err != nil {
		return nil, fmt.Errorf("encoder: %w", err)
	}
	e := &Encoder{session: s}
	if err := e.read(s.Meta()); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return e, nil
}

// names is what the metadata hold as JSON under "waggle".
type names struct {
	Format      string       `json:"format"`
	Chars       []string     `json:"chars"`
	Sounds      []string     `json:"sounds"`
	Concepts    []string     `json:"concepts"`
	Intents     []nlu.Intent `json:"intents"`
	ConceptsSum string       `json:"concepts_sha256"`
	Temperature float64      `json:"temperature"`
}

const format = "waggle-text-1"

func (e *Encoder) read(meta map[string]string) error {
	var n names
	if err := json.Unmarshal([]byte(meta["waggle"]), &n); err != nil {
		return fmt.Errorf("%w: its metadata: %w", ErrGraph, err)
	}
	if n.Format != format || len(n.Intents) == 0 || n.Temperature <= 0 {
		return fmt.Errorf("%w: format %q, %d intents, temperature %v", ErrGraph, n.Format, len(n.Intents), n.Temperature)
	}
	if got := ports(e.session.Inputs()) + " -> " + ports(e.session.Outputs()); got != "chars sounds concepts -> intents mood vector" {
		return fmt.Errorf("%w: it is %s", ErrGraph, got)
	}
	if dims := e.session.Outputs()[0].Dims; len(dims) != 2 || dims[1] != int64(len(n.Intents)) {
		return fmt.Errorf("%w: intents of shape %v for %d names", ErrGraph, dims, len(n.Intents))
	}
	if dims := e.session.Outputs()[1].Dims; len(dims) != 2 || dims[1] != moodSize {
		return fmt.Errorf("%w: mood of shape %v", ErrGraph, dims)
	}
	e.chars, e.sounds, e.concepts = number(n.Chars), number(n.Sounds), number(n.Concepts)
	e.intents, e.trained, e.temperature = n.Intents, n.ConceptsSum, n.Temperature
	return nil
}

func ports(p []onnx.Port) string {
	out := make([]string, len(p))
	for i, x := range p {
		out[i] = x.Name
	}
	return strings.Join(out, " ")
}

func number(names []string) map[string]int64 {
	m := make(map[string]int64, len(names))
	for i, n := range names {
		if n != "" {
			m[n] = int64(i)
		}
	}
	return m
}

// Intents names the intents in the order of Encode.
func (e *Encoder) Intents() []nlu.Intent { return e.intents }

// Concepts is the sha256 of the concepts that it was trained with.
func (e *Encoder) Concepts() string { return e.trained }

// Close frees the graph.
func (e *Encoder) Close() error { return e.session.Close() }

// Encode reads tokens.
func (e *Encoder) Encode(t nlu.Tokens) (nlu.Encoding, error) {
	in, free, err := e.inputs(t)
	defer free()
	if err != nil {
		return nlu.Encoding{}, err
	}
	out := make([]onnx.Value, 3)
	if err := e.session.Run(in, out); err != nil {
		return nlu.Encoding{}, err
	}
	var parts [3][]float32
	for i, v := range out {
		t, err := onnx.As[float32](v)
		if err != nil {
			return nlu.Encoding{}, err
		}
		parts[i] = append([]float32(nil), t.Data()...)
		if err := t.Close(); err != nil {
			return nlu.Encoding{}, err
		}
	}
	softmax(parts[0], e.temperature)
	return nlu.Encoding{Intents: parts[0], Mood: moodOf(parts[1]), Vector: parts[2]}, nil
}

// inputs makes the three tensors; an empty text is one unknown token.
func (e *Encoder) inputs(t nlu.Tokens) (in []onnx.Value, free func(), err error) {
	free = func() {
		for _, v := range in {
			_ = v.Destroy()
		}
	}
	for i, table := range []map[string]int64{e.chars, e.sounds, e.concepts} {
		words := [][]string{t.Chars, t.Sounds, t.Concepts}[i]
		ids := make([]int64, max(1, len(words)))
		ids[0] = unknown
		for k, w := range words {
			ids[k] = unknown
			if n, ok := table[w]; ok {
				ids[k] = n
			}
		}
		v, err := onnx.View(ids, 1, int64(len(ids)))
		if err != nil {
			return in, free, err
		}
		in = append(in, v)
	}
	return in, free, nil
}

// moodOf reads the mood logits. Sentiment and emotion are decided together:
// who is satisfied is not negative, who is angry or anxious not positive.
func moodOf(logits []float32) nlu.Mood {
	s, m := logits[:len(sentiments)], logits[len(sentiments):moodSize-1]
	softmax(s, 1)
	softmax(m, 1)
	var all float32
	tone, feeling := make([]float32, len(s)), make([]float32, len(m))
	for i, sentiment := range sentiments {
		for j, emotion := range emotions {
			if fits(sentiment, emotion) {
				p := s[i] * m[j]
				tone[i] += p
				feeling[j] += p
				all += p
			}
		}
	}
	i, j := top(tone), top(feeling)
	return nlu.Mood{
		Sentiment: sentiments[i], SentimentScore: tone[i] / all, Emotion: emotions[j], EmotionScore: feeling[j] / all,
		Insult: float32(1 / (1 + math.Exp(-float64(logits[moodSize-1])))),
	}
}

func fits(s nlu.Sentiment, e nlu.Emotion) bool {
	switch e {
	case nlu.Satisfied:
		return s != nlu.Negative
	case nlu.Angry, nlu.Anxious:
		return s != nlu.Positive
	}
	return true
}

func top(x []float32) int {
	best := 0
	for i, v := range x {
		if v > x[best] {
			best = i
		}
	}
	return best
}

func softmax(x []float32, temperature float64) {
	most := x[top(x)]
	var sum float32
	for i, v := range x {
		x[i] = float32(math.Exp(float64(v-most) / temperature))
		sum += x[i]
	}
	for i := range x {
		x[i] /= sum
	}
}
