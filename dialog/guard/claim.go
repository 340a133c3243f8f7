package guard

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// kind is a kind of claim.
type kind int

const (
	number  kind = iota // a quantity, an amount, a code
	date                // a day of the calendar
	hour                // an hour of the day
	promise             // a word that binds the shop
)

// claim is one thing that a sentence asserts. value is its canonical form.
type claim struct {
	kind  kind
	text  string
	value string
}

// promises are the words that bind the shop or frighten the shopper.
func promises() []string {
	return []string{"保证", "一定", "肯定", "赔偿", "赔付", "假一赔", "免费", "包赔", "立即到账", "马上到账", "秒到",
		"小时内", "分钟内", "天内", "工作日", "永久", "终身", "无条件", "全额", "最低价", "绝对", "百分之百", "包邮", "免运费"}
}

var (
	relative  = regexp.MustCompile(`大前天|前天|昨天|今天|今晚|今早|明天|明早|明晚|后天|大后天`)
	calendar  = regexp.MustCompile(`([0-9]{1,2})月([0-9]{1,2})[日号]`)
	clock     = regexp.MustCompile(`(凌晨|早上|上午|中午|下午|晚上)?([0-9]{1,2})(?:点|:([0-9]{2}))`)
	figure    = regexp.MustCompile(`[0-9]+(?:[.,][0-9]+)*`)
	spelled   = regexp.MustCompile(`[零〇一二两三四五六七八九幺十百千万]+(?:，[零〇一二三四五六七八九幺]{2,})*`)
	offsetDay = map[string]int{"大前天": -3, "前天": -2, "昨天": -1, "今天": 0, "今晚": 0, "今早": 0, "明天": 1, "明早": 1, "明晚": 1, "后天": 2, "大后天": 3}
)

// claims lists what a sentence asserts. Each rule blanks out what it has read,
// so that no part counts twice.
func claims(sentence string, now time.Time) []claim {
	var out []claim
	rest := sentence
	take := func(re *regexp.Regexp, read func(m []string) (claim, bool)) {
		rest = re.ReplaceAllStringFunc(rest, func(s string) string {
			if c, ok := read(re.FindStringSubmatch(s)); ok {
				c.text = s
				out = append(out, c)
				return "|"
			}
			return s
		})
	}
	take(relative, func(m []string) (claim, bool) {
		return claim{kind: date, value: now.AddDate(0, 0, offsetDay[m[0]]).Format(dayForm)}, true
	})
	take(calendar, func(m []string) (claim, bool) {
		month, _ := strconv.Atoi(m[1])
		day, _ := strconv.Atoi(m[2])
		return claim{kind: date, value: fmt.Sprintf("%02d-%02d", month, day)}, true
	})
	take(clock, func(m []string) (claim, bool) {
		h, _ := strconv.Atoi(m[2])
		return claim{kind: hour, value: hourValue(m[1], h, m[3])}, true
	})
	take(figure, func(m []string) (claim, bool) {
		return claim{kind: number, value: plain(m[0])}, true
	})
	take(spelled, func(m []string) (claim, bool) {
		v, ok := readSpelled(m[0])
		return claim{kind: number, value: v}, ok
	})
	for _, p := range promises() {
		if strings.Contains(sentence, p) {
			out = append(out, claim{kind: promise, text: p, value: p})
		}
	}
	return out
}

// dayForm leaves out the year: people do not say it.
const dayForm = "01-02"

// hourValue is the hour of the day, on 24 hours, with minutes if they were
// said.
func hourValue(part string, h int, minutes string) string {
	if (part == "下午" || part == "晚上") && h < 12 {
		h += 12
	}
	if part == "凌晨" && h == 12 {
		h = 0
	}
	if minutes == "" {
		return fmt.Sprintf("%02d", h)
	}
	return fmt.Sprintf("%02d:%s", h, minutes)
}

// plain removes thousands separators and needless zeros.
func plain(s string) string {
	s = strings.ReplaceAll(s, ",", "")
	if strings.Contains(s, ".") && strings.Count(s, ".") == 1 {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// readSpelled reads a number in characters. A single character is a word more
// often than a number (一下, 两边), so it is no claim.
func readSpelled(s string) (string, bool) {
	s = strings.ReplaceAll(s, "，", "")
	r := []rune(s)
	if len(r) < 2 {
		return "", false
	}
	if !strings.ContainsAny(s, "十百千万") {
		var b strings.Builder
		for _, x := range r {
			b.WriteByte('0' + byte(digit(x)))
		}
		return b.String(), true
	}
	n, ok := cardinal(r)
	return strconv.Itoa(n), ok
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

// cardinal reads 三百二十. ok is false for what is no number, such as 万一 or
// 千万.
func cardinal(r []rune) (n int, ok bool) {
	section, d := 0, 0
	for i, x := range r {
		scale := map[rune]int{'十': 10, '百': 100, '千': 1000, '万': 10000}[x]
		switch {
		case scale == 0:
			d = digit(x)
			continue
		case i == 0 && x != '十':
			return 0, false
		case scale == 10000:
			n, section, d = (n+section+d)*scale, 0, 0
			continue
		case d == 0:
			d = 1
		}
		section += d * scale
		d = 0
	}
	return n + section + d, true
}
