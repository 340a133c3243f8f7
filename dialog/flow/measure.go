package flow

import (
	"regexp"
	"strconv"
	"strings"

	"waggle/dialog"
	"waggle/dialog/nlu"
)

// footLength is the length of a foot as it is said: 245毫米, 24.5厘米,
// 二十四厘米半.
var footLength = regexp.MustCompile(`([0-9]{2,3})(?:\.([0-9]))?(毫米|mm|厘米|公分|cm)(半)?`)

// numeral is a number in characters.
var numeral = regexp.MustCompile(`[零一二两三四五六七八九十百千]{2,}`)

// arabic writes numbers in characters as digits.
func arabic(said string) string {
	return numeral.ReplaceAllStringFunc(said, func(s string) string {
		if n, ok := nlu.ParseNumeral(s); ok {
			return strconv.Itoa(n)
		}
		return s
	})
}

// readFoot reads the length of a foot in millimetres.
func readFoot(sc *dialog.Scene) string {
	said := strings.ToLower(sc.Heard.Text)
	m := footLength.FindStringSubmatch(arabic(said))
	if m == nil {
		return ""
	}
	n, _ := strconv.Atoi(m[1])
	if m[3] != "毫米" && m[3] != "mm" {
		n *= 10
		if m[2] != "" {
			tenth, _ := strconv.Atoi(m[2])
			n += tenth
		}
		if m[4] != "" {
			n += 5
		}
	}
	if n < 100 || n > 330 {
		return ""
	}
	return strconv.Itoa(n)
}
