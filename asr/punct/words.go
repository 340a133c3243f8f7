package punct

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// split takes a text apart as the model was trained: a Chinese character is a
// word of its own, letters and digits go together, spaces fall away.
func split(text string) []string {
	var words []string
	run := -1 // where a word of letters began
	for i, r := range text {
		inWord := (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '\'' || r == '’') && !wide(r)
		if inWord {
			if run < 0 {
				run = i
			}
			continue
		}
		if run >= 0 {
			words, run = append(words, text[run:i]), -1
		}
		if !unicode.IsSpace(r) {
			words = append(words, text[i:i+utf8.RuneLen(r)])
		}
	}
	if run >= 0 {
		words = append(words, text[run:])
	}
	return words
}

// wide reports whether a character is written without spaces around it.
func wide(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) || r >= 0x3000 && r <= 0x303f || r >= 0xff00 && r <= 0xffef
}

// join puts words and the marks after them together, with a space between two
// words of letters.
func join(words, marks []string) string {
	var out strings.Builder
	for i, w := range words {
		if i > 0 && marks[i-1] == "" && narrowEnd(words[i-1]) && w[0] < utf8.RuneSelf {
			out.WriteByte(' ')
		}
		out.WriteString(w)
		out.WriteString(marks[i])
	}
	return out.String()
}

func narrowEnd(w string) bool { return w[len(w)-1] < utf8.RuneSelf }
