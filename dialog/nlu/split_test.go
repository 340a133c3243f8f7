package nlu

import (
	"os"
	"testing"
)

// clausesTSV are sentences with one or two questions: text, intents joined by +.
func clausesTSV(t testing.TB) []Utterance {
	t.Helper()
	f, err := os.Open("data/clauses.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	u, err := ReadUtterances(f)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestTwoQuestionsPartAndOneDoesNot(t *testing.T) {
	r, wrong := EvaluateClauses(open(t), clausesTSV(t))
	for _, j := range wrong {
		t.Logf("%s: %s, not %s", j.Text, j.Got, j.Intent)
	}
	t.Logf("%+v", r)
	if r.One < 60 || r.More < 60 || float64(r.KeptWhole) < 0.88*float64(r.One) || float64(r.Parted) < 0.65*float64(r.More) {
		t.Errorf("questions are parted wrongly more often: %+v", r)
	}
}
