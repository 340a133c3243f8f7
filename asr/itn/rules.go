package itn

import "strings"

// number rewrites whatever begins with a figure at the present position.
func (s *scanner) number() bool {
	n, ok := s.cardinal(s.at)
	if !ok {
		return false
	}
	if s.has(s.at, "零") && (s.has(n.end, "年") || s.after(s.at, numberAhead)) { // 零五年, 编号零五
		n = s.leadingZero(n)
	}
	if n.pair || s.after(s.at, []string{"几", "数"}) || s.holiday(n) { // 二三十个, 几十个: a guess, not a number
		s.copy(n.end - s.at)
		return true
	}
	for _, rule := range []func(numeral) bool{s.locker, s.spelledOut, s.length, s.money, s.discount, s.clock, s.date, s.pointed, s.ranged, s.counted, s.bare, s.named} {
		if rule(n) {
			return true
		}
	}
	s.copy(n.end - s.at)
	return true
}

// leadingZero reads a short code that begins with a zero digit by digit.
func (s *scanner) leadingZero(n numeral) numeral {
	end := s.at
	for end < len(s.in) && isDigit(s.in[end]) {
		end++
	}
	if end == n.end && end-s.at > 1 {
		return s.digitRun(s.at, end)
	}
	return n
}

// holiday says that 十一 is the holiday of October.
func (s *scanner) holiday(n numeral) bool {
	_, off := s.hasAny(n.end, holidayAfter)
	return off && !s.after(s.at, []string{"第"}) && string(s.in[s.at:n.end]) == "十一"
}

// spelledOut writes telephone, order and year numbers that are read digit by
// digit; two digits are written only where a number must stand.
func (s *scanner) spelledOut(n numeral) bool {
	if n.digits == "" || s.has(n.end, "点") || s.has(n.end, "折") {
		return false
	}
	said := string(s.in[s.at:n.end])
	if strings.Contains(said, "两") {
		return false
	}
	if len(n.digits) >= 3 || strings.Contains(said, "幺") || s.after(s.at, numberAhead) {
		s.put(n.digits, n.end-s.at)
		return true
	}
	return false
}

// locker writes 三杠五杠二零四一, the code of a parcel locker.
func (s *scanner) locker(n numeral) bool {
	text, end := n.text(), n.end
	for s.has(end, "杠") {
		next, ok := s.cardinal(end + 1)
		if !ok || next.pair {
			break
		}
		text, end = text+"-"+next.text(), next.end
	}
	if end == n.end {
		return false
	}
	s.put(text, end-s.at)
	return true
}

// length writes 一米七五 as 1.75米 and 二尺一 as 2尺1.
func (s *scanner) length(n numeral) bool {
	unit, ok := s.hasAny(n.end, []string{"米", "斤", "尺"})
	if !ok || n.digits != "" {
		return false
	}
	rest := n.end + 1
	end := rest
	for end < len(s.in) && isDigit(s.in[end]) && end < rest+2 {
		end++
	}
	if unit == "斤" || end == rest || (end < len(s.in) && (unitOf(s.in[end]) > 0 || isDigit(s.in[end]))) || s.in[rest] == '两' {
		return false
	}
	after := s.digitRun(rest, end).digits
	if unit == "尺" {
		s.put(n.text()+unit+after, end-s.at)
	} else {
		s.put(n.text()+"."+after+unit, end-s.at)
	}
	return true
}

// clock writes 三点半, 八点十五分, 下午一点.
func (s *scanner) clock(n numeral) bool {
	_, points := s.hasAny(n.end+1, pointsAfter)
	if !s.has(n.end, "点") || n.digits != "" || n.value > 24 || points || n.value == 0 && !s.after(s.at, clockBefore) {
		return false
	}
	minute, hasMinute := s.cardinal(n.end + 1)
	hasMinute = hasMinute && !minute.pair && minute.value < 60 && (minute.units || s.has(n.end+1, "零"))
	if hasMinute && s.isDecimalUnit(minute.end) && !s.has(minute.end, "分") {
		return false
	}
	_, follows := s.hasAny(n.end+1, clockAfter)
	isTime := hasMinute || follows || s.after(s.at, clockBefore) ||
		(n.value > 1 && !s.decimalAt(n.end) && !s.after(s.at, notClock))
	if !isTime {
		return false
	}
	s.put(n.text()+"点", n.end+1-s.at)
	if hasMinute {
		text := minute.text()
		if s.has(s.at, "零") && len(text) == 1 {
			text = "0" + text
		}
		s.put(text, minute.end-s.at)
	}
	return true
}

