package itn

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
	if at < len(s.in) && (unitOf(s.in[at]) > 0 || isDigit(s.in[at]) || s.isCounter(at) && !s.has(at, "包邮")) {
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
	if i >= len(s.in) || !isDigit(s.in[i]) || s.in[i] == '两' && !s.has(i+1, "毛") {
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
