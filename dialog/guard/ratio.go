package guard

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// ratios are shares of a whole in the ways that shops speak of them.
var ratios = regexp.MustCompile(`([0-9]+(?:\.[0-9]+)?) ?%|百分之([` + spelledDigit + `十百点]+|[0-9.]+)|([0-9]{1,2}|[0-9]\.[0-9]|[` + spelledDigit + `]{1,2}|[` + spelledDigit + `]点[` + spelledDigit + `])折|(半价|对折|一半)|([` + spelledDigit + `十]+)分之([` + spelledDigit + `十]+)|([一二两三四五六七八九])成(?:[^为功人都就交年品本色分]|$)`)

// readRatio writes a share in percent of the whole: 八折 is paying 80 of 100.
func readRatio(m []string, _ time.Time) (Claim, bool) {
	c := Claim{Kind: Ratio}
	switch {
	case m[1] != "":
		c.value = plain(m[1])
	case m[2] != "":
		c.value = percentOf(m[2])
	case m[3] != "":
		c.value = discount(m[3])
	case m[4] != "":
		c.value = "50"
	case m[5] != "":
		c.value = smallText(m[6]) + "/" + smallText(m[5])
	default:
		c.value = smallText(m[7]) + "0"
	}
	return c, c.value != ""
}

func smallText(s string) string { return strconv.Itoa(small(s)) }

// percentOf reads what stands behind 百分之.
func percentOf(s string) string {
	if s == "百" {
		return "100"
	}
	if s[0] >= '0' && s[0] <= '9' {
		return plain(s)
	}
	if v, ok := spelledValue(s); ok {
		return v
	}
	return smallText(s)
}

// discount reads 八, 八五, 8.5 as 80 and 85 of 100.
func discount(s string) string {
	digits := strings.NewReplacer("点", "", ".", "").Replace(s)
	if digits[0] > '9' {
		digits = digitByDigit(digits)
	}
	if len(digits) == 1 {
		digits += "0"
	}
	return digits
}
