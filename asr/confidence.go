package asr

import (
	"math"

	"waggle/asr/ctc"
)

// Evidence is what tells whether a reading is right. Units are those of sound,
// initials and finals; figures are natural logarithms.
type Evidence struct {
	Units int
	// Gap is how far, a unit, the words fall short of the best units without
	// any lexicon: an utterance outside the lexicon falls far.
	Gap float32
	// Language is the score of words and grammar, a unit: how expectable the
	// reading is.
	Language float32
	// Lead is how far the next reading is behind, at most clearLead.
	Lead float32
}

// clearLead is the lead beyond which more says nothing.
const clearLead = 6

func evidence(readings []ctc.Reading) Evidence {
	best := readings[0]
	units := float32(max(best.Units, 1))
	e := Evidence{Units: best.Units, Gap: (best.Greedy - best.Sound) / units, Language: best.Language / units, Lead: clearLead}
	if len(readings) > 1 {
		e.Lead = min(best.Score-readings[1].Score, clearLead)
	}
	return e
}

// confidence is the chance that a reading is right (at most a fifth of its
// characters wrong): a logistic regression on speakers and sentences that
// training did not see. models/train/asr/calibrate.py fits it;
// models/builtin/asr-zh-lm.md says how well it holds for other speakers.
func (e Evidence) confidence() float32 {
	const (
		bias     = 0.34
		gapCost  = -2.72
		language = 0.77
		nearest  = 1.20
	)
	return logistic(bias + gapCost*float64(e.Gap) + language*float64(e.Language) + nearest*float64(e.Lead))
}

// wordConfidence judges one word by its own shortfall.
func wordConfidence(w ctc.Word) float32 { return logistic(3 - 4*float64(w.Gap)) }

// alternativeConfidence shares what the best reading leaves open by how much
// worse the other one scores.
func alternativeConfidence(best float32, a, b ctc.Reading) float32 {
	return best * float32(math.Exp(float64(min(b.Score-a.Score, 0))))
}

func logistic(x float64) float32 { return float32(1 / (1 + math.Exp(-x))) }
