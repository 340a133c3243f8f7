// Package spoken turns a text as people write it into the words that a
// Mandarin speaker says when reading it aloud: numbers, dates, money, units,
// codes and Latin letters become Chinese characters, and punctuation becomes
// breaks. It is the text normalisation in front of the voice. It may import
// mandarin.
package spoken

import (
	"strings"
	"unicode/utf8"
)

// Breaks are the marks of a pause in the result, from the shortest to the
// longest: between the groups of a number, between clauses, between sentences.
const (
	Group    = '、'
	Clause   = '，'
	Sentence = '。'
	Question = '？'
	Exclaim  = '！'
)

// Form returns the spoken form of a text. The result holds Chinese characters
// (and the runes of mandarin.Spell, which pass as they are), breaks, and single
// spaces where words must not be joined although there is
// no pause. It is empty when nothing can be read aloud.
func Form(text string) string {
	s := scanner{text: clean(text)}
	for s.at < len(s.text) {
		s.step()
	}
	return tidy(s.out.String())
}

// scanner walks over the text once. At each token the first rule that matches
// says how it is read.
type scanner struct {
	text string
	at   int
	out  strings.Builder
}

// A token and what its rule may look at on either side are bounded in bytes, or
// a long text would take quadratic time. Only an address is ever that long.
const (
	longestToken = 320
	around       = 96
)

// context is what stands before and after a token that ends at end.
func (s *scanner) context(end int) context {
	from := runeStart(s.text, max(0, s.at-around))
	to := runeStart(s.text, min(len(s.text), end+around))
	return context{before: s.text[from:s.at], after: s.text[end:to]}
}

// runeStart moves a position forward to where a rune begins.
func runeStart(text string, at int) int {
	for at < len(text) && !utf8.RuneStart(text[at]) {
		at++
	}
	return at
}

func (s *scanner) step() {
	rest := s.text[s.at:]
	if c := rest[0]; c < 0x80 || startsSymbol(rest) {
		window := rest[:runeStart(rest, min(len(rest), longestToken))]
		for _, r := range rules {
			m := r.match(window)
			if m == nil {
				continue
			}
			if said, ok := r.say(m, s.context(s.at+len(m[0]))); ok {
				s.out.WriteString(said)
				s.at += len(m[0])
				return
			}
		}
	}
	s.copyRune(rest)
}

// startsSymbol says whether a rune outside ASCII can begin a rule's token.
func startsSymbol(rest string) bool {
	for _, symbol := range []string{"¥", "€", "£", "×", "±", "≥", "≤", "≈", "第"} {
		if strings.HasPrefix(rest, symbol) {
			return true
		}
	}
	return false
}

// copyRune passes one rune on; tidy decides whether it is spoken.
func (s *scanner) copyRune(rest string) {
	_, n := utf8.DecodeRuneInString(rest)
	s.out.WriteString(rest[:n])
	s.at += n
}
