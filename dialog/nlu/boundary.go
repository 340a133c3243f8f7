package nlu

import (
	"hash/fnv"
	"math"
	"unicode"
	"unicode/utf8"

	"waggle/mandarin"
)

// boundary tells from the words around a place alone how likely one question
// ends there and another begins: a logistic regression over hashed n-grams to
// either side. What shoppers begin and end with is learnt from train.tsv.
type boundary struct {
	scale  float32
	weight []int8 // by bucket
	bias   float32
}

// boundaryBits is the size of its feature space.
const boundaryBits = 12

// unit is what no cut goes through: a character, a run of digits or of letters,
// the name of a ware.
type unit struct {
	from, to int // bytes of the text
	sign     string
	pause    bool
	begins   bool // a word
}

// units cuts a normalised text into units; blanks belong to none.
func (v vocabulary) units(text string) []unit {
	concepts, words, at := v.spans(text), make(map[int]bool), 0
	for _, w := range mandarin.Segment(text) {
		words[at] = true
		at += len(w.Text)
	}
	var out []unit
	for i, r := range text {
		sign, long := string(r), false
		switch {
		case r == ' ':
			continue
		case goodsConcepts[concepts[i]]:
			sign, long = string(ware), true
		case unicode.IsDigit(r):
			sign, long = "0", true
		case r < utf8.RuneSelf && unicode.IsLetter(r):
			sign, long = "a", true
		}
		end := i + utf8.RuneLen(r)
		if n := len(out); long && n > 0 && out[n-1].sign == sign && out[n-1].to == i {
			out[n-1].to = end
			continue
		}
		out = append(out, unit{i, end, sign, isPause(r), words[i]})
	}
	return out
}

// longestSide is how many units to either side of a place are looked at.
const longestSide = 4

// buckets are the features of the place before unit k: n-grams that end there,
// n-grams that begin there, and the two units that meet. Pauses are not seen.
func (boundary) buckets(in []unit, k int) []uint32 {
	var out []uint32
	h := fnv.New32a()
	hash := func(space byte, signs ...string) {
		h.Reset()
		h.Write([]byte{space})
		for _, s := range signs {
			h.Write([]byte(s))
		}
		out = append(out, h.Sum32()&(1<<boundaryBits-1))
	}
	left, right := "", ""
	var met [2]string
	for i, n := k-1, 0; i >= 0 && n < longestSide; i-- {
		if in[i].pause {
			if n > 0 {
				break
			}
			continue
		}
		if n == 0 {
			met[0] = in[i].sign
		}
		left = in[i].sign + left
		hash('l', left)
		n++
	}
	for i, n := k, 0; i < len(in) && n < longestSide && !in[i].pause; i++ {
		if n == 0 {
			met[1] = in[i].sign
		}
		right += in[i].sign
		hash('r', right)
		n++
	}
	hash('m', met[0], " ", met[1])
	return out
}

// logit of a question's end and another's beginning before unit k.
func (b *boundary) logit(in []unit, k int) float64 {
	if len(b.weight) == 0 {
		return 0
	}
	sum := b.bias
	for _, i := range b.buckets(in, k) {
		sum += b.scale * float32(b.weight[i])
	}
	return math.Max(-mostLogit, math.Min(mostLogit, float64(sum)))
}

// mostLogit bounds what the words around a place can say.
const mostLogit = 8
