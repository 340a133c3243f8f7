package itn

import "strings"

// number rewrites whatever begins with a figure at the present position.
func (s *scanner) number() bool {
	n, ok := s.cardinal(s.at)
	if !ok {
		return false
	}
	if n.pair || s.after(s.at, []string{"几", "数"}) { // 二三十个, 几十个: a guess, not a number
		s.copy(n.end - s.at)
		return true
	}
	for _, rule := range []func(numeral) bool{s.spelledOut, s.length, s.money, s.discount, s.clock, s.date, s.pointed, s.ranged, s.counted, s.bare} {
		if rule(n) {
			return true
		}
	}
	s.copy(n.end - s.at)
	return true
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

// length writes 一米七五 as 1.75米.
func (s *scanner) length(n numeral) bool {
	unit, ok := s.hasAny(n.end, []string{"米", "斤"})
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
	s.put(n.text()+"."+s.digitRun(rest, end).digits+unit, end-s.at)
	return true
}

// money writes 九块九, 三元五角, 十二块八毛五.
func (s *scanner) money(n numeral) bool {
	if n.digits != "" || (!s.has(n.end, "块") && !s.has(n.end, "元")) {
		return false
	}
	cents, end := s.cents(n.end + 1)
	switch {
	case cents != "":
		s.put(n.text()+"."+cents+"元", end-s.at)
	case n.value == 1 && !n.units && !s.has(n.end, "块钱") && !s.has(n.end, "元"):
		return false // 一块: together, or a piece
	default:
		s.put(n.text(), n.end-s.at)
		s.copy(1)
	}
	return true
}

// cents reads what follows 块: 九, 九毛, 九毛五, 五分.
func (s *scanner) cents(i int) (string, int) {
	jiao, at := s.oneDigit(i)
	if jiao == "" {
		return "", i
	}
	if at < len(s.in) && (s.in[at] == '毛' || s.in[at] == '角') {
		at++
		if fen, next := s.oneDigit(at); fen != "" {
			if next < len(s.in) && s.in[next] == '分' {
				next++
			}
			return jiao + fen, s.skipMoney(next)
		}
		return jiao, s.skipMoney(at)
	}
	if at < len(s.in) && (unitOf(s.in[at]) > 0 || isDigit(s.in[at]) || s.isCounter(at)) {
		return "", i // 三块两个: something else begins
	}
	return jiao, s.skipMoney(at)
}

func (s *scanner) skipMoney(i int) int {
	if s.has(i, "钱") {
		return i + 1
	}
	return i
}

func (s *scanner) oneDigit(i int) (string, int) {
	if i >= len(s.in) || !isDigit(s.in[i]) || s.in[i] == '两' {
		return "", i
	}
	return s.digitRun(i, i+1).digits, i + 1
}

// discount writes 八折, 八五折, 九点五折.
func (s *scanner) discount(n numeral) bool {
	switch {
	case s.has(n.end, "折") && len(n.digits) == 2:
		s.put(n.digits[:1]+"."+n.digits[1:], n.end-s.at)
	case s.has(n.end, "折") && n.digits == "" && n.value < 10 && (n.value > 1 || s.after(s.at, []string{"打"})):
		s.put(n.text(), n.end-s.at)
	default:
		return false
	}
	s.copy(1)
	return true
}

// clock writes 三点半, 八点十五分, 下午一点.
func (s *scanner) clock(n numeral) bool {
	if !s.has(n.end, "点") || n.digits != "" || n.value > 24 {
		return false
	}
	minute, hasMinute := s.cardinal(n.end + 1)
	hasMinute = hasMinute && !minute.pair && minute.value < 60 && (minute.units || s.has(minute.end, "分") || s.has(n.end+1, "零"))
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
	if n.digits != "" || n.value < 1 || n.value > limit {
		return false
	}
	s.put(n.text(), n.end-s.at)
	s.copy(1)
	return true
}

// pointed writes decimals: 三点五公斤, 零点五, 三点一四.
func (s *scanner) pointed(n numeral) bool {
	d, ok := s.decimal(s.at)
	if !ok || d.decimals == "" {
		return false
	}
	if !s.isDecimalUnit(d.end) && len(d.decimals) < 2 && d.value != 0 && !s.has(d.end, "折") && !s.has(d.end, "万") {
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
	case small && n.value == 1 && !s.isMeasure(n.end):
		return false
	case small && s.after(s.at, pointing):
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

func (s *scanner) isCounter(i int) bool     { _, ok := s.hasAny(i, counters); return ok || s.isMeasure(i) }
func (s *scanner) isMeasure(i int) bool     { _, ok := s.hasAny(i, measures); return ok }
func (s *scanner) isDecimalUnit(i int) bool { _, ok := s.hasAny(i, decimalUnits); return ok }

// isCounterLike: 一百五个 cannot be said, so the number was something else.
func (s *scanner) isCounterLike(i int) bool { return s.in[i] == '个' }
