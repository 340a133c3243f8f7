package nlu

import (
	"regexp"
	"strconv"
	"strings"

	"waggle/dialog/nlu/division"
)

// Place is an address in its parts; any part may be missing.
type Place struct {
	Province, City, District, Street string
}

// FindAddress finds an address: at least two parts that name a place, one of
// them a street, a house or a village. It returns what was said, or "".
func FindAddress(text string) string {
	for _, lead := range []string{"改成", "改到", "改为", "换成", "换到", "寄到", "送到", "发到", "地址是", "地址：", "地址为", "地址到", "就是", "到", "成", "是"} {
		if i := strings.Index(text, lead); i >= 0 && !strings.HasPrefix(text[i:], "成都") {
			if a := addressIn(text[i+len(lead):]); a != "" {
				return a
			}
		}
	}
	return addressIn(text)
}

var (
	placeWord = regexp.MustCompile(`\p{Han}{2,8}?(?:省|自治区|市|区|县|镇|乡)`)
	houseWord = regexp.MustCompile(`\p{Han}{1,10}(?:路|街|道|巷|弄|村|小区|花园|大厦|广场|公寓|苑|城|园)[^，。？！；]*|[0-9]+(?:号|栋|幢|室|楼|单元)[^，。？！；]*`)
)

func addressIn(text string) string {
	text = strings.TrimLeft(strings.Trim(text, "，。！？；：: 吧了的"), "是，")
	house := houseWord.FindStringIndex(text)
	if house == nil {
		return ""
	}
	start := house[0]
	numbered := strings.ContainsAny(digits(text[house[0]:]), "0123456789")
	p := placeWord.FindStringIndex(text)
	switch {
	case p != nil:
		start = min(start, p[0])
		at, known := firstPlace(text[start:])
		if !known && !numbered {
			return "" // 就在隔壁小区 is none yet
		}
		start += at
	case !numbered:
		return ""
	}
	return strings.TrimRight(text[start:house[1]], "，。！？；吧了的")
}

// longestLead is how much may stand before the first place of an address, in
// characters: 我公司, 寄我妈那.
const longestLead = 8

// firstPlace finds where the first place of the table begins near the front of a
// text, in bytes; known is false when there is none, and at is 0 then.
func firstPlace(text string) (at int, known bool) {
	n := 0
	for i := range text {
		if n++; n > longestLead {
			break
		}
		if m, ok := division.Read(text[i:]); ok && (m.Province != "" || m.City != "") {
			return i, true
		}
	}
	return 0, false
}

// ParsePlace takes an address apart: by the table of divisions where it knows
// the names, filling in a province or city that follows from the district, and
// by suffixes where it does not.
func ParsePlace(address string) Place {
	m, ok := division.Read(address)
	if !ok {
		return bySuffix(address)
	}
	p := Place{Province: m.Province, City: m.City, District: m.District, Street: digits(m.Rest)}
	if p.City == "" {
		p.City, p.Street = cut(p.Street, "市", "自治州", "地区", "盟")
	}
	if p.District == "" {
		p.District, p.Street = cut(p.Street, "区", "县", "市", "旗")
	}
	return p
}

// Misplaced returns where the district of an address really lies when it is
// not in the city that was said (杭州市天河区); nil when nothing is wrong as far
// as the table of divisions knows.
func Misplaced(address string) []Place {
	m, _ := division.Read(address)
	var out []Place
	for _, a := range m.Elsewhere {
		out = append(out, Place{Province: a.Province, City: a.City, District: a.District})
	}
	return out
}

// digits writes the numbers of houses as digits: 文三路一百号.
func digits(street string) string {
	return houseNumber.ReplaceAllStringFunc(street, func(s string) string {
		m := houseNumber.FindStringSubmatch(s)
		if n, ok := ParseNumeral(m[1]); ok {
			return strconv.Itoa(n) + m[2]
		}
		if n := small(m[1]); n > 0 {
			return strconv.Itoa(n) + m[2]
		}
		return s
	})
}

var houseNumber = regexp.MustCompile(`([零〇一二三四五六七八九十百千]+)(号|栋|幢|室|楼|单元|弄)`)

func bySuffix(address string) Place {
	var p Place
	p.Province, address = cut(address, "自治区", "省")
	p.City, address = cut(address, "市", "自治州", "地区", "盟")
	p.District, address = cut(address, "区", "县", "市", "旗")
	p.Street = digits(strings.TrimLeft(address, "，、 "))
	return p
}

// cut takes off the front up to the first of the suffixes, when that is short
// enough for a name.
func cut(address string, suffixes ...string) (name, rest string) {
	const longest = 10 // characters
	for _, s := range suffixes {
		i := strings.Index(address, s)
		if i > 0 && len([]rune(address[:i])) <= longest && !strings.ContainsAny(address[:i], "路街道号0123456789") {
			return strings.TrimLeft(address[:i+len(s)], "，"), address[i+len(s):]
		}
	}
	return "", address
}
