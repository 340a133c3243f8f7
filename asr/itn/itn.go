// Package itn writes spoken Chinese the way people write it (inverse text
// normalisation): numbers, telephone and order numbers, dates, times, money,
// percentages, sizes and quantities become figures, while words that only
// look like numbers (一下, 一点, 十分, 三星) stay. It is a leaf.
package itn

import "strings"

// Normalise rewrites the numbers of a spoken text. Whatever is not certainly
// a number is left as it was; a text without any is returned unchanged.
func Normalise(spoken string) string {
	s := &scanner{in: []rune(spoken)}
	for s.at < len(s.in) {
		if s.verbatim() || s.percent() || s.negative() || s.fraction() || s.number() {
			continue
		}
		s.copy(1)
	}
	return s.out.String()
}

// scanner walks over the text once; each rule either consumes something and
// reports true, or leaves everything as it was.
type scanner struct {
	in  []rune
	at  int
	out strings.Builder
}

func (s *scanner) copy(n int) {
	s.out.WriteString(string(s.in[s.at : s.at+n]))
	s.at += n
}

// put writes text for the next n runes.
func (s *scanner) put(text string, n int) {
	s.out.WriteString(text)
	s.at += n
}

// has reports whether text stands at position i.
func (s *scanner) has(i int, text string) bool {
	for _, r := range text {
		if i >= len(s.in) || s.in[i] != r {
			return false
		}
		i++
	}
	return true
}

// hasAny is the first of the texts that stands at position i; longer ones go
// first in the tables.
func (s *scanner) hasAny(i int, texts []string) (string, bool) {
	for _, t := range texts {
		if s.has(i, t) {
			return t, true
		}
	}
	return "", false
}

// after reports whether one of the texts ends right before position i.
func (s *scanner) after(i int, texts []string) bool {
	for _, t := range texts {
		if n := len([]rune(t)); i >= n && s.has(i-n, t) {
			return true
		}
	}
	return false
}

// verbatim copies words that look like numbers and are none.
func (s *scanner) verbatim() bool {
	if w, ok := s.hasAny(s.at, words); ok && !s.insideNumber(w) && !s.longerOrdinal(w) {
		s.copy(len([]rune(w)))
		return true
	}
	return false
}

// insideNumber guards 一百一样: a word must not begin in the middle of a number,
// nor 十分 in the middle of a time.
func (s *scanner) insideNumber(w string) bool {
	if s.at == 0 {
		return false
	}
	before := s.in[s.at-1]
	if before == '点' && strings.HasPrefix(w, "十分") {
		return true
	}
	return strings.ContainsRune("十百千万亿", before) && isDigit(s.in[s.at])
}

// longerOrdinal guards 第一百个: 第一 is only its beginning.
func (s *scanner) longerOrdinal(w string) bool {
	end := s.at + len([]rune(w))
	return strings.HasPrefix(w, "第") && end < len(s.in) && (isDigit(s.in[end]) || strings.ContainsRune("十百千万", s.in[end]))
}

// negative rewrites 负五度.
func (s *scanner) negative() bool {
	if !s.has(s.at, "负") {
		return false
	}
	n, ok := s.decimal(s.at + 1)
	if _, degrees := s.hasAny(n.end, []string{"度", "摄氏度"}); !ok || !degrees {
		return false
	}
	s.put("-"+n.text(), n.end-s.at)
	return true
}

// percent rewrites 百分之三十, 千分之五 and 百分百.
func (s *scanner) percent() bool {
	if s.has(s.at, "百分百") || s.has(s.at, "百分之百") {
		s.put("100%", len([]rune("百分百"))+boolInt(s.has(s.at, "百分之百")))
		return true
	}
	sign := "%"
	if s.has(s.at, "千分之") {
		sign = "‰"
	} else if !s.has(s.at, "百分之") {
		return false
	}
	n, ok := s.decimal(s.at + 3)
	if !ok {
		return false
	}
	s.put(n.text()+sign, n.end-s.at)
	return true
}

// fraction rewrites 三分之一.
func (s *scanner) fraction() bool {
	below, ok := s.cardinal(s.at)
	if !ok || !s.has(below.end, "分之") {
		return false
	}
	above, ok := s.cardinal(below.end + 2)
	if !ok {
		return false
	}
	s.put(above.text()+"/"+below.text(), above.end-s.at)
	return true
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
