package lexicon

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// words yields the words of a clause: runs of Latin letters and digits in lower
// case, the longest entries that characters make together, and 、. Everything
// else is left out.
func (w *Words) words(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for at := 0; at < len(text); {
			r, size := utf8.DecodeRuneInString(text[at:])
			word := text[at : at+size]
			switch {
			case r == '、':
			case latinRune(r):
				word = latinRun(text[at:])
				size = len(word)
				word = strings.ToLower(word)
			case unicode.IsLetter(r):
				word = w.Lexicon.longest(text[at:])
				size = len(word)
			default:
				at += size
				continue
			}
			if !yield(word) {
				return
			}
			at += size
		}
	}
}

func latinRune(r rune) bool {
	return r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

// latinRun is the word of letters, digits and inner apostrophes at the start.
func latinRun(text string) string {
	for i, r := range text {
		if !latinRune(r) && (r != '\'' || i+1 == len(text) || !latinRune(rune(text[i+1]))) {
			return text[:i]
		}
	}
	return text
}

// longest is the longest entry that the text begins with, of at most
// longestWord characters, or its first character.
func (l *Lexicon) longest(text string) string {
	var ends [longestWord]int
	n := 0
	for at, r := range text {
		if n == longestWord || r < 0x80 || !unicode.IsLetter(r) {
			break
		}
		ends[n] = at + utf8.RuneLen(r)
		n++
	}
	for n > 1 {
		if l.Has(text[:ends[n-1]]) {
			break
		}
		n--
	}
	return text[:ends[n-1]]
}
