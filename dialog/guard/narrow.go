package guard

import "strings"

// narrow writes full-width digits, letters and signs as their narrow forms and
// drops characters without width, so that no claim hides behind its spelling.
// Chinese punctuation stays: sentences are cut at it.
func narrow(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '０' && r <= '９', r >= 'Ａ' && r <= 'Ｚ', r >= 'ａ' && r <= 'ｚ':
			return r - '０' + '0'
		case r == '％' || r == '．' || r == '－' || r == '＋':
			return r - '！' + '!'
		case r == '￥':
			return '¥'
		case r == 0x3000 || r == 0xa0:
			return ' '
		case invisible(r):
			return -1
		}
		return r
	}, s)
}

// invisible characters have no width (Unicode general category Cf and the
// variation selectors).
func invisible(r rune) bool {
	return r == 0xad || r >= 0x200b && r <= 0x200f || r >= 0x202a && r <= 0x202e || r >= 0x2060 && r <= 0x2064 ||
		r == 0xfeff || r >= 0xfe00 && r <= 0xfe0f || r >= 0xe0000 && r <= 0xe007f
}
