package spoken

import "strings"

func moneyRules() []rule {
	const sign = `(RMB|CNY|US\$|HK\$|USD|[¥$€£])`
	const scale = `([万千百亿])?`
	return []rule{
		on(sign+` ?`+num+scale+join+`(?:RMB|US\$|HK\$|[¥$€£])?`+num+scale+`[元块]?`, func(m []string, _ context) (string, bool) {
			return sum(m[2]) + m[3] + "到" + sum(m[4]) + m[5] + currencies[m[1]], true
		}),
		on(sign+` ?(-?)`+num+scale+`[元块]?`, func(m []string, _ context) (string, bool) {
			return minus(m[2], "") + sum(m[3]) + m[4] + currencies[m[1]], true
		}),
		on(num+` ?(RMB|CNY|USD|HKD)\b`, func(m []string, c context) (string, bool) {
			return sum(m[1]) + currencies[m[2]], !endsAlnum(c.before)
		}),
		on(num+`([元块])`, func(m []string, _ context) (string, bool) { return sum(m[1]) + m[2], true }),
	}
}

// sum reads an amount of money without the zeros that nobody says: 12.50 is
// 十二点五, 12.00 is 十二, 2 is 两.
func sum(written string) string {
	if strings.Contains(written, ".") {
		written = strings.TrimSuffix(strings.TrimRight(written, "0"), ".")
	}
	return counted(written, "元")
}

func quantityRules() []rule {
	const times = ` ?[x×X*] ?`
	return []rule{
		on(num+`(%|‰)?`+join+num+`(%|‰)`, percentRange),
		on(`([+-]?`+num+`)(%|‰)`, func(m []string, c context) (string, bool) {
			return perCent(m[3]) + number(signed(m[1], c)), true
		}),
		on(num+`(`+unitForm+`)?`+times+num+`(`+unitForm+`)?`+`(?:`+times+num+`(`+unitForm+`)?)?`, dimensions),
		on(`(\d+)/(\d+)`, fraction),
		on(`(-?)`+num+`?(`+unitForm+`)?`+join+`(-?)`+num+`(`+unitForm+`)`, unitRange),
		on(num+`([万千百亿])?`+join+num, plainRange),
		on(`-`+num+`(度|元)`, belowZero),
		on(`([+-]?)`+num+`(万|千)?(`+unitForm+`| (?:`+longUnitForm+`))`, withUnit),
		on(`(\d)\.(\d)折`, func(m []string, _ context) (string, bool) { return oneByOne(m[1]+m[2]) + "折", true }),
		on(`(\d)(\d)折`, func(m []string, c context) (string, bool) { return oneByOne(m[1]+m[2]) + "折", !endsAlnum(c.before) }),
		on(`([+-]?`+num+`)`, plainNumber),
		on(`\.(\d+)`, func(m []string, c context) (string, bool) {
			return "零点" + oneByOne(m[1]), !endsAlnum(c.before) && lastRune(c.before) != '.'
		}),
	}
}

func perCent(sign string) string {
	if sign == "‰" {
		return "千分之"
	}
	return "百分之"
}

func percentRange(m []string, c context) (string, bool) {
	return perCent(m[4]) + number(m[1]) + "到" + perCent(m[4]) + number(m[3]), !endsAlnum(c.before)
}

// signed drops a hyphen or plus that belongs to what stands before it.
func signed(written string, c context) string {
	if strings.TrimLeft(written, "+-") != written && (endsAlnum(c.before) || firstHanzi(string(lastRune(c.before))) != 0 && written[0] == '-') {
		return written[1:]
	}
	return written
}

func dimensions(m []string, c context) (string, bool) {
	if beginsDigit(c.after) || endsAlnum(c.before) {
		return "", false
	}
	said := number(m[1]) + unitNames[m[2]] + "乘" + counted(m[3], unitNames[m[4]]+c.after) + unitNames[m[4]]
	if m[5] != "" {
		said += "乘" + counted(m[5], unitNames[m[6]]+c.after) + unitNames[m[6]]
	}
	return said, true
}

