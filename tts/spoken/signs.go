package spoken

import (
	"regexp"
	"strings"
)

// signRules read symbols that are words when they stand by numbers.
func signRules() []rule {
	between := func(word string) func([]string, context) (string, bool) {
		return func(_ []string, c context) (string, bool) {
			return word, isSpokenDigit(c.before) && (beginsDigit(strings.TrimLeft(c.after, " ")) || strings.HasPrefix(c.after, "-"))
		}
	}
	return []rule{
		on(` ?\+ ?`, between("加")),
		on(` ?- ?`, func(_ []string, c context) (string, bool) {
			return "减", isSpokenDigit(c.before) && strings.Contains(c.before+c.after, "=") && beginsDigit(c.after)
		}),
		on(`[-~]`, func(_ []string, c context) (string, bool) { // 1月2日-5日
			return "到", strings.ContainsRune("日号月年天元岁点", lastRune(c.before)) && beginsDigit(c.after)
		}),
		on(`[-~]`, func(_ []string, c context) (string, bool) { // 周一-周五
			return "到", strings.ContainsRune("一二三四五六日", lastRune(c.before)) && startsWithAny(c.after, []string{"周", "星期", "礼拜"})
		}),
		on(` ?[×*xX] ?`, func(_ []string, c context) (string, bool) { // 长30cm×宽20cm
			return "乘", endsAlnum(c.before) && startsWithAny(c.after, []string{"长", "宽", "高", "厚", "深"})
		}),
		on(`#`, func(_ []string, c context) (string, bool) { return "井号", strings.HasPrefix(c.after, "键") }),
		on(`\*`, func(_ []string, c context) (string, bool) { return "星号", strings.HasPrefix(c.after, "键") }),
		on(` ?/ ?`, func(_ []string, c context) (string, bool) {
			return "每", firstHanzi(c.after) != 0 && startsWithAny(c.after, perWhat) && amount.MatchString(c.before)
		}),
		on(` ?= ?`, between("等于")),
		on(`\+`, func(_ []string, c context) (string, bool) {
			return "加", isSpokenDigit(c.before) || endsAlnum(c.before) || strings.HasSuffix(c.before, "%")
		}),
		on(` ?& ?`, always("和")),
		on(`>= ?`, always("大于等于")),
		on(`<= ?`, always("小于等于")),
		on(`≈ ?`, always("约")),
		on(`≥ ?`, always("大于等于")),
		on(`≤ ?`, always("小于等于")),
		on(`> ?`, func(_ []string, c context) (string, bool) { return "大于", beginsDigit(c.after) }),
		on(`< ?`, func(_ []string, c context) (string, bool) { return "小于", beginsDigit(c.after) }),
		on(`± ?`, always("正负")),
		on(`[x×*] ?(\d+)`, func(m []string, c context) (string, bool) {
			return "乘" + cardinal(m[1]), !endsAlnum(c.before) && !beginsAlnum(c.after)
		}),
		on(`# ?(\d+)`, func(m []string, c context) (string, bool) { return codeDigits(m[1]) + "号", !beginsAlnum(c.after) }),
		on(`(?:No\.?|NO\.) ?(\d+)`, func(m []string, c context) (string, bool) {
			return codeDigits(m[1]) + "号", !beginsAlnum(c.after) && !endsAlnum(c.before)
		}),
		on(`#`, func(_ []string, c context) (string, bool) { return "号", endsAlnum(c.before) }),
	}
}

// perWhat are the words behind the stroke of a price or a rate: 30元/月.
var perWhat = append([]string{"月", "日", "斤", "分钟", "平"}, measures...)

// amount ends with a number and what it counts.
var amount = regexp.MustCompile(`\d ?(?:` + unitForm + `|` + strings.Join(measures, "|") + `)$|[¥$€£][0-9.,]+[万千]?$`)

func isSpokenDigit(before string) bool {
	before = strings.TrimRight(before, " ")
	return before != "" && (beginsDigit(before[len(before)-1:]) || before[len(before)-1] == ')')
}
