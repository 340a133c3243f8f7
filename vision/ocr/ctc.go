package ocr

import (
	"bufio"
	"bytes"
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"waggle/vision/card"
)

// mostCharacters caps a dictionary; Chinese ones have 6,600 lines.
const mostCharacters = 64 << 10

// parseDictionary reads a character per line.
func parseDictionary(raw []byte) ([]string, error) {
	var out []string
	for s := bufio.NewScanner(bytes.NewReader(raw)); s.Scan(); {
		c := strings.TrimSuffix(s.Text(), "\r")
		if !utf8.ValidString(c) || len(c) > 16 || len(out) == mostCharacters {
			return nil, fmt.Errorf("ocr: dictionary line %d: %w: a character per line, at most %d", len(out)+1, card.ErrFile, mostCharacters)
		}
		out = append(out, c)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("ocr: %w: the dictionary is empty", card.ErrFile)
	}
	return out, nil
}

// decode is the best path (Graves 2006): the best class of each step, repeats
// joined, blanks left out. Class 0 is blank, then the dictionary, then perhaps
// a space.
func (r *Reader) decode(o card.Output) (text string, score float64, err error) {
	d := o.Dims
	if len(d) != 3 || d[0] != 1 || d[2] < len(r.dictionary)+1 || d[2] > len(r.dictionary)+2 || len(o.Data) != d[1]*d[2] {
		return "", 0, fmt.Errorf("ocr: %w: logits %v with %d characters", card.ErrGraph, d, len(r.dictionary))
	}
	var b strings.Builder
	var sum float64
	n, last := 0, 0
	for t := range d[1] {
		best, p := most(o.Data[t*d[2] : (t+1)*d[2]])
		if best != 0 && best != last {
			b.WriteString(r.character(best))
			sum, n = sum+p, n+1
		}
		last = best
	}
	if n == 0 {
		return "", 0, nil
	}
	return strings.TrimSpace(b.String()), sum / float64(n), nil
}

func (r *Reader) character(class int) string {
	if class > len(r.dictionary) {
		return " "
	}
	return r.dictionary[class-1]
}

// most is the best class and its probability; outputs may be probabilities
// already.
func most(v []float32) (best int, p float64) {
	var sum float64
	least := v[0]
	for i, x := range v {
		if x > v[best] {
			best = i
		}
		sum, least = sum+float64(x), min(least, x)
	}
	if least >= 0 && math.Abs(sum-1) < 0.01 {
		return best, float64(v[best])
	}
	var all float64
	for _, x := range v {
		all += math.Exp(float64(x - v[best]))
	}
	return best, 1 / all
}
