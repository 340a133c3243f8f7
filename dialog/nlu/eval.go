package nlu

import (
	"cmp"
	"slices"
	"strings"
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
	// At95 is OOSRecall where the threshold is so that 95 % of what is a shop's
	// business is kept.
	At95 float64 `json:"oos_recall_at_95"`
}

// PerIntent is the quality on one intent.
type PerIntent struct {
	Intent    Intent  `json:"intent"`
	N         int     `json:"n"`
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	F1        float64 `json:"f1"`
}

// Confusion counts how often one intent was taken for another.
type Confusion struct {
	Intent Intent `json:"intent"`
	Got    Intent `json:"got"`
	N      int    `json:"n"`
}

// Judged is one utterance with the verdict on it.
type Judged struct {
	Utterance
	Got   Intent
	Score float32

	business float32 // probability that it is a shop's business
}

// Evaluate understands each utterance and compares the best clause with its
// label. None counts as out of scope. Where the label names several intents,
// joined by +, each of them is right.
func Evaluate(u *Understander, utterances []Utterance) (Report, []Judged) {
	judged := make([]Judged, 0, len(utterances))
	for _, x := range utterances {
		c := u.Understand(x.Text).Top()
		j := Judged{Utterance: x, Got: c.Intent, Score: c.Score, business: 1 - c.far}
		if j.Got == None {
			j.Got = Other
		}
		for _, label := range strings.Split(string(x.Intent), "+") {
			if j.Got == Intent(label) {
				j.Intent = j.Got
			}
		}
		judged = append(judged, j)
	}
	return report(judged), judged
}

func report(judged []Judged) Report {
	r := Report{N: len(judged)}
	var right, inScope, kept, far, refused int
	for _, j := range judged {
		if j.Got == j.Intent {
			right++
		}
		if j.Intent == Other {
			far++
			if j.Got == Other {
				refused++
			}
			continue
		}
		inScope++
		if j.Got != Other {
			kept++
		}
	}
	table := Table(judged)
	for _, t := range table {
		r.MacroF1 += t.F1
	}
	r.Accuracy, r.MacroF1 = share(right, len(judged)), r.MacroF1/max(1, float64(len(table)))
	r.OOSRecall, r.InScope, r.At95 = share(refused, far), share(kept, inScope), recallAt(judged, keep)
	return r
}

// keep is the share of a shop's business that At95 keeps.
const keep = 0.95

func recallAt(judged []Judged, keep float64) float64 {
	var in []float32
	for _, j := range judged {
		if j.Intent != Other {
			in = append(in, j.business)
		}
	}
	if len(in) == 0 {
		return 0
	}
	slices.Sort(in)
	least := in[int(float64(len(in))*(1-keep))]
	far, below := 0, 0
	for _, j := range judged {
		if j.Intent != Other {
			continue
		}
		far++
		if j.business < least {
			below++
		}
	}
	return share(below, far)
}

// Table is the quality by intent, in the order of their first utterance.
func Table(judged []Judged) []PerIntent {
	type tally struct{ hit, said, true int }
	by := make(map[Intent]*tally)
	var order []Intent
	at := func(i Intent) *tally {
		if by[i] == nil {
			by[i] = &tally{}
			order = append(order, i)
		}
		return by[i]
	}
	for _, j := range judged {
		at(j.Intent).true++
		at(j.Got).said++
		if j.Got == j.Intent {
			at(j.Intent).hit++
		}
	}
	var out []PerIntent
	for _, i := range order {
		if t := by[i]; t.true > 0 {
			out = append(out, PerIntent{i, t.true, share(t.hit, t.said), share(t.hit, t.true), 2 * share(t.hit, t.said+t.true)})
		}
	}
	return out
}

// Confusions lists what was taken for what, the most frequent first.
func Confusions(judged []Judged) []Confusion {
	n := make(map[[2]Intent]int)
	for _, j := range judged {
		if j.Got != j.Intent {
			n[[2]Intent{j.Intent, j.Got}]++
		}
	}
	var out []Confusion
	for k, v := range n {
		out = append(out, Confusion{k[0], k[1], v})
	}
	slices.SortFunc(out, func(a, b Confusion) int {
		return cmp.Or(b.N-a.N, cmp.Compare(a.Intent, b.Intent), cmp.Compare(a.Got, b.Got))
	})
	return out
}

func share(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}
