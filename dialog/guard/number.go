package guard

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// units are what numbers count; the same thing under two names is one unit.
// A unit that is not listed here is none: pieces are counted by many words.
var units = map[string]string{
	"元": "yuan", "块钱": "yuan", "块": "yuan", "圆": "yuan", "角": "jiao", "毛": "jiao", "分钱": "fen",
	"分钟": "minute", "小时": "hour", "个小时": "hour", "钟头": "hour", "个钟头": "hour",
	"天": "day", "日": "day", "个工作日": "workday", "工作日": "workday", "周": "week", "个星期": "week", "星期": "week",
	"个月": "month", "年": "year", "倍": "times", "米": "m", "厘米": "cm", "cm": "cm", "毫米": "mm", "mm": "mm",
	"公斤": "kg", "千克": "kg", "kg": "kg", "斤": "jin", "克": "g", "g": "g",
}

const unitWords = `元|块钱|块|圆|角|毛|分钱|分钟|个?小时|个?钟头|天|日|个?工作日|周|个?星期|个月|年|倍|厘米|cm|毫米|mm|米|公斤|千克|kg|斤|克|g`

var (
	figure  = regexp.MustCompile(`([0-9]+(?:[.,][0-9]+)*)([百千万亿]?)(?: ?(` + unitWords + `))?`)
	spelled = regexp.MustCompile(`([` + spelledDigit + `十百千万亿]+(?:，[` + spelledDigit + `]{2,})*(?:点[` + spelledDigit + `]+)?)(?:(` + unitWords + `))?`)
	// coins are amounts in yuan and jiao: 12块5, 十二块五毛.
	coins = regexp.MustCompile(`([0-9]+|[` + spelledDigit + `十百千]+)块([0-9]|[` + spelledDigit + `])(?:[毛角]|$|[，。！？、；])|([0-9]+|[` + spelledDigit + `十百千]+)元([0-9]|[` + spelledDigit + `])[毛角]`)
	// single is a number of one character; only with such a unit is it a
	// number and not a word (一下, 两边).
	single = regexp.MustCompile(`([哪这那头前后]?)([一二两三四五六七八九十])(元|块钱|块|分钟|个?小时|个?钟头|天|日内|个?工作日|周|个?星期|个月|年|倍|公斤|斤|厘米|件|双|瓶|盒|箱|套)`)
)

// readFigure reads 1,280 and 1.5万元.
func readFigure(m []string, _ time.Time) (Claim, bool) {
	v := plain(m[1])
	if scale := scales[[]rune(m[2] + " ")[0]]; scale > 0 {
		if f, err := strconv.ParseFloat(v, 64); err == nil {
			v = strconv.FormatFloat(f*float64(scale), 'f', -1, 64)
		}
	}
	return Claim{Kind: Number, Text: m[1] + m[2], value: v, unit: units[m[3]]}, true
}

// plain removes thousands separators and needless zeros.
func plain(s string) string {
	s = strings.ReplaceAll(s, ",", "")
	if strings.Contains(s, ".") && strings.Count(s, ".") == 1 {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// readCoins reads 十二块五: the figure after the yuan counts tenths.
func readCoins(m []string, _ time.Time) (Claim, bool) {
	yuan, jiao := small(m[1]+m[3]), small(m[2]+m[4])
	v := strconv.Itoa(yuan)
	if jiao > 0 {
		v += "." + strconv.Itoa(jiao)
	}
	return Claim{Kind: Number, value: v, unit: "yuan"}, true
}

// readSpelled reads a number in characters, 三百二十元 or 四三二六.
func readSpelled(m []string, _ time.Time) (Claim, bool) {
	v, ok := spelledValue(m[1])
	return Claim{Kind: Number, Text: m[1], value: v, unit: units[m[2]]}, ok
}

func readSingle(m []string, _ time.Time) (Claim, bool) {
	if m[1] != "" {
		return Claim{}, false // 哪两件: asks or points
	}
	m = m[1:]
	unit := strings.TrimSuffix(m[2], "内")
	counted, known := units[unit]
	if m[1] == "一" && (!known || counted == "day" || counted == "week") {
		return Claim{}, false // 一件, 一天: an article more often than a number
	}
	return Claim{Kind: Number, value: strconv.Itoa(small(m[1])), unit: counted}, true
}

// spelledValue is the value of a number in characters. A single character is a
// word more often than a number, so it is none.
func spelledValue(s string) (string, bool) {
	s = strings.ReplaceAll(s, "，", "")
	whole, fraction, decimal := strings.Cut(s, "点")
	if decimal {
		v, ok := wholeValue(whole)
		return plain(v + "." + digitByDigit(fraction)), ok
	}
	if len([]rune(s)) < 2 {
		return "", false
	}
	return wholeValue(s)
}

func wholeValue(s string) (string, bool) {
	if !strings.ContainsAny(s, "十百千万亿") {
		return digitByDigit(s), true
	}
	n, ok := cardinal([]rune(s))
	return strconv.Itoa(n), ok
}

func digitByDigit(s string) string {
	var b strings.Builder
	for _, r := range s {
		b.WriteByte('0' + byte(digit(r)))
	}
	return b.String()
}

func digit(r rune) int {
	for i, d := range []rune("零一二三四五六七八九") {
		if r == d {
			return i
		}
	}
	switch r {
	case '幺':
		return 1
	case '两':
		return 2
	}
	return 0
}

var scales = map[rune]int{'十': 10, '百': 100, '千': 1000, '万': 10_000, '亿': 100_000_000}

// cardinal reads 三百二十, and 一百二 as 120. ok is false for what is no number,
// such as 万一 or 千万.
func cardinal(r []rune) (n int, ok bool) {
	section, d, last := 0, 0, 1
	for i, x := range r {
		scale := scales[x]
		switch {
		case scale == 0:
			if d = digit(x); d == 0 {
				last = 1 // 一百零二
			}
			continue
		case i == 0 && x != '十':
			return 0, false
		case scale >= 10_000:
			n, section, d, last = (n+section+d)*scale, 0, 0, scale
			continue
		case d == 0:
			d = 1
		}
		section += d * scale
		d, last = 0, scale
	}
	if last >= 100 && d > 0 {
		d *= last / 10
	}
	return n + section + d, true
}
