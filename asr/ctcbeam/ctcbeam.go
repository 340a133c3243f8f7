// Package ctcbeam finds token sequences in the output of CTC models that bring
// their own tokens (characters, BPE), without lexicon or language model: the
// best path frame by frame, and prefix beam search for further readings. The
// built-in model, which has a lexicon, is searched by asr/ctc. It is a leaf.
//
// Sources: Graves et al., "Connectionist Temporal Classification", ICML 2006;
// Hannun et al., "First-Pass Large Vocabulary Continuous Speech Recognition
// using Bi-Directional Recurrent DNNs", 2014 (prefix beam search).
package ctcbeam

import (
	"errors"
	"math"
)

// ErrOutput says that a model put out something that is no number.
var ErrOutput = errors.New("the model's output is not a number")

// Token is a recognised token and where its probability peaked.
type Token struct {
	ID int
	// First is the frame of its beginning, Last the last one that it covers.
	First, Last int
	// LogProb is the greatest log probability of a frame in between.
	LogProb float32
}

// Path is one reading of an utterance.
type Path struct {
	Tokens []Token
	// Score is the log probability of the sequence as far as it was summed.
	Score float32
}

// IDs are the tokens alone.
func (p Path) IDs() []int {
	ids := make([]int, len(p.Tokens))
	for i, t := range p.Tokens {
		ids[i] = t.ID
	}
	return ids
}

// Confidence is the geometric mean of the tokens' probabilities, 0 of none.
func (p Path) Confidence() float32 {
	if len(p.Tokens) == 0 {
		return 0
	}
	sum := 0.0
	for _, t := range p.Tokens {
		sum += float64(t.LogProb)
	}
	return float32(math.Exp(sum / float64(len(p.Tokens))))
}

// negligible is how far below the best, in natural logarithms, a score adds
// nothing that a float32 could hold, even 200,000 times.
const negligible = -30

// LogSoftmax turns one frame of scores into log probabilities, in place; log
// probabilities stay what they are. Errors: ErrOutput.
func LogSoftmax(row []float32) error {
	most := float32(math.Inf(-1))
	for _, v := range row {
		most = max(most, v) // NaN stays NaN
	}
	sum := 0.0
	for _, v := range row {
		if v-most > negligible { // most of a large vocabulary is not
			sum += math.Exp(float64(v - most))
		}
	}
	norm := most + float32(math.Log(sum))
	if math.IsNaN(float64(norm)) || math.IsInf(float64(norm), 0) {
		return ErrOutput
	}
	for i := range row {
		row[i] -= norm
	}
	return nil
}

// Best is the index of the greatest value.
func Best(row []float32) int {
	best := 0
	for i, v := range row {
		if v > row[best] {
			best = i
		}
	}
	return best
}

// Greedy takes the best token of every frame; repeats and blanks fall away.
// rows holds whole frames of log probabilities, cols values each.
func Greedy(rows []float32, cols, blank int) Path {
	g := NewBest1(blank)
	for ; len(rows) >= cols; rows = rows[cols:] {
		g.Frame(rows[:cols])
	}
	return g.path
}
