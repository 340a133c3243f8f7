package asr

import (
	"math"

	"waggle/asr/ctc"
)

// confidence maps how a reading was found to the chance that it is right. Two
// things tell: how far the words fall short of the best units without any
// lexicon (an utterance outside the lexicon falls far), and how close the next
// reading is. The weights are a logistic regression on held-out speakers; the
// card of asr-zh says how well it is calibrated there.
func confidence(readings []ctc.Reading) float32 {
	const (
		bias     = 3.0
		gapCost  = -6.0 // per natural logarithm per row
		languish = 0.0  // per natural logarithm of the language model per unit
		margin   = 0.15 // per natural logarithm to the next reading, up to 6
	)
	best := readings[0]
	rows := float64(max(best.Rows, 1))
	gap := max(float64(best.Greedy-best.Sound), 0) / rows
	lead := 6.0
	if len(readings) > 1 {
		lead = min(float64(best.Score-readings[1].Score), 6)
	}
	return logistic(bias + gapCost*gap + languish*float64(best.Language)/float64(max(best.Units, 1)) + margin*lead)
}

// wordConfidence judges one word by its own shortfall.
func wordConfidence(w ctc.Word) float32 { return logistic(3 - 4*float64(w.Gap)) }

// alternativeConfidence shares what the best reading leaves open by how much
// worse the other one scores.
func alternativeConfidence(best float32, a, b ctc.Reading) float32 {
	return best * float32(math.Exp(float64(min(b.Score-a.Score, 0))))
}

func logistic(x float64) float32 { return float32(1 / (1 + math.Exp(-x))) }
