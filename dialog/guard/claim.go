package guard

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// reader is one rule: it reads a match and tells whether it is a claim.
type reader struct {
	pattern *regexp.Regexp
	read    func(m []string, now time.Time) (Claim, bool)
}

const spelledDigit = `零〇一二两三四五六七八九幺`

var (
	relative   = regexp.MustCompile(`大前天|前天|昨天|昨晚|今天|今晚|今早|当天|明天|明早|明晚|后天|大后天`)
	isoDate    = regexp.MustCompile(`[0-9]{4}[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})[日号]?`)
	calendar   = regexp.MustCompile(`([0-9]{1,2}|[一二三四五六七八九十]{1,2})月([0-9]{1,2}|[一二三四五六七八九十]{1,3})[日号]`)
	weekday    = regexp.MustCompile(`(?:周|星期|礼拜)([一二三四五六日天])`)
	clock      = regexp.MustCompile(`(凌晨|早上|上午|中午|下午|傍晚|晚上)?([0-9]{1,2})(?:点钟?(半)?|:([0-9]{2}))`)
	spelledDay = regexp.MustCompile(`(凌晨|早上|上午|中午|下午|傍晚|晚上)([一二两三四五六七八九十]{1,3})点钟?(半)?()`)
	phone      = regexp.MustCompile(`\b(?:\+?86[- ]?)?1[3-9][0-9][- ]?[0-9]{4}[- ]?[0-9]{4}\b|\b[48]00-?[0-9]{3,4}-?[0-9]{3,4}\b|\b0[0-9]{2,3}-[0-9]{7,8}\b`)
	// A relative day that is a figure of speech of the robot itself claims
	// nothing: 当天 is the day of something else, unless a fact says so.
	offsetDay = map[string]int{"大前天": -3, "前天": -2, "昨天": -1, "昨晚": -1, "今天": 0, "今晚": 0, "今早": 0,
		"明天": 1, "明早": 1, "明晚": 1, "后天": 2, "大后天": 3}
)

// claims lists what a sentence asserts.
func claims(sentence string, now time.Time) []Claim {
	out := figures(sentence, now)
	out = append(out, promised(sentence)...)
	out = append(out, stated(sentence)...)
	out = append(out, carried(sentence)...)
	out = append(out, placed(sentence)...)
	return append(out, quoted(sentence)...)
}

// countable characters are in every claim that figures finds.
const countable = "0123456789" + spelledDigit + "十百千万亿半对昨今明后前当周星礼"

// figures lists the numbers, times and shares in a sentence. Each rule blanks
// out what it has read, so that no part counts twice.
func figures(sentence string, now time.Time) []Claim {
	if !strings.ContainsAny(sentence, countable) {
		return nil
	}
	var out []Claim
	rest := sentence
	for _, r := range readers {
		rest = r.pattern.ReplaceAllStringFunc(rest, func(s string) string {
			c, ok := r.read(r.pattern.FindStringSubmatch(s), now)
			if !ok {
				return s
			}
			if c.Text == "" {
				c.Text = s
			}
			out = append(out, c)
			return "|"
		})
	}
	return out
}

// readers in the order in which they are tried: the more special first.
var readers = []reader{
	{phone, func(m []string, _ time.Time) (Claim, bool) {
		return Claim{Kind: Phone, value: onlyDigits(m[0])}, true
	}},
	{relative, func(m []string, now time.Time) (Claim, bool) {
		offset, ok := offsetDay[m[0]]
		if !ok {
			return Claim{Kind: Promise, value: m[0]}, true
		}
		return Claim{Kind: Date, value: now.AddDate(0, 0, offset).Format(dayForm)}, true
	}},
	{isoDate, readDate},
	{calendar, readDate},
	{weekday, func(m []string, _ time.Time) (Claim, bool) {
		day := strings.Index("日一二三四五六", strings.ReplaceAll(m[1], "天", "日")) / utf8.RuneLen('日')
		return Claim{Kind: Date, value: weekdayForm(time.Weekday(day))}, true
	}},
	{clock, readHour},
	{spelledDay, readHour},
	{ratios, readRatio},
	{coins, readCoins},
	{figure, readFigure},
	{spelled, readSpelled},
	{single, readSingle},
}

// dayForm leaves out the year: people do not say it.
const dayForm = "01-02"

// weekdayForm is the canonical form of a day of the week.
func weekdayForm(d time.Weekday) string { return "weekday " + d.String() }

func readDate(m []string, _ time.Time) (Claim, bool) {
	month, day := small(m[1]), small(m[2])
	return Claim{Kind: Date, value: fmt.Sprintf("%02d-%02d", month, day)}, true
}

func readHour(m []string, _ time.Time) (Claim, bool) {
	minutes := m[4]
	if m[3] != "" {
		minutes = "30"
	}
	return Claim{Kind: Hour, value: hourValue(m[1], small(m[2]), minutes)}, true
}

// small reads a small number in figures or characters.
func small(s string) int {
	if n, err := strconv.Atoi(s); err == nil {
		return n
	}
	n, _ := cardinal([]rune(s))
	return n
}

// hourValue is the hour of the day, on 24 hours, with minutes if they were
// said.
func hourValue(part string, h int, minutes string) string {
	if (part == "下午" || part == "傍晚" || part == "晚上") && h < 12 {
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
