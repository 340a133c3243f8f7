package spoken

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// ErrNotSo says that a text cannot be read in the way that was asked for.
var ErrNotSo = errors.New("spoken: the text cannot be read so")

// As reads a text in a given way, whatever Form would make of it. The kinds
// and the formats of dates are those of the SSML element say-as (W3C Note
// "SSML 1.0 say-as attribute values", 2005, and what vendors agree on):
// cardinal (or number), ordinal, digits, telephone, date, time, currency,
// characters (or spell-out). Errors wrap ErrNotSo.
func As(kind, format, text string) (string, error) {
	read, ok := readers[kind]
	if !ok {
		return "", fmt.Errorf("%w: interpret-as is cardinal, ordinal, digits, telephone, date, time, currency or characters, not %q", ErrNotSo, kind)
	}
	written := strings.Join(strings.Fields(clean(text)), " ")
	said, ok := read(written, format)
	if !ok || said == "" {
		return "", fmt.Errorf("%w: %q is no %s", ErrNotSo, text, strings.TrimSpace(kind+" "+format))
	}
	return said, nil
}

var readers = map[string]func(written, format string) (string, bool){
	"cardinal": asCardinal, "number": asCardinal, "ordinal": asOrdinal, "digits": asDigits, "telephone": asTelephone,
	"date": asDate, "time": asTime, "currency": asCurrency, "characters": asCharacters, "spell-out": asCharacters,
}

func whole(pattern string) *regexp.Regexp { return regexp.MustCompile(`^(?:` + pattern + `)$`) }

var (
	aNumber    = whole(`[+-]?` + num)
	anOrdinal  = whole(`第? ?(\d{1,16})`)
	someDigits = whole(`[0-9 -]*\d[0-9 -]*`)
	aTelephone = whole(`(?:\+86[ -]?)?((?:\(\d{2,4}\)|\d)[0-9 -]*\d)(?:(?:转| ?[x#] ?)(\d{1,6}))?`)
	aTime      = whole(`(\d{1,2}):(\d{2})(?::(\d{2}))?`)
	someMoney  = whole(`(RMB|CNY|US\$|HK\$|USD|[¥$€£])? ?(-?)` + num + ` ?(元|块|RMB|CNY|USD)?`)
	dateParts  = regexp.MustCompile(`\d+`)
	dateForm   = whole(`[0-9./年月日号 -]+`)
)

func asCardinal(written, _ string) (string, bool) {
	if !aNumber.MatchString(written) {
		return "", false
	}
	return number(written), true
}

func asOrdinal(written, _ string) (string, bool) {
	m := anOrdinal.FindStringSubmatch(written)
	if m == nil {
		return "", false
	}
	return "第" + cardinal(m[1]), true
}

// asDigits reads every digit; spaces and hyphens are pauses.
func asDigits(written, _ string) (string, bool) {
	return digitGroups(written, grouped), someDigits.MatchString(written)
}

func digitGroups(written string, read func(string) string) string {
	parts := strings.FieldsFunc(written, func(r rune) bool { return r < '0' || r > '9' })
	for i, p := range parts {
		parts[i] = read(p)
	}
	return strings.Join(parts, string(Group))
}

func asTelephone(written, _ string) (string, bool) {
	m := aTelephone.FindStringSubmatch(written)
	if m == nil {
		return "", false
	}
	said := digitGroups(m[1], telephone)
	if m[2] != "" {
		said += string(Group) + "转" + telephone(m[2])
	}
	return said, true
}

// dateOrders are the formats of dates; an empty one is told from the text.
var dateOrders = []string{"ymd", "mdy", "dmy", "ym", "my", "md", "dm", "y", "m", "d"}

func asDate(written, format string) (string, bool) {
	parts := dateParts.FindAllString(written, -1)
	if format == "" && len(parts) > 0 && len(parts) <= 3 {
		format = [][3]string{{"d", "md", "ymd"}, {"y", "ym", "ymd"}}[boolInt(len(parts[0]) == 4)][len(parts)-1]
	}
	if !slices.Contains(dateOrders, format) || len(parts) != len(format) || !dateForm.MatchString(written) {
		return "", false
	}
	field := map[byte]string{'m': "1", 'd': "1"}
	for i, p := range parts {
		field[format[i]] = p
	}
	if !validDay(field['m'], field['d']) || len(field['y'])%2 == 1 || len(field['y']) > 4 {
		return "", false
	}
	said := ""
	for _, f := range []struct {
		field byte
		name  string
		read  func(string) string
	}{{'y', "年", oneByOne}, {'m', "月", cardinal}, {'d', "日", cardinal}} {
		if strings.IndexByte(format, f.field) >= 0 {
			said += f.read(field[f.field]) + f.name
		}
	}
	return said, true
}

func asTime(written, _ string) (string, bool) {
	m := aTime.FindStringSubmatch(written)
	if m == nil || !validTime(m[1], m[2]) || m[3] > "59" {
		return "", false
	}
	return clockTime(m[1], m[2], m[3]), true
}

func asCurrency(written, _ string) (string, bool) {
	m := someMoney.FindStringSubmatch(written)
	if m == nil {
		return "", false
	}
	unit := "元"
	for _, named := range []string{m[1], m[4]} {
		if name, ok := currencies[named]; ok {
			unit = name
		} else if named == "块" {
			unit = named
		}
	}
	return minus(m[2], "") + sum(m[3]) + unit, true
}

// asCharacters names every letter, digit and character by itself.
func asCharacters(written, _ string) (string, bool) {
	var names []string
	for _, r := range strings.ToUpper(written) {
		switch {
		case r >= 'A' && r <= 'Z':
			names = append(names, letterNames[r-'A'])
		case r >= '0' && r <= '9':
			names = append(names, digitNames[r-'0'])
		case isSpoken(r):
			names = append(names, string(r))
		case r == '-' || r == '.' || r == '@' || r == '_' || r == '/' || r == '#' || r == '*':
			names = append(names, signNames[r])
		case r != ' ':
			return "", false
		}
	}
	return strings.Join(names, " "), true
}

// signNames are how signs inside a code are called when it is spelled out.
var signNames = map[rune]string{'-': "杠", '.': "点", '@': "艾特", '_': "下划线", '/': "斜杠", '#': "井号", '*': "星号"}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
