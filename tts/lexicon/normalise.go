package lexicon

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"waggle/tts/spoken"
)

var latinWord = regexp.MustCompile(`[A-Za-z]+(?:'[A-Za-z]+)*`)

// stand is a character that no text of a shop holds and that spoken.Form passes
// on; it keeps the place of a word.
const stand = '龘'

// Mandarin is how a Mandarin speaker reads a text: tts/spoken's form of it, but
// words of Latin letters that the voice can say by itself stay as they are, in
// lower case. Letters inside of codes, addresses and units are tts/spoken's.
func Mandarin(text string, says func(word string) bool) string {
	if strings.ContainsRune(text, stand) {
		return spoken.Form(text)
	}
	var kept []string
	var b strings.Builder
	last := 0
	for _, m := range latinWord.FindAllStringIndex(text, -1) {
		word := text[m[0]:m[1]]
		if !alone(text[:m[0]], text[m[1]:]) || !says(word) {
			continue
		}
		b.WriteString(text[last:m[0]])
		b.WriteRune(stand)
		last = m[1]
		kept = append(kept, word)
	}
	b.WriteString(text[last:])
	form := spoken.Form(b.String())
	if strings.Count(form, string(stand)) != len(kept) {
		return spoken.Form(text) // a rule took a place for something else
	}
	return restore(form, kept)
}

// alone says whether a word touches nothing that makes it part of a code, an
// address or an amount.
func alone(before, after string) bool {
	tail := strings.TrimRight(before, " ")
	r, _ := utf8.DecodeLastRuneInString(tail)
	touching := len(tail) == len(before)
	if tail != "" && (unicode.IsDigit(r) || touching && strings.ContainsRune("-_@./:&+#", r)) {
		return false
	}
	r, _ = utf8.DecodeRuneInString(after)
	return after == "" || !(unicode.IsDigit(r) || strings.ContainsRune("-_@/&+", r) || r == '.' && inside(after[1:]))
}

func restore(form string, kept []string) string {
	var b strings.Builder
	for i, piece := range strings.Split(form, string(stand)) {
		if i > 0 {
			b.WriteString(" " + kept[i-1] + " ")
		}
		b.WriteString(piece)
	}
	return b.String()
}
