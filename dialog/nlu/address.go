package nlu

import (
	"regexp"
	"strings"
)

// Place is an address in its parts; any part may be missing.
type Place struct {
	Province, City, District, Street string
}

// FindAddress finds an address: at least two parts that name a place, one of
// them a street, a house or a village. It returns what was said, or "".
func FindAddress(text string) string {
	for _, lead := range []string{"改成", "改到", "改为", "换成", "换到", "寄到", "送到", "发到", "地址是", "地址：", "地址为", "地址到", "就是", "到", "成", "是"} {
		if i := strings.Index(text, lead); i >= 0 {
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
	if p := placeWord.FindStringIndex(text); p != nil {
		start = min(start, p[0])
	} else if !strings.ContainsAny(text[house[0]:], "0123456789") {
		return ""
	}
	return strings.TrimRight(text[start:house[1]], "，。！？；吧了的")
}

// ParsePlace takes an address apart by its suffixes.
func ParsePlace(address string) Place {
	var p Place
	p.Province, address = cut(address, "自治区", "省")
	if p.Province == "" {
		for _, c := range []string{"北京市", "上海市", "天津市", "重庆市"} {
			short := strings.TrimSuffix(c, "市")
			if strings.HasPrefix(address, short) {
				address = strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(address, short), "市"), "，")
				p.Province, p.City = c, c
				address = strings.TrimPrefix(strings.TrimPrefix(address, c), short+"市")
			}
		}
	}
	if p.City == "" {
		p.City, address = cut(address, "市", "自治州", "地区", "盟")
	}
	p.District, address = cut(address, "区", "县", "市", "旗")
	p.Street = strings.TrimLeft(address, "，、 ")
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
