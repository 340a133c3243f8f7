package offline

import (
	"math"
	"time"

	"waggle/asr"
	"waggle/asr/ctcbeam"
	"waggle/asr/hotwords"
	"waggle/asr/segment"
	"waggle/asr/tokens"
)

// Readings beside the best one that a CTC model is asked for.
const alternatives = 4

// LongestToken is how long a token is taken to sound when nothing follows: CTC
// and CIF tell where a token begins and nothing of its end. FunASR's time
// stamps use the same 240 ms.
const LongestToken = 240 * time.Millisecond

// Timed is a token and where it was heard, from the utterance's beginning.
type Timed struct {
	ID         int
	Start, End time.Duration
	LogProb    float32
}

// Words joins tokens to words with times and confidences.
func Words(table *tokens.Table, heard []Timed) []asr.Word {
	ids := make([]int, len(heard))
	for i, t := range heard {
		ids[i] = t.ID
	}
	var list []asr.Word
	for _, w := range table.Words(ids) {
		sum := float32(0)
		for _, t := range heard[w.First : w.Last+1] {
			sum += t.LogProb
		}
		list = append(list, asr.Word{
			Text: w.Text, Start: heard[w.First].Start, End: heard[w.Last].End,
			Confidence: probability(sum / float32(w.Last+1-w.First)),
		})
	}
	return list
}

func probability(logProb float32) float32 { return float32(math.Exp(float64(min(logProb, 0)))) }

// CTC reads the output of a CTC model.
type CTC struct {
	Tokens *tokens.Table
	Blank  int
	// Step is the time of one row of the output.
	Step time.Duration
	// Hotwords are raised in every utterance.
	Hotwords []hotwords.Hotword
}

// Read turns rows of cols scores, which it overwrites by log probabilities,
// into a Reading: the best path, as sherpa-onnx's greedy search has it, and
// other texts from a prefix beam search. Where phrases or hotwords are raised,
// the beam's best is the text. Errors: ctcbeam.ErrOutput.
func (c CTC) Read(rows []float32, cols int, phrases []string) (segment.Reading, error) {
	raised, err := hotwords.InTokens(c.Tokens.Encode, c.Hotwords, phrases)
	if err != nil {
		return segment.Reading{}, err
	}
	beam := ctcbeam.NewBeam(c.Blank, ctcbeam.Width)
	beam.Raise(raised)
	for at := rows; len(at) >= cols; at = at[cols:] {
		if err := ctcbeam.LogSoftmax(at[:cols]); err != nil {
			return segment.Reading{}, err
		}
		beam.Frame(at[:cols])
	}
	paths := beam.Paths(ctcbeam.Width)
	best := paths[0]
	if raised == nil {
		best = ctcbeam.Greedy(rows, cols, c.Blank)
	}
	r := segment.Reading{Text: c.Tokens.Text(best.IDs()), Confidence: best.Confidence()}
	if r.Text == "" {
		return segment.Reading{}, nil
	}
	r.Words = Words(c.Tokens, c.timed(best))
	r.NBest = c.others(r, paths)
	return r, nil
}

// timed puts tokens at their times.
func (c CTC) timed(p ctcbeam.Path) []Timed {
	list := make([]Timed, len(p.Tokens))
	for i, t := range p.Tokens {
		at := Timed{ID: t.ID, Start: time.Duration(t.First) * c.Step, LogProb: t.LogProb}
		at.End = max(time.Duration(t.Last+1)*c.Step, at.Start+LongestToken)
		list[i] = at
		if i > 0 {
			list[i-1].End = min(list[i-1].End, at.Start)
		}
	}
	return list
}

// others are the texts of the beam that differ from the best, each with the
// best one's confidence lowered by how much less likely it is.
func (c CTC) others(best segment.Reading, paths []ctcbeam.Path) []asr.Alternative {
	var list []asr.Alternative
	seen := map[string]bool{best.Text: true}
	for _, p := range paths {
		text := c.Tokens.Text(p.IDs())
		if text == "" || seen[text] || len(list) == alternatives {
			continue
		}
		seen[text] = true
		list = append(list, asr.Alternative{Text: text, Confidence: best.Confidence * probability(p.Score-paths[0].Score)})
	}
	return list
}
