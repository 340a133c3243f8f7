package spoken

import (
	"regexp"
	"strings"
)

func codeRules() []rule {
	return []rule{
		on(`(?:\+?86[- ]?)?(1[3-9]\d)[- ]?(\d{4})[- ]?(\d{4})`, mobile),
		on(`(1[3-9]\d)(\*{3,8})(\d{3,4})`, masked),
		on(`\+86[- ]?(\d{2,3})[- ](\d{3,4})[- ]?(\d{4})`, func(m []string, c context) (string, bool) {
			m[1] = "0" + m[1]
			return landline(m, c)
		}),
		on(`\((0\d{2,3})\) ?(\d{3,4})[- ]?(\d{3,5})`, landline),
		on(`(0\d{2,3}|[48]00)[- ](\d{3,4})[- ]?(\d{3,5})`, landline),
		on(`(\d{2,8})(\*{2,12})(\d{2,8})`, masked),
		on(`(\d{3})/(\d{2,3})(?:([A-Z])\b)?`, bodySize),
		on(`(\d+)((?:-\d+){2,})`, chain),
		on(`(\d{1,3})-(\d{3,4})(室|房|号)`, room),
		on(`(\d{3,4})(室|房)`, roomNumber),
		on(`(\d{4,5})(号|弄)`, houseNumber),
		on(`(480|720|1080|1440|2160)[Pp]\b`, func(m []string, c context) (string, bool) {
			return oneByOne(m[1]) + " 批 ", !endsAlnum(c.before)
		}),
		on(`(\d+(?:\.\d+)?)V ?[-/]? ?(\d+(?:\.\d+)?)A\b`, func(m []string, _ context) (string, bool) { // a charger
			return number(m[1]) + "伏" + number(m[2]) + "安", true
		}),
		on(`([2-9]?X{0,5}[SL]|M) ?[-~] ?([2-9]?X{0,5}[SL]|M)\b`, sizeRange),
		on(`3M`, func(_ []string, c context) (string, bool) { // the brand, not megabytes
			return "三 艾姆 ", !endsAlnum(c.before) && startsWithAny(c.after, []string{"胶", "口罩", "净水", "贴", "挂钩", "耳塞", "滤"})
		}),
		on(`\d+(?:[- ]\d{3,})*`, identifier),
		on(`\d{3,6}`, hotline),
		on(`(\d+)((?:\.\d+){2,})`, version),
		on(`([A-Za-z]{1,5})-?(\d+(?:\.\d+)+)`, versioned),
		on(`([A-Z]{2,5}) (\d{3,4})\b`, func(m []string, c context) (string, bool) { // RTX 4090
			return sayWord(m[1]) + " " + codeDigits(m[2]), !c.isQuantity() && !endsAlnum(c.before) && !moreDigits.MatchString(c.after)
		}),
		on(`([A-Za-z]{1,5})-?(\d+)((?:-?[A-Za-z0-9]+)*)`, productCode),
		on(`(\d+)([A-Z]{1,3})\b`, sizeLetters),
	}
}

func mobile(m []string, c context) (string, bool) {
	if beginsAlnum(c.after) || endsAlnum(c.before) || c.isQuantity() {
		return "", false
	}
	return telephone(m[1] + m[2] + m[3]), true
}

// masked reads 138****5678 with the hidden part named.
func masked(m []string, c context) (string, bool) {
	if beginsDigit(c.after) {
		return "", false
	}
	read := oneByOne
	if strings.HasPrefix(m[1], "1") && len(m[1]) == 3 {
		read = telephone
	}
	return read(m[1]) + "、星号、" + read(m[3]), true
}

func landline(m []string, c context) (string, bool) {
	if beginsAlnum(c.after) || endsAlnum(c.before) {
		return "", false
	}
	return telephone(m[1]) + string(Group) + telephone(m[2]+m[3]), true
}

// bodySize reads the height and girth on a label, 175/96A.
func bodySize(m []string, c context) (string, bool) {
	if beginsAlnum(c.after) || m[1][0] != '1' {
		return "", false
	}
	return oneByOne(m[1]) + string(Group) + oneByOne(m[2]) + " " + spell(m[3]), true
}

// chain reads numbers joined by hyphens, as on parcel lockers: 3-5-2041.
func chain(m []string, c context) (string, bool) {
	if beginsAlnum(c.after) || longParts.MatchString(m[0]) && label.MatchString(c.before) {
		return "", false
	}
	parts := append([]string{m[1]}, strings.Split(m[2][1:], "-")...)
	for i, p := range parts {
		parts[i] = strings.ReplaceAll(oneByOne(p), "一", "幺")
	}
	return strings.Join(parts, "杠"), true
}

// moreDigits follow the first group of a number in groups.
var moreDigits = regexp.MustCompile(`^[- ]\d{3}`)

// longParts are the groups of one long number.
var longParts = regexp.MustCompile(`^\d{3,}(?:-\d{3,})+$`)

func room(m []string, _ context) (string, bool) {
	return cardinal(m[1]) + "杠" + strings.ReplaceAll(oneByOne(m[2]), "一", "幺") + m[3], true
}

// roomNumber reads 402室 digit by digit, unless rooms are counted.
func roomNumber(m []string, c context) (string, bool) {
	return strings.ReplaceAll(oneByOne(m[1]), "一", "幺") + m[2], !endsAlnum(c.before) && !strings.ContainsRune("共有约", lastRune(c.before))
}

// houseNumber reads long house numbers digit by digit: 中山北路1288号.
func houseNumber(m []string, c context) (string, bool) {
	return strings.ReplaceAll(oneByOne(m[1]), "一", "幺") + m[2], endsWithAny(c.before, []string{"路", "街", "大道", "巷", "村"})
}

