package asr

import (
	"math"

	"waggle/asr/ctc"
)

// confidence maps how a reading was found to the chance that it is right (at
// most a fifth of its characters wrong). Three things tell: how far the words
// fall short of the best units without any lexicon, since an utterance outside
// the lexicon falls far; how expectable the language model finds them; and how
// close the next reading is. The weights are a logistic regression on speakers
// and sentences that training did not see; models/builtin/asr-zh-lm.md says
// how well it holds there. All are per unit of sound (initial or final).
func confidence(readings []ctc.Reading) float32 {
	const (
		bias      = 1.85
		gapCost   = -2.3
		language  = 1.45
		nearest   = 0.67
		clearLead = 6.0 // natural logarithms beyond which a lead says no more
	)
	best := readings[0]
	units := float64(max(best.Units, 1))
	margin := clearLead
	if len(readings) > 1 {
		margin = min(float64(best.Score-readings[1].Score), clearLead)
	}
	return logistic(bias + gapCost*float64(best.Greedy-best.Sound)/units + language*float64(best.Language)/units + nearest*margin)
}

// wordConfidence judges one word by its own shortfall.
func wordConfidence(w ctc.Word) float32 { return logistic(3 - 4*float64(w.Gap)) }

// alternativeConfidence shares what the best reading leaves open by how much
// worse the other one scores.
func alternativeConfidence(best float32, a, b ctc.Reading) float32 {
	return best * float32(math.Exp(float64(min(b.Score-a.Score, 0))))
}

func logistic(x float64) float32 { return float32(1 / (1 + math.Exp(-x))) }
