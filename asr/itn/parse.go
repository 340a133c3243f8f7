package itn

import (
	"strconv"
	"strings"
)

// numeral is a spoken number found in the text.
type numeral struct {
	value    int64
	decimals string // digits behind the point
	digits   string // of a run read digit by digit, else empty
	end      int    // position behind it
	units    bool   // it contains 十, 百, 千, 万 or 亿
	pair     bool   // it contains two digits in a row with units and is a guess: 二三十, 十五六
	loose    bool   // its last digit has an implied unit: 三百五 is 350
}

// text writes the number in figures; round ten thousands keep 万.
func (n numeral) text() string {
	switch {
	case n.digits != "" && n.decimals == "":
		return n.digits
	case n.decimals != "":
		return strconv.FormatInt(n.value, 10) + "." + n.decimals
	case n.value >= 1e8 && n.value%1e8 == 0:
		return strconv.FormatInt(n.value/1e8, 10) + "亿"
	case n.value >= 1e4 && n.value%1e4 == 0:
		return strconv.FormatInt(n.value/1e4, 10) + "万"
	}
	return strconv.FormatInt(n.value, 10)
}

const digitRunes = "零一二三四五六七八九"

func digitOf(r rune) (int64, bool) {
	switch r {
	case '〇':
		return 0, true
	case '幺':
		return 1, true
	case '两':
		return 2, true
	}
	if i := strings.IndexRune(digitRunes, r); i >= 0 {
		return int64(i / len("零")), true
	}
	return 0, false
}

func isDigit(r rune) bool { _, ok := digitOf(r); return ok }

func unitOf(r rune) int64 {
	switch r {
	case '十':
		return 10
	case '百':
		return 100
	case '千':
		return 1000
	}
	return 0
}

// cardinal reads the longest number at position i: a run of digits, or a
// number with units. It does not read decimals.
func (s *scanner) cardinal(i int) (numeral, bool) {
	if i >= len(s.in) || (!isDigit(s.in[i]) && s.in[i] != '十') {
		return numeral{}, false
	}
	run := i
	for run < len(s.in) && isDigit(s.in[run]) {
		run++
	}
	if run-i >= 2 && !s.has(i, "零") || run-i >= 3 {
		if run >= len(s.in) || !strings.ContainsRune("十百千万亿", s.in[run]) {
			return s.digitRun(i, run), true
		}
		return numeral{end: run + 1, units: true, pair: true}, true
	}
	return s.withUnits(i), true
}

func (s *scanner) digitRun(from, to int) numeral {
	var b strings.Builder
	n := numeral{end: to}
	for _, r := range s.in[from:to] {
		d, _ := digitOf(r)
		b.WriteByte(byte('0' + d))
		n.value = n.value*10 + d // wraps for long runs, which are written from digits
	}
	n.digits = b.String()
	return n
}

// withUnits reads 三万五千零二十, 三百五, 十二, 五.
func (s *scanner) withUnits(i int) numeral {
	var total, section, digit, last int64
	n := numeral{end: i}
	pending, zero := false, false
	for ; n.end < len(s.in); n.end++ {
		r := s.in[n.end]
		if d, ok := digitOf(r); ok {
			if pending && digit != 0 {
				break
			}
			zero = zero || pending || (d == 0 && n.units)
			digit, pending = d, true
			continue
		}
		unit := unitOf(r)
		if big := map[rune]int64{'万': 1e4, '亿': 1e8}[r]; big > 0 && (section+digit > 0) {
			total, section, digit = (total+section+digit)*big, 0, 0
			last, pending, n.units, zero = big, false, true, false
			continue
		}
		if unit == 0 || (last > 0 && unit >= last && last < 1e4) || (!pending && r != '十') {
			break
		}
		if !pending || digit == 0 {
			digit = 1
		}
		section += digit * unit
		last, digit, pending, zero, n.units = unit, 0, false, false, true
	}
	if pending && last >= 100 && !zero && digit > 0 {
		n.loose = true
		digit *= last / 10
	}
	n.value = total + section + digit
	if n.units && pending && digit > 0 && n.end < len(s.in) && isDigit(s.in[n.end]) && s.in[n.end] != '两' {
		return s.guess(n)
	}
	return n
}

// guess takes all of a number that is not meant exactly: 十五六, 一百二三十.
func (s *scanner) guess(n numeral) numeral {
	for n.end < len(s.in) && (isDigit(s.in[n.end]) || strings.ContainsRune("十百千万亿", s.in[n.end])) {
		n.end++
	}
	n.pair = true
	return n
}

// decimal reads a cardinal with an optional point.
func (s *scanner) decimal(i int) (numeral, bool) {
	n, ok := s.cardinal(i)
	if !ok || n.pair {
		return n, ok && !n.pair
	}
	if !s.has(n.end, "点") {
		return n, true
	}
	end := n.end + 1
	for end < len(s.in) && isDigit(s.in[end]) && s.in[end] != '两' {
		end++
	}
	if end == n.end+1 || (end < len(s.in) && unitOf(s.in[end]) > 0) {
		return n, true
	}
	n.decimals = s.digitRun(n.end+1, end).digits
	n.end = end
	return n, true
}
