package nlu

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// The Value of a Day is one of: 2026-11-21; 11-21; d5, the fifth of a month;
// +1, days from today; w6, Saturday of this week, nw6 of the next, lw6 of the
// last; Sunday is 7.

// Date says which day a Day's Value means, seen from today: past is set where
// the speaker tells of what has been (bought on the fifth), else a day without
// a month or year is the next one. ok is false for what is no Value or no day
// of the calendar.
func Date(value string, today time.Time, past bool) (day time.Time, ok bool) {
	y, m, d := today.Date()
	today = time.Date(y, m, d, 0, 0, 0, 0, today.Location())
	if at, err := time.ParseInLocation(time.DateOnly, value, today.Location()); err == nil {
		return at, true
	}
	var month, n int
	switch {
	case strings.HasPrefix(value, "+") || len(value) > 1 && value[0] == '-':
		n, err := strconv.Atoi(value)
		return today.AddDate(0, 0, n), err == nil
	case scan(value, "d%d", &n):
		return nearest(today, past, func(k int) (time.Time, bool) { return calendar(y, int(m)+k, n, today) })
	case scan(value, "%d-%d", &month, &n) && month <= 12:
		return nearest(today, past, func(k int) (time.Time, bool) { return calendar(y+k, month, n, today) })
	}
	return inWeek(value, today)
}

func scan(value, format string, into ...any) bool {
	n, err := fmt.Sscanf(value, format, into...)
	return err == nil && n == len(into)
}

// inWeek reads w6, nw6 and lw6; weeks begin on Monday.
func inWeek(value string, today time.Time) (time.Time, bool) {
	weeks := 0
	switch {
	case strings.HasPrefix(value, "n"):
		weeks, value = 1, value[1:]
	case strings.HasPrefix(value, "l"):
		weeks, value = -1, value[1:]
	}
	var n int
	if !scan(value, "w%d", &n) || n < 1 || n > 7 {
		return time.Time{}, false
	}
	monday := (int(today.Weekday()) + 6) % 7
	return today.AddDate(0, 0, 7*weeks+n-1-monday), true
}

// nearest tries this month or year and its neighbours.
func nearest(today time.Time, past bool, at func(k int) (time.Time, bool)) (time.Time, bool) {
	tries := []int{0, 1, 2}
	if past {
		tries = []int{0, -1, -2}
	}
	for _, k := range tries {
		if day, ok := at(k); ok && (past && !day.After(today) || !past && !day.Before(today)) {
			return day, true
		}
	}
	return time.Time{}, false
}

// calendar refuses the 31st of June.
func calendar(y, m, d int, today time.Time) (time.Time, bool) {
	at := time.Date(y, time.Month(m), d, 0, 0, 0, 0, today.Location())
	return at, at.Day() == d && d > 0
}

var dateParts = regexp.MustCompile(`^(?:(20[0-9]{2}).)?([0-9]{1,2})[^0-9]([0-9]{1,2})$`)

func monthDay(m []string) string {
	p := dateParts.FindStringSubmatch(strings.Replace(m[1], "年", "-", 1))
	if p == nil {
		return ""
	}
	month, _ := strconv.Atoi(p[2])
	day, _ := strconv.Atoi(p[3])
	if month < 1 || month > 12 || day < 1 || day > 31 {
		return ""
	}
	if p[1] != "" {
		return fmt.Sprintf("%s-%02d-%02d", p[1], month, day)
	}
	return fmt.Sprintf("%02d-%02d", month, day)
}

func nearDay(m []string) string {
	switch m[1] {
	case "大后天":
		return "+3"
	case "大前天":
		return "-3"
	case "后天":
		return "+2"
	case "前天":
		return "-2"
	}
	switch {
	case strings.HasPrefix(m[1], "明"):
		return "+1"
	case strings.HasPrefix(m[1], "昨"):
		return "-1"
	}
	return "+0"
}

func weekday(m []string) string {
	week := ""
	switch {
	case strings.HasPrefix(m[1], "下"):
		week = "n"
	case strings.HasPrefix(m[1], "上"):
		week = "l"
	}
	last := m[1][len(m[1])-len("一"):]
	n := strings.Index("一二三四五六日", last) / len("一")
	switch last {
	case "天":
		n = 6
	case "末":
		n = 5
	}
	return fmt.Sprintf("%sw%d", week, n+1)
}

func dayOfMonth(m []string) string {
	if n := small(m[1]); n >= 1 && n <= 31 {
		return "d" + strconv.Itoa(n)
	}
	return ""
}

var clockParts = regexp.MustCompile(`^(\p{Han}{2})?([0-9]{1,2}|[一二两三四五六七八九十])(?:点|:)(半|[0-9]{1,2})?`)

func clock(m []string) string {
	p := clockParts.FindStringSubmatch(m[1])
	if p == nil {
		return ""
	}
	hour, minute := small(p[2]), 0
	switch {
	case p[3] == "半":
		minute = 30
	case p[3] != "":
		minute, _ = strconv.Atoi(p[3])
	}
	switch p[1] {
	case "下午", "傍晚", "晚上", "夜里":
		if hour < 12 {
			hour += 12
		}
	case "中午":
		if hour < 3 {
			hour += 12
		}
	}
	if hour > 24 || minute > 59 {
		return ""
	}
	return fmt.Sprintf("%02d:%02d", hour%24, minute)
}