// fraction reads 3/4 as 四分之三. When the upper number is not the smaller one
// it is no fraction but a pair.
func fraction(m []string, c context) (string, bool) {
	if endsAlnum(c.before) || beginsAlnum(c.after) || strings.HasPrefix(c.after, "/") {
		return "", false
	}
	if len(m[1]) > len(m[2]) || len(m[1]) == len(m[2]) && m[1] >= m[2] || m[1][0] == '0' {
		return cardinal(m[1]) + string(Group) + cardinal(m[2]), true
	}
	return cardinal(m[2]) + "分之" + cardinal(m[1]), true
}

func unitRange(m []string, c context) (string, bool) {
	if m[2] == "" || endsAlnum(c.before) || beginsLetter(c.after) {
		return "", false
	}
	name := unitNames[m[6]]
	if electric(m[3]) != electric(m[6]) || m[3] != "" && electric(m[3]) && m[3] != m[6] { // 220V~50Hz is no range
		return number(m[2]) + unitNames[m[3]] + string(Group) + counted(m[5], name) + name, m[3] != ""
	}
	first := number(m[2])
	if m[3] != "" && m[3] != m[6] {
		first += unitNames[m[3]]
	}
	return minus(m[1], m[6]) + first + "到" + minus(m[4], m[6]) + counted(m[5], name) + name, true
}

func electric(unit string) bool {
	switch unit {
	case "V", "A", "W", "kW", "KW", "mA", "mAh", "mah", "Hz", "kHz":
		return true
	}
	return false
}

// minus names a negative sign: temperatures are 零下.
func minus(sign, unit string) string {
	switch {
	case sign != "-":
		return ""
	case strings.HasPrefix(unit, "°"):
		return "零下"
	}
	return "负"
}

// plainRange reads 3-5天. Numbers that fall are a subtraction or a code.
func plainRange(m []string, c context) (string, bool) {
	if endsAlnum(c.before) || beginsLetter(c.after) || strings.HasPrefix(strings.TrimLeft(c.after, " "), "=") {
		return "", false
	}
	low, high := strings.TrimLeft(m[1], "0"), strings.TrimLeft(m[3], "0")
	if m[2] == "" && (len(wholePart(low)) > len(wholePart(high)) || len(wholePart(low)) == len(wholePart(high)) && low >= high) {
		if lastRune(c.before) == '满' { // 满200-30
			return number(m[1]) + "减" + number(m[3]), true
		}
		return number(m[1]) + string(Group) + number(m[3]), true
	}
	if lastRune(c.before) == '第' {
		return number(m[1]) + m[2] + "到" + number(m[3]), true
	}
	return counted(m[1], m[2]+c.after) + m[2] + "到" + counted(m[3], c.after), true
}

func wholePart(written string) string {
	whole, _, _ := strings.Cut(written, ".")
	return whole
}

// belowZero reads -3度 and, where money can be negative, -3元. Elsewhere a
// hyphen behind a word is no sign.
func belowZero(m []string, c context) (string, bool) {
	switch {
	case endsAlnum(c.before):
		return "", false
	case m[2] == "度":
		return "零下" + number(m[1]) + m[2], true
	}
	return "负" + sum(m[1]) + m[2], endsWithAny(strings.TrimRight(c.before, " :为是"), []string{"余额", "金额", "账户", "收益"})
}

func withUnit(m []string, c context) (string, bool) {
	if beginsAlnum(c.after) || endsAlnum(c.before) && m[1] == "" {
		return "", false
	}
	unit := strings.TrimLeft(m[4], " ")
	name := unitNames[unit]
	if unit == "W" && strings.HasPrefix(c.after, "+") {
		name = "万"
	}
	sign := minus(m[1], unit)
	if endsAlnum(c.before) {
		sign = ""
	}
	return sign + measured(m[2], m[3], unit) + m[3] + name, true
}

// measured reads the number before a unit, where 2 is 两 unless the unit
// grades instead of measuring: 2K, 2度.
func measured(written, scale, unit string) string {
	if written == "2" && scale == "" && unit != "K" && unit != "P" && !strings.HasPrefix(unit, "°") {
		return "两"
	}
	return counted(written, scale)
}

func plainNumber(m []string, c context) (string, bool) {
	written := signed(m[1], c)
	if lastRune(c.before) == '第' || endsAlnum(c.before) {
		return number(written), true
	}
	return counted(written, c.after), true
}
