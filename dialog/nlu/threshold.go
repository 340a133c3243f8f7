package nlu

import "slices"

// Thresholds of a decision, set on folds of train.tsv so that about 96 % of
// what is a shop's business is kept; the rest is asked back. TestHeldOut keeps
// the figures.
const (
	least       = 0.15 // probability of an intent
	farLinear   = 0.22 // probability of being out of scope, read by the classifier
	farTogether = 0.10 // and by both: together they are surer
	certain     = 0.80 // an intent this likely stands, whatever is feared
	agreed      = 0.50 // a yes that no list knows
	foreign     = 0.50 // what is less likely out of scope is asked back, not turned away
)

// decide picks the best intent of the summed probabilities of n readings. What
// may well be out of scope, or is nothing in particular, is None, with the best
// guess as Second.
func (u *Understander) decide(p []float32, n float32) Clause {
	best, second := -1, -1
	for i, v := range p {
		switch {
		case best < 0 || v > p[best]:
			best, second = i, best
		case second < 0 || v > p[second]:
			second = i
		}
	}
	intents := u.model.intents
	out := Clause{Intent: intents[best], Score: p[best] / n}
	if second >= 0 {
		out.Second, out.SecondScore = intents[second], p[second]/n
	}
	if i := slices.Index(intents, Other); i >= 0 {
		out.far = p[i] / n
	}
	limit := float32(farLinear)
	if u.share > 0 {
		limit = farTogether
	}
	unsure := out.Score < least || out.far >= limit && out.Score < certain
	if out.Intent == Other {
		unsure = out.Score < foreign
	}
	if out.Intent == Yes && out.Score < agreed { // a yes may move money
		unsure = true
	}
	if unsure {
		out.Second, out.SecondScore = out.Intent, out.Score
		out.Intent = None
	}
	return out
}
