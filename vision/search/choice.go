package search

import (
	"math"

	"waggle/vision"
	"waggle/vision/card"
)

// Verdict is how sure a choice is.
type Verdict string

// The verdicts.
const (
	Sure    Verdict = "sure"    // it is this product
	Ask     Verdict = "ask"     // it may be one of a few: let the shopper say
	Nothing Verdict = "nothing" // none fits
)

// choices is how many products are named when there is doubt.
const choices = 3

// Choice is the answer to "which product is this".
type Choice struct {
	Verdict Verdict `json:"verdict"`
	// Probability that the first hit is right, by the card's calibration.
	Probability float64 `json:"probability"`
	Hits        []Hit   `json:"hits"` // best first; one when sure, a few to ask, none otherwise
}

// Weights turn a ranking into a probability by logistic regression over the
// best score and its lead, and that into a verdict. They belong to one network.
type Weights struct {
	Calibrated          bool
	Bias, Score, Margin float64
	// From Sure on the first is taken, from Ask on it is asked for.
	Sure, Ask float64
}

// Names of the weights among a card's thresholds.
const (
	biasName, scoreName, marginName = "bias", "score", "margin"
	sureName, askName               = "sure", "ask"
)

// WeightsOf reads the weights of a card; without them everything is asked.
func WeightsOf(c card.Card) Weights {
	var w Weights
	w.Calibrated = true
	for name, v := range map[string]*float64{biasName: &w.Bias, scoreName: &w.Score, marginName: &w.Margin, sureName: &w.Sure, askName: &w.Ask} {
		var ok bool
		if *v, ok = c.Threshold(name); !ok {
			w.Calibrated = false
		}
	}
	return w
}

// Into writes the weights among a card's thresholds.
func (w Weights) Into(c *card.Card) {
	if c.Thresholds == nil {
		c.Thresholds = map[string]float64{}
	}
	for name, v := range map[string]float64{biasName: w.Bias, scoreName: w.Score, marginName: w.Margin, sureName: w.Sure, askName: w.Ask} {
		c.Thresholds[name] = math.Round(v*1e4) / 1e4
	}
}

// Probability that the best hit is right. Without a second the lead is taken
// over half the score: a single product to choose from proves nothing.
func (w Weights) Probability(hits []Hit) float64 {
	if !w.Calibrated || len(hits) == 0 {
		return 0
	}
	score, margin := Features(hits)
	return 1 / (1 + math.Exp(-(w.Bias + w.Score*score + w.Margin*margin)))
}

// Features are what a probability is made of: the best score and its lead.
func Features(hits []Hit) (score, margin float64) {
	score = float64(hits[0].Score)
	second := score / 2
	if len(hits) > 1 {
		second = float64(hits[1].Score)
	}
	return score, score - second
}

// Decide judges a ranking. An uncalibrated network never is sure.
func (w Weights) Decide(hits []Hit) Choice {
	if len(hits) == 0 {
		return Choice{Verdict: Nothing, Hits: []Hit{}}
	}
	p := w.Probability(hits)
	switch {
	case !w.Calibrated || p >= w.Ask && p < w.Sure:
		return Choice{Ask, p, hits[:min(len(hits), choices)]}
	case p >= w.Sure:
		return Choice{Sure, p, hits[:1]}
	}
	return Choice{Nothing, p, []Hit{}}
}

// Findings are what the dialog reads: the product when it is sure, the few to
// choose from with the probability of the first shared out by their scores,
// or one finding that names no product.
func (c Choice) Findings() []vision.Finding {
	switch c.Verdict {
	case Sure:
		return []vision.Finding{{Kind: vision.KindProduct, Label: c.Hits[0].Product, Score: float32(c.Probability)}}
	case Ask:
		var sum float32
		for _, h := range c.Hits {
			sum += max(0, h.Score)
		}
		out := make([]vision.Finding, len(c.Hits))
		for i, h := range c.Hits {
			// Below one half: no reader of findings takes it for settled.
			out[i] = vision.Finding{Kind: vision.KindProduct, Label: h.Product, Score: 0.49 * max(0, h.Score) / max(sum, 1e-9)}
		}
		return out
	}
	return []vision.Finding{{Kind: vision.KindProduct, Label: vision.LabelUnknown, Note: "没有找到和照片一样的商品。"}}
}
