package nlu

import (
	"math/rand/v2"
	"slices"
)

// Report is the quality of an Understander on labelled utterances.
type Report struct {
	N        int     `json:"n"`
	Accuracy float64 `json:"accuracy"`
	MacroF1  float64 `json:"macro_f1"`
	// OOSRecall is the share of utterances labelled oos that were not taken
	// for the business of a shop; InScope the share of the others that were.
	OOSRecall float64 `json:"oos_recall"`
	InScope   float64 `json:"in_scope"`
}

// Judged is one utterance with the verdict on it.
type Judged struct {
	Utterance
	Got   Intent
	Score float32
}

// Evaluate understands each utterance and compares the best clause with its
// label. None counts as out of scope.
func Evaluate(u *Understander, utterances []Utterance) (Report, []Judged) {
	judged := make([]Judged, 0, len(utterances))
	for _, x := range utterances {
		c := u.Understand(x.Text).Top()
		got := c.Intent
		if got == None {
			got = Other
		}
		judged = append(judged, Judged{x, got, c.Score})
	}
	return report(judged), judged
}

func report(judged []Judged) Report {
	type tally struct{ hit, said, true int }
	by := make(map[Intent]*tally)
	at := func(i Intent) *tally {
		if by[i] == nil {
			by[i] = &tally{}
		}
		return by[i]
	}
	r := Report{N: len(judged)}
	right, inScope, kept := 0, 0, 0
	for _, j := range judged {
		at(j.Intent).true++
		at(j.Got).said++
		if j.Got == j.Intent {
			at(j.Intent).hit++
			right++
		}
		if j.Intent != Other {
			inScope++
			if j.Got != Other {
				kept++
			}
		}
	}
	labels := 0
	for _, t := range by {
		if t.true == 0 {
			continue
		}
		labels++
		r.MacroF1 += 2 * float64(t.hit) / float64(t.said+t.true)
	}
	r.Accuracy = share(right, len(judged))
	r.MacroF1 /= max(1, float64(labels))
	r.OOSRecall = share(at(Other).hit, at(Other).true)
	r.InScope = share(kept, inScope)
	return r
}

func share(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// CrossValidate judges each utterance by a linear classifier that was trained
// on the other folds, so that settings are chosen without any held-out text.
func CrossValidate(utterances []Utterance, folds int) (Report, []Judged) {
	all := slices.Clone(utterances)
	rand.New(rand.NewPCG(seed, 2)).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	var judged []Judged
	for f := range folds {
		var rest, fold []Utterance
		for i, u := range all {
			if i%folds == f {
				fold = append(fold, u)
			} else {
				rest = append(rest, u)
			}
		}
		_, j := Evaluate(&Understander{model: train(augment(rest)), answers: newAnswers()}, fold)
		judged = append(judged, j...)
	}
	return report(judged), judged
}
