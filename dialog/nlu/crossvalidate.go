package nlu

import (
	"math/rand/v2"
	"slices"
)

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
