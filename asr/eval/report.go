package eval

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"
)

// Rates sums up recordings. They are errors divided by the label's length and
// may exceed 1; CERLow and CERHigh bound 95 % by bootstrap over recordings.
type Rates struct {
	N             int     `json:"n"`
	Chars         int     `json:"chars"`
	CER           float64 `json:"cer"`
	CERLow        float64 `json:"cer_lo"`
	CERHigh       float64 `json:"cer_hi"`
	SyllableError float64 `json:"syllable_error"`
}

// Group is a part of the set: a gender or a kind of recording.
type Group struct {
	Name string `json:"name"`
	Rates
}

// Report is how a set was heard under one condition.
type Report struct {
	Rates
	RTF         float64   `json:"rtf"`
	Condition   Condition `json:"condition"`
	Groups      []Group   `json:"groups,omitempty"`
	Calibration           // of the confidence
}

func sum(details []Detail) Report {
	r := Report{Rates: rates(details), Calibration: calibration(details)}
	var sound, wall time.Duration
	for _, d := range details {
		sound += d.Audio
		wall += d.Wall
	}
	if sound > 0 {
		r.RTF = wall.Seconds() / sound.Seconds()
	}
	r.Groups = append(groups(details, func(d Detail) string { return d.Gender }), groups(details, func(d Detail) string { return d.Kind })...)
	return r
}

// groups splits by a name, the unnamed left out; a single group says nothing.
func groups(details []Detail, name func(Detail) string) []Group {
	by := map[string][]Detail{}
	for _, d := range details {
		if n := name(d); n != "" {
			by[n] = append(by[n], d)
		}
	}
	if len(by) == 1 {
		return nil
	}
	var out []Group
	for n, part := range by {
		out = append(out, Group{n, rates(part)})
	}
	slices.SortFunc(out, func(a, b Group) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	return out
}

func rates(details []Detail) Rates {
	r := Rates{N: len(details)}
	var errs, syllables, sylErrs int
	for _, d := range details {
		r.Chars += d.Chars
		errs += d.Errors
		syllables += d.Syllables
		sylErrs += d.SylErrors
	}
	r.CER, r.SyllableError = ratio(errs, r.Chars), ratio(sylErrs, syllables)
	r.CERLow, r.CERHigh = bootstrap(details)
	return r
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// bootstrap resamples recordings (Bisani and Ney, ICASSP 2004) and returns the
// 2.5th and 97.5th percentile of the error rate.
func bootstrap(details []Detail) (low, high float64) {
	const rounds = 2000
	rng := rand.New(rand.NewPCG(1, uint64(len(details)))) // the same set gives the same interval
	rates := make([]float64, rounds)
	for i := range rates {
		errs, chars := 0, 0
		for range details {
			d := &details[rng.IntN(len(details))]
			errs, chars = errs+d.Errors, chars+d.Chars
		}
		rates[i] = ratio(errs, chars)
	}
	slices.Sort(rates)
	at := func(q float64) float64 { return rates[int(math.Round(q*(rounds-1)))] }
	return at(0.025), at(0.975)
}
