package nlu

import "testing"

func TestTwoQuestionsPartAndOneDoesNot(t *testing.T) {
	r, wrong := EvaluateClauses(open(t), utterancesIn(t, "clauses.tsv"))
	for _, j := range wrong {
		t.Logf("%s: %s, not %s", j.Text, j.Got, j.Intent)
	}
	t.Logf("%+v", r)
	if r.One < 150 || r.More < 200 || float64(r.KeptWhole) < 0.88*float64(r.One) || float64(r.Parted) < 0.67*float64(r.More) {
		t.Errorf("questions are parted wrongly more often: %+v", r)
	}
}
