package nlu

import (
	"os"
	"testing"
)

func heldout(t testing.TB) []Utterance {
	t.Helper()
	f, err := os.Open("data/heldout.tsv")
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

func open(t testing.TB) *Understander {
	t.Helper()
	u, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestHeldOut(t *testing.T) {
	r, judged := Evaluate(open(t), heldout(t))
	t.Logf("%+v", r)
	for _, j := range judged {
		if j.Got != j.Intent {
			t.Logf("%s: %s, not %s (%.2f)", j.Text, j.Got, j.Intent, j.Score)
		}
	}
}
