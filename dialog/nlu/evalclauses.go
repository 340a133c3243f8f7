package nlu

import (
	"slices"
	"strings"
)

// ClauseReport is how well sentences part into questions.
type ClauseReport struct {
	One       int `json:"one"`        // sentences with one question
	KeptWhole int `json:"kept_whole"` // of them that stayed one clause
	More      int `json:"more"`       // sentences with several
	Parted    int `json:"parted"`     // of them with the right number of clauses
	Exact     int `json:"exact"`      // of all, with all intents right and in order
}

// EvaluateClauses compares the clauses of each text with its label, intents
// joined by + in the order of the questions. wrong lists texts whose intents
// differ, with what was understood.
func EvaluateClauses(u *Understander, utterances []Utterance) (r ClauseReport, wrong []Judged) {
	for _, x := range utterances {
		want := strings.Split(string(x.Intent), "+")
		var got []string
		for _, c := range u.Understand(x.Text).Clauses {
			got = append(got, string(c.Intent))
		}
		if slices.Equal(got, want) {
			r.Exact++
		} else {
			wrong = append(wrong, Judged{Utterance: x, Got: Intent(strings.Join(got, "+"))})
		}
		if len(want) == 1 {
			r.One++
			if len(got) == 1 {
				r.KeptWhole++
			}
			continue
		}
		r.More++
		if len(got) == len(want) {
			r.Parted++
		}
	}
	return r, wrong
}
