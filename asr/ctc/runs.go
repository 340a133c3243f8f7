package ctc

import (
	"math"
	"slices"
)

// runKind says whether a run can still be a mobile number: 1, then 3 to 9.
type runKind uint8

const (
	plainRun runKind = iota
	startsWithOne
	mobileRun
)

// Lengths of what shoppers read out digit by digit, relative: last four of a
// number, verification codes, order numbers, mobile and courier numbers.
var runLengths = [...]float64{
	0, 0.5, 0.5, 2, 25, 3, 10, 2, 8, 2, 14, 12, 8, 8, 4, 3, 3, 2, 3, 2, 2,
}

// maxRun is the longest run of digits, mobileLength that of a mobile number.
const (
	maxRun       = len(runLengths) - 1
	mobileLength = 11
)

// asked is the chance that a number has a length that was asked for; people
// also say part of it, or another one.
const asked = 0.75

// runs is the grammar of runs of digits: ln P(a run ends after n digits | it
// got that far), and that it goes on.
type runs struct {
	stopAt, goOn [maxRun + 1]float32
	mobile       bool // whether a run may be a mobile number
}

// usualRuns is the grammar when nothing was asked for.
var usualRuns = newRuns(nil)

// newRuns mixes the usual lengths with those asked for.
func newRuns(lengths []int) runs {
	p, total := runLengths, 0.0
	for _, v := range p {
		total += v
	}
	var wanted []int
	for _, n := range lengths {
		if n > 0 && n <= maxRun && !slices.Contains(wanted, n) {
			wanted = append(wanted, n)
		}
	}
	for _, n := range wanted {
		p[n] += total * asked / (1 - asked) / float64(len(wanted))
	}
	r := runs{mobile: len(wanted) == 0 || slices.Contains(wanted, mobileLength)}
	left := 0.0
	for n := maxRun; n > 0; n-- {
		left += p[n]
		hazard := p[n] / left
		r.stopAt[n], r.goOn[n] = float32(math.Log(hazard)), float32(math.Log(max(1-hazard, 1e-6)))
	}
	return r
}

// The chance that a run starting like a mobile number is one: it ends after
// eleven digits nearly always.
var mobileStop, mobileOther = float32(math.Log(0.9)), float32(math.Log(0.1))

// stop is ln P(the run of s ends here).
func (r *runs) stop(s state) float32 {
	if s.kind == mobileRun && s.run >= 3 {
		if s.run == mobileLength {
			return mobileStop
		}
		return r.stopAt[s.run] + mobileOther
	}
	return r.stopAt[s.run]
}

// lnTen is the price of one digit among ten.
var lnTen = float32(math.Log(10))

// then is the state after one more digit of a run, and its price.
func (r *runs) then(s state, figure int8) (state, float32) {
	logp := -lnTen
	if s.run > 0 {
		logp += r.goOn[s.run]
		if s.kind == mobileRun && s.run >= 3 && s.run < mobileLength {
			logp = -lnTen
		}
	}
	switch {
	case s.run == 0 && figure == 1 && r.mobile:
		s.kind = startsWithOne
	case s.run == 1 && s.kind == startsWithOne && figure >= 3:
		s.kind = mobileRun
	case s.run <= 1:
		s.kind = plainRun
	}
	s.run++
	return s, logp
}

// leave closes a run of digits.
func (r *runs) leave(s state) (state, float32) {
	if s.run == 0 {
		return s, 0
	}
	return state{gram: s.gram}, r.stop(s)
}

// verdict judges a run by its length: 1 when a number ends here, -1 when it
// hardly can, 0 when one may.
func (r *runs) verdict(s state) int {
	switch stop := r.stop(s); {
	case s.kind == mobileRun && s.run == mobileLength:
		return 1
	case s.kind == mobileRun && s.run >= 3, stop < -3:
		return -1
	}
	return 0
}
