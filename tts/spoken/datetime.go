package spoken

import (
	"strconv"
	"strings"
)

func dateRules() []rule {
	return []rule{
		on(`(\d{4})([-/.])(\d{1,2})([-/.])(\d{1,2})[日号]?`, fullDate),
		on(`((?:19|20)\d{2})年?`+join+`((?:19|20)\d{2})(年度?)`, func(m []string, c context) (string, bool) {
			return oneByOne(m[1]) + "到" + oneByOne(m[2]) + m[3], !endsAlnum(c.before)
		}),
		on(`(\d{4}|\d{2})(年度?)(\d{1,2}月)?`, yearOnly),
		on(`((?:19|20)\d{2})([-/])(\d{1,2})月?`, yearMonth),
		on(`(\d{1,2})/(\d{1,2})[日号]?`, monthDay),
		on(`(\d{1,2})\.(\d{1,2})`, saleDay),
		on(`(\d0)后`, func(m []string, c context) (string, bool) {
			return oneByOne(m[1]) + "后", firstHanzi(c.after) != '天' && !endsAlnum(c.before)
		}),
	}
}

// Words that tell a date from a fraction, on either side of 11/22.
var (
	beforeDate = strings.Fields("预计 于 在 到 截至 截止 自 从 至 日期 日期: 今天 明天 后天")
	afterDate  = strings.Fields("前 之前 送达 到达 到货 发货 发出 起 当天 截止")
)

func monthDay(m []string, c context) (string, bool) {
	dated := endsWithAny(strings.TrimRight(c.before, " "), beforeDate) || startsWithAny(strings.TrimLeft(c.after, " "), afterDate) ||
		strings.HasSuffix(m[0], "日") || strings.HasSuffix(m[0], "号")
	if !dated || !validDay(m[1], m[2]) || beginsAlnum(c.after) || strings.HasPrefix(c.after, "/") || endsAlnum(c.before) {
		return "", false
	}
	return cardinal(m[1]) + "月" + cardinal(m[2]) + "日", true
}

// saleDay reads the days that sales are named after: 11.11大促, 6.18活动.
func saleDay(m []string, c context) (string, bool) {
	if endsAlnum(c.before) || !validDay(m[1], m[2]) || !startsWithAny(c.after, []string{"大促", "活动", "购物节", "狂欢", "返场", "特卖", "预售"}) {
		return "", false
	}
	if m[1] == m[2] && len(m[1]) == 2 {
		return "双" + cardinal(m[1]), true
	}
	return oneByOne(m[1] + m[2]), true
}

func fullDate(m []string, c context) (string, bool) {
	if m[2] != m[4] || !validDay(m[3], m[5]) || beginsDigit(c.after) || endsAlnum(c.before) {
		return "", false
	}
	return oneByOne(m[1]) + "年" + cardinal(m[3]) + "月" + cardinal(m[5]) + "日", true
}

// yearOnly reads 2026年 digit by digit, and 26年 only when a month follows:
// otherwise it may be a length of time.
func yearOnly(m []string, c context) (string, bool) {
	if endsAlnum(c.before) || len(m[1]) == 2 && m[3] == "" || m[1][0] == '0' && len(m[1]) == 4 {
		return "", false
	}
	said := oneByOne(m[1]) + m[2]
	if m[3] != "" {
		said += cardinal(m[3][:len(m[3])-len("月")]) + "月"
	}
	return said, true
}

func yearMonth(m []string, c context) (string, bool) {
	if !validDay(m[3], "1") || beginsDigit(c.after) || startsWithAny(c.after, []string{m[2], "年", "元"}) || endsAlnum(c.before) {
		return "", false
	}
	return oneByOne(m[1]) + "年" + cardinal(m[3]) + "月", true
}

func validDay(month, day string) bool {
	mo, _ := strconv.Atoi(month)
	d, _ := strconv.Atoi(day)
	return mo >= 1 && mo <= 12 && d >= 1 && d <= 31
}

func timeRules() []rule {
	return []rule{
		on(`(\d{1,2})(?::(\d{2}))? ?([AaPp])[Mm]\b`, twelveHours),
		on(`(\d{1,2}):(\d{2})(?::(\d{2}))?(?:(`+join+`)(\d{1,2}):(\d{2}))?`, clock),
		on(`(\d+):(\d+)`, func(m []string, c context) (string, bool) { // a score, a ratio
			return cardinal(m[1]) + "比" + cardinal(m[2]), !beginsDigit(c.after)
		}),
	}
}

// twelveHours reads 8:30am and 3 PM.
func twelveHours(m []string, c context) (string, bool) {
	if endsAlnum(c.before) || !validTime(m[1], m[2]) || len(m[1]) == 2 && m[1] > "12" {
		return "", false
	}
	half := "上午"
	if m[3] == "p" || m[3] == "P" {
		half = "下午"
	}
	if m[2] == "" {
		m[2] = "00"
	}
	return half + clockTime(m[1], m[2], ""), true
}

// ratioAhead tells 1:10 from ten past one.
var ratioAhead = strings.Fields("比例 比分 配比 比 稀释 兑水")

func clock(m []string, c context) (string, bool) {
	if endsWithAny(strings.TrimRight(c.before, " :是为"), ratioAhead) && m[3] == "" && m[5] == "" {
		return "", false
	}
	if beginsDigit(c.after) || endsAlnum(c.before) || !validTime(m[1], m[2]) || m[5] != "" && !validTime(m[5], m[6]) {
		return "", false
	}
	said := clockTime(m[1], m[2], m[3])
	if m[5] != "" {
		said += "到" + clockTime(m[5], m[6], "")
	}
	return said, true
}

func validTime(hour, minute string) bool {
	h, _ := strconv.Atoi(hour)
	m, _ := strconv.Atoi(minute)
	return h <= 24 && m <= 59
}

// clockTime reads 14:30 as 十四点三十分, 14:05 as 十四点零五分, 14:00 as 十四点.
func clockTime(hour, minute, second string) string {
	said := hours(hour) + "点"
	if minute != "00" || second != "" {
		said += padded(minute) + "分"
	}
	if second != "" {
		said += padded(second) + "秒"
	}
	return said
}

func hours(h string) string {
	if n, _ := strconv.Atoi(h); n == 2 {
		return "两"
	}
	return cardinal(h)
}

func padded(two string) string {
	if two[0] == '0' && two[1] != '0' {
		return "零" + cardinal(two)
	}
	return cardinal(two)
}
