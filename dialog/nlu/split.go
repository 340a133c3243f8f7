package nlu

import (
	"strings"
	"unicode/utf8"
)

// Split cuts a long sentence where a new thought may begin: at punctuation and
// before words that announce another question.
func Split(text string) []string {
	for _, w := range []string{"另外", "还有就是", "顺便", "然后我想", "还想问", "再问一下", "对了"} {
		text = strings.ReplaceAll(text, w, "。"+w)
	}
	var out []string
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("，。？！；\n", r) }) {
		part = strings.TrimSpace(part)
		n := len(out)
		if n > 0 && (utf8.RuneCountInString(part) < shortest || utf8.RuneCountInString(out[n-1]) < shortest) {
			out[n-1] += "，" + part
			continue
		}
		if part != "" {
			out = append(out, part)
		}
	}
	return out
}

// shortest is the least length of a part that can be a question of its own.
const shortest = 4

// bare takes off the words that only lead over to another question.
func bare(part string) string {
	for _, w := range []string{"另外", "还有就是", "还有", "顺便问一下", "顺便", "然后", "再问一下", "还想问一下", "还想问", "对了", "那么", "那"} {
		if rest, ok := strings.CutPrefix(part, w); ok && utf8.RuneCountInString(rest) >= shortest-1 {
			return strings.TrimLeft(rest, "，")
		}
	}
	return part
}
