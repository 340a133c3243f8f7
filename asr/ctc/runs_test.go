package ctc

import (
	"math"
	"testing"
)

func TestRunsOfDigitsSumToOne(t *testing.T) {
	for _, lengths := range [][]int{nil, {8}, {4, 11}, {99, -1}} {
		r := newRuns(lengths)
		for _, prefix := range [][]int8{{5}, {1, 3, 8}, {1, 2}} {
			s := state{}
			for _, f := range prefix {
				s, _ = r.then(s, f)
			}
			sum := math.Exp(float64(r.stop(s)))
			for f := range int8(10) {
				_, p := r.then(s, f)
				sum += math.Exp(float64(p))
			}
			if sum < 0.7 || sum > 1.3 {
				t.Errorf("lengths %v, after %v the choices sum to %.2f", lengths, prefix, sum)
			}
		}
	}
}

// A blurred digit more or less is decided by the length that was asked for, and
// a clear number of another length is still heard.
func TestNumbersAreHeardAtTheLengthAskedFor(t *testing.T) {
	g := graph(t)
	d := g.NewDecoder(Settings{})
	rows := sound(t, g, "八二六四七", 0.3)
	last := g.Spell("七")
	for i, unit := range []int16{last[0], last[1]} { // the last digit may be one or not
		r := rows[len(rows)-5+2*i]
		for j := range r {
			r[j] = -9
		}
		r[unit], r[0] = -0.3, -1.4
	}
	for length, want := range map[int]string{4: "八二六四", 5: "八二六四七"} {
		if got := decode(d, rows, Hints{Digits: 3, Lengths: []int{length}}).Text(); got != want {
			t.Errorf("length %d: %s", length, got)
		}
	}
	if got := decode(d, sound(t, g, "八二六四七", 0.3), Hints{Digits: 3, Lengths: []int{4}}).Text(); got != "八二六四七" {
		t.Errorf("five clear digits were heard as %s", got)
	}
}
