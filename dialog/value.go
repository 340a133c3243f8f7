package dialog

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"waggle/shop"
)

// Value is something from a record that a sentence speaks. Spoken is how it is
// said on a channel; Fact is how it stands in the record, for the guard.
type Value interface {
	Spoken(Manner) string
	Fact() string
}

// Manner is how a reply is rendered.
type Manner struct {
	// Voice is set where the reply is heard and not read.
	Voice bool
	Now   time.Time
}

// Text is a value that is spoken as it stands: a name, a place.
type Text string

// Spoken returns the text.
func (t Text) Spoken(Manner) string { return string(t) }

// Fact returns the text.
func (t Text) Fact() string { return string(t) }

// Count is a number of things.
type Count int

// Spoken writes the number.
func (n Count) Spoken(Manner) string { return strconv.Itoa(int(n)) }

// Fact writes the number.
func (n Count) Fact() string { return strconv.Itoa(int(n)) }

// Money is spoken in yuan.
type Money shop.Fen

// Spoken writes the amount with its unit.
func (m Money) Spoken(Manner) string { return shop.Fen(m).String() + "元" }

// Fact writes the amount with its unit.
func (m Money) Fact() string { return shop.Fen(m).String() + "元" }

// Digits is a number that is read digit by digit: an order number, a code.
type Digits string

// Spoken groups the digits: by threes and fours for the ear, as they are for
// the eye.
func (d Digits) Spoken(m Manner) string {
	if !m.Voice {
		return string(d)
	}
	return strings.Join(groups(hanziDigits(string(d))), "，")
}

// Fact returns the digits.
func (d Digits) Fact() string { return string(d) }

// hanziDigits spells digits as characters, so that no voice reads them as one
// large number; 1 becomes 幺, as on the telephone.
func hanziDigits(s string) []rune {
	spelled := []rune("零幺二三四五六七八九")
	out := []rune(s)
	for i, r := range out {
		if r >= '0' && r <= '9' {
			out[i] = spelled[r-'0']
		}
	}
	return out
}

// groups cuts 11 into 3-4-4 and anything else into fours, the first shorter.
func groups(r []rune) []string {
	first := len(r) % 4
	if first == 0 {
		first = min(4, len(r))
	}
	out := []string{string(r[:first])}
	for i := first; i < len(r); i += 4 {
		out = append(out, string(r[i:i+4]))
	}
	return out
}

// Day is a date, spoken relative to now where that is shorter.
type Day time.Time

// Spoken says 今天, 明天, 11月3日 ...
func (d Day) Spoken(m Manner) string {
	t := time.Time(d).In(m.Now.Location())
	switch daysBetween(m.Now, t) {
	case -2:
		return "前天"
	case -1:
		return "昨天"
	case 0:
		return "今天"
	case 1:
		return "明天"
	case 2:
		return "后天"
	}
	return fmt.Sprintf("%d月%d日", t.Month(), t.Day())
}

// Fact writes the time as RFC 3339.
func (d Day) Fact() string { return time.Time(d).Format(time.RFC3339) }

// Hour is a moment: day, part of the day and full hour.
type Hour time.Time

// Spoken says 明天下午3点.
func (h Hour) Spoken(m Manner) string {
	t := time.Time(h).In(m.Now.Location())
	return fmt.Sprintf("%s%s%d点", Day(h).Spoken(m), partOfDay(t.Hour()), (t.Hour()+11)%12+1)
}

// Fact writes the time as RFC 3339.
func (h Hour) Fact() string { return time.Time(h).Format(time.RFC3339) }

func partOfDay(hour int) string {
	switch {
	case hour < 6:
		return "凌晨"
	case hour < 12:
		return "上午"
	case hour < 13:
		return "中午"
	case hour < 18:
		return "下午"
	}
	return "晚上"
}

// daysBetween counts the midnights from a to b, in a's zone.
func daysBetween(a, b time.Time) int {
	b = b.In(a.Location())
	day := func(t time.Time) time.Time {
		return time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, time.UTC)
	}
	return int(day(b).Sub(day(a)).Hours() / 24)
}
