package guard

import (
	"strings"
	"time"
)

// evidence is what the facts prove.
type evidence struct {
	text    string          // all facts, for words
	lower   string          // the same in lower case
	facts   map[string]bool // each as it stands, for states
	numbers map[string][]string
	codes   []string // long numbers, whose end may be spoken alone
	dates   map[string]bool
	hours   map[string]bool
	ratios  map[string]bool
}

// codeLength is the length from which a number is a code and not a quantity.
const codeLength = 8

// tailLength is the least length of the end of a code that names it.
const tailLength = 4

func gather(facts []string, zone *time.Location) evidence {
	e := evidence{text: narrow(strings.Join(facts, "\n")), facts: make(map[string]bool, len(facts)), numbers: make(map[string][]string),
		dates: make(map[string]bool), hours: make(map[string]bool), ratios: make(map[string]bool)}
	e.lower = strings.ToLower(e.text)
	for _, f := range facts {
		e.facts[f] = true
		if t, err := time.Parse(time.RFC3339, f); err == nil {
			t = t.In(zone)
			e.dates[t.Format(dayForm)] = true
			e.dates[weekdayForm(t.Weekday())] = true
			e.hours[t.Format("15")] = true
			e.hours[t.Format("15:04")] = true
			continue
		}
		e.read(narrow(f))
	}
	return e
}

// read takes the claims that a fact in words makes itself: what a record says
// may be said.
func (e *evidence) read(fact string) {
	for _, c := range figures(fact, time.Time{}) {
		switch c.Kind {
		case Number:
			e.numbers[c.value] = append(e.numbers[c.value], c.unit)
		case Hour:
			e.hours[c.value] = true
		case Date:
			e.dates[c.value] = true
		case Ratio:
			e.ratios[c.value] = true
		case Phone:
			e.codes = append(e.codes, c.value)
		}
	}
	if digits := onlyDigits(fact); len(digits) >= codeLength {
		e.codes = append(e.codes, digits)
		e.numbers[digits] = append(e.numbers[digits], "")
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
func (e evidence) prove(c Claim) bool {
	switch c.Kind {
	case Date:
		return e.dates[c.value] || e.says(c)
	case Hour:
		return e.hours[c.value] || e.says(c)
	case Ratio:
		return e.ratios[c.value]
	case Promise:
		return strings.Contains(e.lower, c.value)
	case State:
		return e.stands(c.value) || strings.Contains(e.text, c.Text)
	case Courier, Place, Product:
		return strings.Contains(e.text, c.value)
	case Phone:
		return e.numbered(c.value)
	}
	return e.counts(c) || e.tail(c.value)
}

// counts tells whether the number is in the evidence and counts the same
// there, where both say what they count: seven days prove no seven yuan.
func (e evidence) counts(c Claim) bool {
	for _, unit := range e.numbers[c.value] {
		if unit == "" || c.unit == "" || unit == c.unit {
			return true
		}
	}
	return false
}

// tail tells whether a code of the evidence ends in these digits.
func (e evidence) tail(digits string) bool {
	for _, code := range e.codes {
		if len(digits) >= tailLength && strings.HasSuffix(code, digits) {
			return true
		}
	}
	return false
}

// numbered tells whether a telephone number is in the evidence; 86 in front of
// it does not matter.
func (e evidence) numbered(digits string) bool {
	for _, code := range e.codes {
		if strings.TrimPrefix(code, "86") == strings.TrimPrefix(digits, "86") {
			return true
		}
	}
	return false
}

// says tells whether a fact uses the very words, and not as a part of a
// longer number.
func (e evidence) says(c Claim) bool {
	i := strings.Index(e.text, c.Text)
	return i >= 0 && (i == 0 || e.text[i-1] < '0' || e.text[i-1] > '9')
}
