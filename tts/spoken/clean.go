package spoken

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// superscripts must be rewritten before compatibility forms are folded, which
// would make them ordinary digits.
var superscripts = strings.NewReplacer(
	"m²", "m2 ", "m³", "m3 ", "㎡", "m2 ", "㎥", "m3 ", "㎠", "cm2 ", "²", "平方", "³", "立方",
	"℃", "°C", "℉", "°F", "″", `"`, "½", "1/2", "⅓", "1/3", "⅔", "2/3", "¼", "1/4", "¾", "3/4",
)

// dashes and waves are many; two stand for all of them.
var dashes = strings.NewReplacer(
	"–", "-", "−", "-", "‐", "-", "‑", "-", "﹣", "-",
	"～", "~", "〜", "~", "∼", "~", "’", "'", "‘", "'",
	"——", "，", "—", "-", "……", "，", "…", "，", "√", " ", "➡", "，", "→", "，",
)

// clean folds full-width and compatibility forms, so that rules see one way of
// writing, and removes what has no sound: emoji, controls, marks.
func clean(text string) string {
	text = norm.NFKC.String(dashes.Replace(superscripts.Replace(strings.ToValidUTF8(text, " "))))
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == 0x2028 || r == 0x2029:
			return Sentence
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.M, r):
			return -1
		case isPictograph(r):
			return ' '
		}
		return r
	}, text)
}

// isPictograph covers emoji and dingbats. Arrows and digits in circles were
// handled before.
func isPictograph(r rune) bool {
	return r >= 0x1F000 && r <= 0x1FBFF || r >= 0x2600 && r <= 0x27BF || r >= 0x2B00 && r <= 0x2BFF || r >= 0xE000 && r <= 0xF8FF
}