// label is a word that announces an identifier, up to where its digits begin.
var label = regexp.MustCompile(`(?:[号码]|编号|尾数|后[二三四五六]位|末[二三四五六]位|邮编|代码|编码|密码|订单|运单|快递|包裹|手机|电话|账户|QQ|ID|id|No\.?|条码|微信|QQ群)(?:尾号)?(?:号|码)?[ 为是:#,，(]{0,4}(?:[A-Z]{1,4} )?$`)

// phoneLabel announces a number that is dialled.
var phoneLabel = regexp.MustCompile(`(?:电话|手机|热线|拨打?|致电|打给?|分机|座机|联系|(?:^|[0-9请拨后,，])转)(?:号码?)?[ 为是:,，(]{0,4}$`)

// identifier reads numbers that name something digit by digit: after a word
// such as 订单号, with a leading zero, or too long to be a quantity.
func identifier(m []string, c context) (string, bool) {
	digits := strings.NewReplacer("-", "", " ", "").Replace(m[0])
	labelled := len(digits) >= 3 && label.MatchString(c.before)
	named := labelled || len(digits) >= 8 || digits[0] == '0' && len(digits) > 1
	if !named || beginsAlnum(c.after) || endsAlnum(c.before) || c.isQuantity() || digits != m[0] && !labelled {
		return "", false
	}
	if phoneLabel.MatchString(c.before) {
		return telephone(digits), true
	}
	return grouped(digits), true
}

// hotlines are short numbers that everyone reads digit by digit.
var hotlines = strings.Fields("110 114 119 120 122 10000 10010 10086 10099 11183 11185 12306 12315 12345 12388 96110")

func hotline(m []string, c context) (string, bool) {
	known := len(m[0]) == 5 && strings.HasPrefix(m[0], "95")
	for _, h := range hotlines {
		known = known || h == m[0]
	}
	if beginsAlnum(c.after) || endsAlnum(c.before) || startsWithAny(c.after, []string{".", ",", "/"}) && len(c.after) > 1 && beginsDigit(c.after[1:]) {
		return "", false
	}
	if phoneLabel.MatchString(c.before) && !c.isQuantity() || known && !c.isQuantity() && firstHanzi(c.after) == 0 {
		return telephone(m[0]), true
	}
	if (m[0] == "618" || m[0] == "1688" || m[0] == "12306") && (!c.isQuantity() || strings.HasPrefix(c.after, "批发")) {
		return oneByOne(m[0]), true
	}
	return "", false
}

func version(m []string, _ context) (string, bool) {
	parts := append([]string{m[1]}, strings.Split(m[2][1:], ".")...)
	for i, p := range parts {
		parts[i] = cardinal(p)
	}
	return strings.Join(parts, "点"), true
}

// productCode spells letters and reads digits one by one; up to two digits and
// round hundreds are read as a number: A4, X100, WG-2048B.
func productCode(m []string, c context) (string, bool) {
	if endsAlnum(c.before) || m[1] == "x" && m[3] == "" {
		return "", false // 杯子x2 is a count
	}
	if said, ok := englishWords()[strings.ToLower(m[0])]; ok { // N95
		return said, true
	}
	letters := spell(m[1])
	if w, ok := englishWords()[strings.ToLower(m[1])]; ok && len(m[1]) > 1 {
		letters = w
	}
	return letters + " " + codeDigits(m[2]) + codeTail(m[3]), true
}

// versioned reads USB3.0 and v1.2.3.
func versioned(m []string, c context) (string, bool) {
	if endsAlnum(c.before) || beginsAlnum(c.after) {
		return "", false
	}
	said := number(m[2])
	if strings.Count(m[2], ".") > 1 {
		parts := strings.Split(m[2], ".")
		for i, p := range parts {
			parts[i] = cardinal(p)
		}
		said = strings.Join(parts, "点")
	}
	return sayWord(m[1]) + " " + said, true
}

// sizeRange reads S-XL.
func sizeRange(m []string, c context) (string, bool) {
	return sayWord(m[1]) + " 到 " + sayWord(m[2]), !endsAlnum(c.before)
}

func codeDigits(d string) string {
	if len(d) <= 2 && d[0] != '0' || len(d) == 3 && strings.HasSuffix(d, "00") && d[0] != '0' {
		return cardinal(d)
	}
	return grouped(d)
}

var codeParts = regexp.MustCompile(`[A-Za-z]+|\d+|-`)

// codeTail reads what follows the first letters and digits of a code.
func codeTail(tail string) string {
	var b strings.Builder
	for _, part := range codeParts.FindAllString(tail, -1) {
		switch {
		case part == "-":
			b.WriteRune(Group)
		case beginsDigit(part):
			b.WriteString(codeDigits(part))
		default:
			b.WriteString(" " + sayWord(part) + " ")
		}
	}
	return b.String()
}

// sizeLetters reads 2XL and 3C, where no unit is meant.
func sizeLetters(m []string, c context) (string, bool) {
	if endsAlnum(c.before) || beginsAlnum(c.after) {
		return "", false
	}
	_, unit := unitNames[m[2]]
	if _, money := currencies[m[2]]; unit || money {
		return "", false
	}
	return cardinal(m[1]) + " " + spell(m[2]), true
}

// isQuantity says that what follows counts or measures, so the digits before
// it are an amount.
func (c context) isQuantity() bool {
	return startsWithAny(strings.TrimLeft(c.after, " "), measures) || startsWithAny(c.after, []string{"%", "年", "月", "日", "度", "岁"})
}
