package nlu

import (
	"regexp"
	"strconv"
	"strings"
)

// rule finds one kind of entity; value turns the groups of a match into a
// value, "" for none. Rules are tried in order and consume what they find.
type rule struct {
	kind  Kind
	re    *regexp.Regexp
	value func(m []string) string
}

func first(m []string) string { return strings.ToUpper(m[1]) }

// rules returns the table; the order matters: a phone number is no order
// number, an order number is no tail.
func rules() []rule {
	return append(numberRules(), append(bodyRules(), countRules()...)...)
}

func numberRules() []rule {
	return []rule{
		{TaxID, regexp.MustCompile(`税号[是为：: ]*([0-9a-z]{15,20})`), first},
		{Phone, regexp.MustCompile(`(?:^|[^0-9a-z])(?:\+?86)?(1[3-9][0-9]{9})(?:[^0-9]|$)`), first},
		{Number, regexp.MustCompile(`(?:^|[^0-9a-z])([a-z]{0,4}[0-9]{8,24})(?:[^0-9]|$)`), first},
		{Day, regexp.MustCompile(`(?:^|[^0-9])((?:20[0-9]{2}[-/.年])?[0-9]{1,2}[-/月][0-9]{1,2})(?:[日号]|$|[^0-9/a-z斤])`), monthDay},
		{Day, regexp.MustCompile(`(大后天|大前天|今天|今日|今晚|明天|明日|明早|明晚|明儿|后天|昨天|昨日|昨晚|昨儿|前天)`), nearDay},
		{Day, regexp.MustCompile(`((?:下个?|这个?|本|上个?)?(?:星期|周|礼拜)(?:[一二三四五六日天末]))`), weekday},
		{Day, regexp.MustCompile(`(?:^|[^0-9第])([0-9]{1,2}|[一二三四五六七八九十])号(?:[^0-9楼栋院机店]|$)`), dayOfMonth},
		{Clock, regexp.MustCompile(`((?:凌晨|早上|上午|中午|下午|傍晚|晚上|夜里)?(?:[0-9]{1,2}|[一二两三四五六七八九十])(?:点半|点[0-9]{1,2}分?|点钟?|:[0-9]{2}))`), clock},
	}
}

func bodyRules() []rule {
	return []rule{
		{Height, regexp.MustCompile(`(?:身高)?([12])米([0-9])([0-9])?`), func(m []string) string {
			if m[3] == "" {
				m[3] = "0"
			}
			return m[1] + m[2] + m[3]
		}},
		{Height, regexp.MustCompile(`([12])\.([0-9])([0-9])?(?:米|m(?:[^a-z]|$))`), func(m []string) string {
			if m[3] == "" {
				m[3] = "0"
			}
			return m[1] + m[2] + m[3]
		}},
		{Height, regexp.MustCompile(`身高[是有]?(1[3-9][0-9]|20[0-9])`), first},
		{Height, regexp.MustCompile(`(?:^|[^0-9])(1[4-9][0-9]|20[0-9])[/ 、，]+[0-9]{2,3}(?:斤|公斤|kg|$|[^0-9元块个件])`), first},
		{Height, regexp.MustCompile(`(?:身高|高)?(1[3-9][0-9]|20[0-9])(?:cm|厘米|公分|的身高|身高|，|高|左右|$)`), first},
		{Weight, regexp.MustCompile(`(?:体重|重)?([0-9]{2,3})(斤|公斤|kg|千克)`), weight},
		{Weight, regexp.MustCompile(`体重([0-9]{2,3})()`), weight},
		{Weight, regexp.MustCompile(`\|[/ 、]([0-9]{2,3})()(?:[^0-9元块个件]|$)`), weight},
		{SizeOf, regexp.MustCompile(`(?:^|[^0-9a-z])(x{0,3}[sl]|m|[2-4]xl)(?:[^a-z]|$)`), first},
		{SizeOf, regexp.MustCompile(`((?:3[4-9]|4[0-8])(?:\.5)?)码`), first},
	}
}

func countRules() []rule {
	return []rule{
		{Amount, regexp.MustCompile(`([0-9]+(?:\.[0-9]{1,2})?)(?:元|块钱|块(?:[^0-9]|$))`), first},
		{Amount, regexp.MustCompile(`([0-9]+块[0-9])`), func(m []string) string { return strings.Replace(m[1], "块", ".", 1) }},
		{Amount, regexp.MustCompile(`[¥￥]([0-9]+(?:\.[0-9]{1,2})?)`), first},
		{Amount, regexp.MustCompile(`(?:预算|价格|大概|不超过)[是在]?([0-9]{2,6})(?:[^0-9]|$)`), first},
		{Amount, regexp.MustCompile(`(?:^|[^0-9])([0-9]{2,6})(?:以内|以下|左右的|上下)`), first},
		{Tail, regexp.MustCompile(`(?:^|[^0-9.])([0-9]{4,7})(?:[^0-9.]|$)`), first},
		{Count, regexp.MustCompile(`(?:^|[^第0-9.])([0-9]{1,4}|[一二两三四五六七八九十])(?:件|双|条|盒|瓶|罐|套|包|袋|箱|份|台|把|支|块毛|本|顶|副|张票)`), count},
		{Count, regexp.MustCompile(`(?:买|要|拍|拿|订|来|加|换|改成|数量)(?:了|成|到|是)?([0-9]{1,4}|[一二两三四五六七八九十])个`), count},
		{Ordinal, regexp.MustCompile(`第?([一二三四五1-5])个`), ordinal},
		{Ordinal, regexp.MustCompile(`第([一二三四五1-5])(?:款|件|双|单|条|种)`), ordinal},
		{Ordinal, regexp.MustCompile(`最(后|近|新)`), func(m []string) string {
			if m[1] == "后" {
				return "-1"
			}
			return "1"
		}},
	}
}

func weight(m []string) string {
	n, err := strconv.Atoi(m[1])
	if err != nil {
		return ""
	}
	if m[2] == "斤" || m[2] == "" && n >= 90 { // people count their weight in half kilos
		n = (n + 1) / 2
	}
	return strconv.Itoa(n)
}

func ordinal(m []string) string {
	if d, ok := digitOf([]rune(m[1])[0]); ok {
		return string(d)
	}
	return ""
}

// count reads 1 to 9999, in digits or as one Chinese numeral.
func count(m []string) string {
	if n := small(m[1]); n > 0 {
		return strconv.Itoa(n)
	}
	return ""
}

// small reads digits or a Chinese numeral up to ten; 0 for none.
func small(s string) int {
	if n, err := strconv.Atoi(s); err == nil {
		return n
	}
	if s == "十" {
		return 10
	}
	if r := []rune(s); len(r) == 1 {
		if d, ok := digitOf(r[0]); ok {
			return int(d - '0')
		}
	}
	return 0
}
