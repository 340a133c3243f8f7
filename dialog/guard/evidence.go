package guard

import (
	"strings"
	"time"
)

// evidence is what the facts prove.
type evidence struct {
	text    string // all facts, for words
	numbers map[string]bool
	codes   []string // long numbers, whose end may be spoken alone
	dates   map[string]bool
	hours   map[string]bool
}

// codeLength is the length from which a number is a code and not a quantity.
const codeLength = 8

// tailLength is the least length of the end of a code that names it.
const tailLength = 4

func gather(facts []string, zone *time.Location) evidence {
	e := evidence{text: strings.Join(facts, "\n"), numbers: make(map[string]bool), dates: make(map[string]bool), hours: make(map[string]bool)}
	for _, f := range facts {
		if t, err := time.Parse(time.RFC3339, f); err == nil {
			t = t.In(zone)
			e.dates[t.Format(dayForm)] = true
			e.hours[t.Format("15")] = true
			e.hours[t.Format("15:04")] = true
			continue
		}
		e.read(f)
	}
	return e
}

// read takes the claims that a fact in words makes itself: what a record says
// may be said.
func (e *evidence) read(fact string) {
	for _, c := range claims(fact, time.Time{}) {
		switch c.kind {
		case number:
			e.numbers[c.value] = true
		case hour:
			e.hours[c.value] = true
		case date:
			e.dates[c.value] = true
		}
	}
	if digits := onlyDigits(fact); len(digits) >= codeLength {
		e.codes = append(e.codes, digits)
		e.numbers[digits] = true
	}
}

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// prove tells whether the evidence supports the claim.
func (e evidence) prove(c claim) bool {
	switch c.kind {
	case date:
		return e.dates[c.value] || e.says(c)
	case hour:
		return e.hours[c.value] || e.says(c)
	case promise:
		return strings.Contains(e.text, c.value)
	}
	if e.numbers[c.value] {
		return true
	}
	for _, code := range e.codes {
		if len(c.value) >= tailLength && strings.HasSuffix(code, c.value) {
			return true
		}
	}
	return false
}

// says tells whether a fact uses the very words, and not as a part of a
// longer number.
func (e evidence) says(c claim) bool {
	i := strings.Index(e.text, c.text)
	return i >= 0 && (i == 0 || e.text[i-1] < '0' || e.text[i-1] > '9')
}
