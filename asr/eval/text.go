package eval

import (
	"strings"
	"unicode"

	"waggle/asr/itn"
	"waggle/mandarin"
)

// Characters is what the character error rate counts: punctuation, symbols and
// spaces removed, full-width letters made half-width, Latin letters lower
// case, numbers written one way: inverse text normalisation first, then every
// numeral left over as its figure, so that 三个, 3个 and 13800 read out as 幺三八
// 零零 compare as they sound.
func Characters(text string) []string {
	written := itn.Normalise(clean(text))
	var out []string
	for _, r := range written {
		if figure, ok := figures[r]; ok {
			r = figure
		}
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			out = append(out, string(r))
		}
	}
	return out
}

// figures maps numerals; 〇 and 幺 and 两 as well.
var figures = map[rune]rune{
	'零': '0', '〇': '0', '一': '1', '幺': '1', '二': '2', '两': '2', '三': '3', '四': '4', '五': '5', '六': '6', '七': '7', '八': '8', '九': '9',
}

// clean removes what is not said and evens out the width of letters.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= 0xFF01 && r <= 0xFF5E {
			r -= 0xFEE0 // full-width ASCII
		}
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, text)
}

// Syllables is the text in toneless pinyin, figures read one by one.
func Syllables(text string) []string {
	spoken := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return []rune("零一二三四五六七八九")[r-'0']
		}
		if r == '幺' {
			return '一'
		}
		return r
	}, clean(text))
	var out []string
	for _, s := range mandarin.Pronounce(spoken) {
		out = append(out, s.Pinyin)
	}
	return out
}

// Distance is the edit distance (Levenshtein, 1966) between two sequences.
func Distance(a, b []string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j, y := range b {
			best := diagonal
			if x != y {
				best = min(diagonal, row[j], row[j+1]) + 1
			}
			diagonal, row[j+1] = row[j+1], best
		}
	}
	return row[len(b)]
}
