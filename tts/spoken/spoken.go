// Package spoken turns a text as people write it into the words that a
// Mandarin speaker says when reading it aloud: numbers, dates, money, units,
// codes and Latin letters become Chinese characters, and punctuation becomes
// breaks. It is the text normalisation in front of the voice and imports
// nothing else of Waggle.
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

// Form returns the spoken form of a text. The result holds Chinese characters,
// breaks, and single spaces where words must not be joined although there is
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

func (s *scanner) rest() string   { return s.text[s.at:] }
func (s *scanner) before() string { return s.text[:s.at] }

func (s *scanner) step() {
	rest := s.rest()
	if c := rest[0]; c < 0x80 || startsSymbol(rest) {
		for _, r := range rules {
			m := r.form.FindStringSubmatch(rest)
			if m == nil {
				continue
			}
			c := context{before: s.before(), after: rest[len(m[0]):]}
			if said, ok := r.say(m, c); ok {
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
	for _, symbol := range []string{"¥", "€", "£", "×", "±", "≥", "≤", "第"} {
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
