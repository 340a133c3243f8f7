// Package division knows the provinces, cities and districts of mainland China
// and which belongs to which. It imports nothing of Waggle.
//
// The table is made from modood/Administrative-divisions-of-China (WTFPL 2),
// codes of the National Bureau of Statistics; a line is
// province|city|districts, and counties that answer to their province have no
// city.
package division

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

//go:embed divisions.txt
var table string

// Area is a district with what it belongs to. In a municipality the city is
// the province; City is empty where a county answers to its province.
type Area struct{ Province, City, District string }

// Match is what the front of an address names.
type Match struct {
	Area
	// Rest follows the names.
	Rest string
	// Filled is set where a part was not said but follows from the others.
	Filled bool
	// Elsewhere lists where the district really lies when it is not in the city
	// that was said.
	Elsewhere []Area
}

// index finds names, also without their last word: 浙江, 杭州, 西湖.
type index struct {
	provinces, cities, districts map[string][]Area
}

var builtin = sync.OnceValue(func() index {
	x := index{make(map[string][]Area), make(map[string][]Area), make(map[string][]Area)}
	for line := range strings.Lines(table) {
		part := strings.Split(strings.TrimSpace(line), "|")
		if len(part) != 3 {
			continue
		}
		add(x.provinces, Area{Province: part[0]}, part[0], short(part[0]))
		if part[1] != "" {
			add(x.cities, Area{Province: part[0], City: part[1]}, part[1], short(part[1]))
		}
		for _, d := range strings.Fields(part[2]) {
			add(x.districts, Area{part[0], part[1], d}, d, short(d), strings.TrimPrefix(d, short(part[1])))
		}
	}
	return x
})

func add(m map[string][]Area, a Area, names ...string) {
	for _, n := range slices.Compact(names) {
		if !slices.Contains(m[n], a) {
			m[n] = append(m[n], a)
		}
	}
}

// short drops what kind of place it is, and the peoples of an autonomous one:
// 广西壮族自治区 is 广西. A name of one character stays as it is (和县).
func short(name string) string {
	out := name
	if base, ok := strings.CutSuffix(name, "自治区"); ok {
		for _, people := range []string{"壮族", "回族", "维吾尔"} {
			base = strings.TrimSuffix(base, people)
		}
		return base
	}
	for _, kind := range []string{"特别行政区", "地区", "省", "市", "盟", "区", "县", "旗"} {
		if base, ok := strings.CutSuffix(name, kind); ok {
			out = base
			break
		}
	}
	if utf8.RuneCountInString(out) < 2 {
		return name
	}
	return out
}

// Read takes the names of places off the front of an address. ok is false when
// it begins with none.
func Read(address string) (m Match, ok bool) {
	x := builtin()
	rest := trim(address)
	province, rest := x.take(x.provinces, rest, nil)
	city, rest := x.take(x.cities, rest, func(a Area) bool { return len(province) == 0 || a.Province == province[0].Province })
	if len(city) == 0 && len(province) > 0 && province[0].municipality() {
		city = []Area{{Province: province[0].Province, City: province[0].Province}}
	}
	within := func(a Area) bool {
		return (len(province) == 0 || a.Province == province[0].Province) && (len(city) == 0 || a.City == city[0].City && a.Province == city[0].Province)
	}
	said := len(province)+len(city) > 0
	district, after := x.take(x.districts, rest, func(a Area) bool { return within(a) && (said || full(a, rest)) })
	if len(district) == 0 { // a district of somewhere else, by its full name
		if others, _ := x.take(x.districts, rest, func(a Area) bool { return full(a, rest) }); said && len(others) > 0 {
			m.Elsewhere = others
			m.District = others[0].District
			after = strings.TrimPrefix(rest, m.District)
		}
	}
	m.Rest = trim(after)
	return m, m.settle(province, city, district)
}

// settle fills in what follows from the candidates; it reports whether there
// is anything.
func (m *Match) settle(province, city, district []Area) bool {
	switch {
	case len(district) == 1:
		m.Filled = len(province) == 0 || len(city) == 0 && district[0].City != ""
		m.Area = district[0]
	case len(district) > 1: // the same name in several cities: not to be guessed
		m.District = district[0].District
		m.narrow(province, city)
	default:
		m.narrow(province, city)
	}
	return m.Area != Area{}
}

func (m *Match) narrow(province, city []Area) {
	if len(province) > 0 {
		m.Province = province[0].Province
	}
	if len(city) == 1 {
		m.Filled = m.Province == ""
		m.Province, m.City = city[0].Province, city[0].City
	}
}

func (a Area) municipality() bool { return strings.HasSuffix(a.Province, "市") }

func full(a Area, rest string) bool { return strings.HasPrefix(rest, a.District) }

// longestName is the longest name of the table in characters.
const longestName = 15

// take finds the longest name at the front of a text among those that fit.
func (x index) take(names map[string][]Area, text string, fits func(Area) bool) ([]Area, string) {
	ends := make([]int, 0, longestName)
	for i := range text {
		if i > 0 {
			ends = append(ends, i)
		}
		if len(ends) == longestName {
			break
		}
	}
	if len(ends) < longestName {
		ends = append(ends, len(text))
	}
	for _, end := range slices.Backward(ends) {
		var found []Area
		for _, a := range names[text[:end]] {
			if fits == nil || fits(a) {
				found = append(found, a)
			}
		}
		if len(found) > 0 && !goesOn(text[:end], text[end:]) {
			return found, trim(text[end:])
		}
	}
	return nil, text
}

// goesOn tells that a name is only the front of another: of a street
// (西湖大道, 北京东路), or of a place of another kind (朝阳 is a city, 朝阳区 is none).
func goesOn(name, rest string) bool {
	kind, _ := utf8.DecodeLastRuneInString(name)
	if strings.ContainsRune("省市区县盟", kind) { // it says what it is: 唐山市路北区
		return false
	}
	for _, s := range []string{"路", "大道", "街", "东路", "西路", "南路", "北路", "中路", "东街", "西街", "南街", "北街"} {
		if strings.HasPrefix(rest, s) {
			return true
		}
	}
	r, _ := utf8.DecodeRuneInString(rest)
	return !strings.HasSuffix(name, "市") && strings.ContainsRune("区县镇乡村市", r)
}

func trim(s string) string { return strings.TrimLeft(s, " ，、。,的") }
