package spoken

import (
	"strings"
	"unicode"

	"waggle/mandarin"
)

// breakOf maps a mark to the pause it asks for; zero means no pause. Brackets
// pause like commas, quotes do not pause at all.
func breakOf(r rune) rune {
	switch r {
	case '、', '/', '·', '|', '\\':
		return Group
	case '，', ',', ':', '：', ';', '；', '(', ')', '[', ']', '{', '}', '【', '】', '〔', '〕', '（', '）', '<', '>', '«', '»':
		return Clause
	case '。', '.', '｡':
		return Sentence
	case '?', '？':
		return Question
	case '!', '！':
		return Exclaim
	}
	return 0
}

// isSpoken says whether a rune of the result has a sound of its own.
func isSpoken(r rune) bool { return unicode.Is(unicode.Han, r) || mandarin.IsSpelled(r) }

// rank orders breaks: of several marks in a row the strongest stays.
func rank(r rune) int { return strings.IndexRune(" 、，。！？", r) }

// tidy keeps Chinese characters and breaks and drops the rest; runs of breaks
// shrink to the strongest, breaks at the start vanish.
func tidy(s string) string {
	var b strings.Builder
	pending := rune(0)
	for _, r := range s {
		switch {
		case isSpoken(r):
			if pending != 0 && b.Len() > 0 {
				b.WriteRune(pending)
			}
			pending = 0
			b.WriteRune(r)
		case breakOf(r) != 0:
			if mark := breakOf(r); pending == 0 || rank(mark) > rank(pending) {
				pending = mark
			}
		case pending == 0 && !unicode.Is(unicode.Lm, r):
			pending = ' '
		}
	}
	if b.Len() > 0 && pending != 0 && pending != ' ' {
		b.WriteRune(pending)
	}
	return b.String()
}
