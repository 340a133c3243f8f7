package nlu

import (
	"regexp"
	"strconv"
	"strings"
)

// arabic writes Chinese numerals with a unit as digits: 一百三十斤 -> 130斤,
// 一米七五 -> 1米75.
func arabic(text string) string {
	text = metres.ReplaceAllStringFunc(text, func(s string) string {
		return strings.Map(func(r rune) rune {
			if d, ok := digitOf(r); ok {
				return d
			}
			return r
		}, s) + "，"
	})
	return numeral.ReplaceAllStringFunc(text, func(s string) string {
		if n, ok := ParseNumeral(s); ok && n >= 10 {
			return strconv.Itoa(n)
		}
		return s
	})
}

var numeral = regexp.MustCompile(`[零〇一二三四五六七八九两十百千万]{2,}`)

var metres = regexp.MustCompile(`[一两二]米[零〇一二三四五六七八九]{1,2}`)

// ParseNumeral reads a Chinese cardinal number: 三百二十, 一千零五, 一百三.
func ParseNumeral(s string) (n int, ok bool) {
	total, section, digit, unit := 0, 0, -1, 0
	for _, r := range s {
		if d, is := digitOf(r); is {
			digit = int(d - '0')
			continue
		}
		scale := map[rune]int{'十': 10, '百': 100, '千': 1000, '万': 10000}[r]
		switch {
		case scale == 0:
			return 0, false
		case scale == 10000:
			total, section = (section+max(digit, 0))*scale, 0
		case digit < 0 && r == '十':
			section += scale
		case digit < 0:
			return 0, false
		default:
			section += digit * scale
		}
		digit, unit = -1, scale
	}
	if digit > 0 {
		if unit >= 100 && !strings.ContainsAny(s, "零〇") { // 一百三 is 130
			digit *= unit / 10
		}
		section += digit
	}
	return total + section, unit > 0
}