// decimalAt reports whether 点 at position i is a decimal point: digits follow.
func (s *scanner) decimalAt(i int) bool {
	return i+1 < len(s.in) && isDigit(s.in[i+1])
}

// date writes 二零二六年, 十一月二十号, 五号.
func (s *scanner) date(n numeral) bool {
	limit := int64(0)
	switch {
	case s.has(n.end, "年") && len(n.digits) == 2 && s.at+2 == n.end: // 二六年
		s.put(n.digits+"年", n.end+1-s.at)
		return true
	case s.has(n.end, "月") && !s.has(n.end, "月饼"):
		limit = 12
	case s.has(n.end, "号"), s.has(n.end, "日") && s.after(s.at, []string{"月"}):
		limit = 9999
	}
	if n.digits != "" || n.value < 1 || n.value > limit || n.value == 1 && s.after(s.at, sizing) {
		return false
	}
	month := s.has(n.end, "月")
	s.put(n.text(), n.end-s.at)
	s.copy(1)
	if day, end := s.oneDigit(s.at); month && day != "" && end == len(s.in) { // 九月九
		s.put(day, 1)
	}
	return true
}

// pointed writes decimals: 三点五公斤, 零点五, 三点一四.
func (s *scanner) pointed(n numeral) bool {
	d, ok := s.decimal(s.at)
	if !ok || d.decimals == "" {
		return false
	}
	if !s.isDecimalUnit(d.end) && d.end < len(s.in) && len(d.decimals) < 2 && d.value != 0 && !s.has(d.end, "折") && !s.has(d.end, "万") {
		return false
	}
	s.put(d.text(), d.end-s.at)
	return true
}

// ranged writes 一到三天 and 三至五个工作日.
func (s *scanner) ranged(n numeral) bool {
	if n.digits != "" || (!s.has(n.end, "到") && !s.has(n.end, "至")) {
		return false
	}
	to, ok := s.cardinal(n.end + 1)
	if !ok || to.digits != "" || to.pair || to.value <= n.value || !(s.isCounter(to.end) || to.end == len(s.in)) {
		return false
	}
	s.put(n.text()+string(s.in[n.end])+to.text(), to.end-s.at)
	return true
}

// counted writes a number before a unit. One stays a word (一个, 一件), and so
// does a small number that points (这两个, 前三天).
func (s *scanner) counted(n numeral) bool {
	if n.digits != "" || !s.isCounter(n.end) {
		return false
	}
	small := !n.units
	switch {
	case small && n.value == 0 && !s.has(n.end, "元") && !s.has(n.end, "度"):
		return false // 零件, 零食
	case small && n.value == 1 && (!s.isMeasure(n.end) || s.after(s.at, sizing)):
		return false // 大一码
	case small && s.after(s.at, pointing) && !s.after(s.at, []string{"零下"}):
		return false
	}
	s.put(n.text(), n.end-s.at)
	return true
}

// bare writes numbers from ten on that stand alone: 二十三, 三百五十.
func (s *scanner) bare(n numeral) bool {
	if n.digits != "" || !n.units || n.loose && n.end == len(s.in) && string(s.in[s.at:n.end]) == "二百五" {
		return false
	}
	if n.value == 10 && !(n.end == len(s.in) && s.at == 0) && !s.after(s.at, numberAhead) {
		return false // 十 is part of too many words
	}
	if n.loose && n.end < len(s.in) && s.isCounterLike(n.end) {
		return false
	}
	s.put(n.text(), n.end-s.at)
	return true
}

// named writes the figure in a name that begins with letters: A4纸.
func (s *scanner) named(n numeral) bool {
	if n.digits != "" || s.at == 0 || !isLetter(s.in[s.at-1]) || s.isCounter(n.end) {
		return false
	}
	s.put(n.text(), n.end-s.at)
	return true
}

func isLetter(r rune) bool { return r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' }

func (s *scanner) isCounter(i int) bool     { _, ok := s.hasAny(i, counters); return ok || s.isMeasure(i) }
func (s *scanner) isMeasure(i int) bool     { _, ok := s.hasAny(i, measures); return ok }
func (s *scanner) isDecimalUnit(i int) bool { _, ok := s.hasAny(i, decimalUnits); return ok }

// isCounterLike: 一百五个 cannot be said, so the number was something else.
func (s *scanner) isCounterLike(i int) bool { return s.in[i] == '个' }
