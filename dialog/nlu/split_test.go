package nlu

import (
	"os"
	"slices"
	"strings"
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
	u := open(t)
	var one, two, oneKept, twoParted, exact int
	for _, x := range clausesTSV(t) {
		want := strings.Split(string(x.Intent), "+")
		var got []string
		for _, c := range u.Understand(x.Text).Clauses {
			got = append(got, string(c.Intent))
		}
		if slices.Equal(got, want) {
			exact++
		} else {
			t.Logf("%s: %v, not %v", x.Text, got, want)
		}
		if len(want) == 1 {
			one++
			if len(got) == 1 {
				oneKept++
			}
			continue
		}
		two++
		if len(got) == len(want) {
			twoParted++
		}
	}
	t.Logf("one question kept whole: %d of %d; two parted: %d of %d; all intents right: %d", oneKept, one, twoParted, two, exact)
	if float64(oneKept) < 0.88*float64(one) || float64(twoParted) < 0.65*float64(two) {
		t.Error("questions are parted wrongly more often")
	}
}
