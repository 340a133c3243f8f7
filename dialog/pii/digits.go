package pii

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// group is a run of digits without anything between them.
type group struct {
	digits     string // ASCII; X ends an identity number
	start, end int    // bytes
}

// spoken are the digits as characters say them.
var spoken = map[rune]byte{'零': '0', '〇': '0', '洞': '0', '一': '1', '幺': '1', '壹': '1', '二': '2', '两': '2', '贰': '2', '三': '3', '叁': '3',
	'四': '4', '肆': '4', '五': '5', '伍': '5', '六': '6', '陆': '6', '七': '7', '柒': '7', '拐': '7', '八': '8', '捌': '8', '九': '9', '玖': '9', '勾': '9'}

// digit reads a character as a digit; 0 when it is none.
func digit(r rune) byte {
	switch {
	case r >= '0' && r <= '9':
		return byte(r)
	case r >= '０' && r <= '９':
		return byte(r-'０') + '0'
	}
	return spoken[r]
}

// groups cuts a text into runs of digits.
func groups(text string) []group {
	var out []group
	var run strings.Builder
	start := 0
	flush := func(end int) {
		if run.Len() > 0 {
			out = append(out, group{run.String(), start, end})
			run.Reset()
		}
	}
	for i, r := range text {
		d := digit(r)
		if (r == 'X' || r == 'x' || r == 'Ｘ' || r == '叉') && run.Len() > 0 {
			d = 'X'
		}
		if d == 0 {
			flush(i)
			continue
		}
		if run.Len() == 0 {
			start = i
		}
		run.WriteByte(d)
	}
	flush(len(text))
	return out
}

// fillers may stand between the groups of one number when people write or say
// it, besides spaces and signs.
const fillers = "嗯呃啊哦那个然后减杠"

// joined tells whether what stands between two groups keeps them one number.
func joined(between string) bool {
	const longest = 3 // characters
	if utf8.RuneCountInString(between) > longest {
		return false
	}
	for _, r := range between {
		if !unicode.IsSpace(r) && !strings.ContainsRune("-–—_.·,，、。()（）"+fillers, r) && !unicode.Is(unicode.Cf, r) {
			return false
		}
	}
	return true
}

// longestNumber is the most digits that any number here has, with its prefix.
const longestNumber = 19

// numbers finds identity, card and telephone numbers, in whatever groups they
// are written.
func numbers(text string) []Span {
	var out []Span
	list := groups(text)
	for i := 0; i < len(list); {
		kind, last := longest(text, list[i:])
		if kind == "" {
			i++
			continue
		}
		out = append(out, Span{kind, list[i].start, list[i+last].end})
		i += last + 1
	}
	return out
}

// longest joins the groups from the first on as long as they make a number; it
// returns the index of the last that belongs to the longest one.
func longest(text string, list []group) (kind Kind, last int) {
	number := ""
	for n, g := range list {
		if n > 0 && !joined(text[list[n-1].end:g.start]) {
			break
		}
		if number += g.digits; len(number) > longestNumber {
			break
		}
		if k := classify(number); k != "" {
			kind, last = k, n
		}
	}
	return kind, last
}

// classify tells what a number is; "" for none of a person's.
func classify(n string) Kind {
	switch {
	case identity(n):
		return Identity
	case strings.Contains(n, "X"):
		return ""
	case mobile(n), landline(n):
		return Phone
	case card(n):
		return Card
	}
	return ""
}

// mobile numbers of China: 11 digits from 13 to 19, with or without 86.
func mobile(n string) bool {
	for _, country := range []string{"0086", "86"} {
		if rest, ok := strings.CutPrefix(n, country); ok && len(rest) == 11 {
			n = rest
		}
	}
	return len(n) == 11 && n[0] == '1' && n[1] >= '3'
}

// landline numbers: an area code of China and 7 or 8 digits.
func landline(n string) bool {
	if len(n) < 10 || len(n) > 12 || n[0] != '0' {
		return false
	}
	area := 4
	if n[1] == '1' || n[1] == '2' {
		area = 3
	}
	rest := len(n) - area
	return n[1] != '0' && (rest == 7 || rest == 8) && n[area] >= '2'
}
