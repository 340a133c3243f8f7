package division

import (
	"iter"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// Role is what the words around a place make of it.
type Role int

// The roles.
const (
	Named Role = iota // nothing says
	From              // 从广州寄, 广州发货
	To                // 寄到杭州, 发新疆
)

// Place is one that a sentence names.
type Place struct {
	// Area is the province, and the city where one was named or follows.
	Area
	// Said is the name as it stands in the sentence.
	Said string
	Role Role
}

// Find lists the places that a sentence names, in their order, at each point
// the longest name. Districts count by their full name, and like cities of
// counties only where one province has such a one. Names that are words too
// (日照, 大理) count with 市, or where the words around them make a place of them.
func Find(text string) []Place {
	x := gazetteer()
	var out []Place
	for at := 0; at < len(text); {
		n := x.at(text[at:])
		role := roleOf(text[:at], text[at+n:])
		if n > 0 && (role != Named || !x.doubtful(text[at:at+n], text[at+n:])) {
			out = append(out, Place{Area: x.areas[text[at:at+n]], Said: text[at : at+n], Role: role})
			at += n
			continue
		}
		_, size := utf8.DecodeRuneInString(text[at:])
		at += size
	}
	return out
}

// Destination is where something is to go: the first place that it is sent to,
// the last one after a correction, else the first that it does not come from.
func Destination(text string, corrected bool) (Place, bool) {
	places := Find(text)
	if corrected {
		slices.Reverse(places)
	}
	for _, role := range []Role{To, Named} {
		if i := slices.IndexFunc(places, func(p Place) bool { return p.Role == role }); i >= 0 {
			return places[i], true
		}
	}
	return Place{}, false
}

// Names lists provinces and cities by their short names, without those that are
// words too.
func Names() iter.Seq[string] { return slices.Values(gazetteer().plain) }

// places are all names by which a place may go, and where it lies.
type places struct {
	areas   map[string]Area
	plain   []string
	minor   map[string]bool // cities of counties by their short names
	longest int             // in bytes
}

// words are names of cities that are words, too.
var words = strings.Fields(`三明 东营 中山 丽水 乐山 保定 保山 六安 南通 吉安 和田 商丘 四平 大同 大庆 大理 天水 安庆 安康 安顺 宜春 山南 平凉 德州
	文山 新乡 新余 日照 朝阳 来宾 武威 河池 泰安 海东 海北 海西 海口 清远 玉树 白城 白山 白银 百色 红河 自贡 临夏 通化 金昌 长春 长治 阳江 阿里 黄南 黄山`)

var gazetteer = sync.OnceValue(func() places {
	x := places{areas: make(map[string]Area), minor: make(map[string]bool)}
	b := builtin()
	major := func(names map[string][]Area) {
		for name, areas := range names {
			for _, n := range []string{name, withoutPeoples(name)} {
				if _, taken := x.areas[n]; !taken && utf8.RuneCountInString(n) > 1 {
					x.areas[n] = areas[0]
				}
			}
		}
	}
	major(b.provinces)
	major(b.cities)
	for name := range x.areas {
		if short(name) == name && !strings.HasSuffix(name, "自治州") && !slices.Contains(words, name) {
			x.plain = append(x.plain, name)
		}
	}
	for name, areas := range b.districts {
		if _, taken := x.areas[name]; taken || slices.ContainsFunc(areas, func(a Area) bool { return a.Province != areas[0].Province }) {
			continue
		}
		full := areas[0].District == name
		if full && utf8.RuneCountInString(name) > 2 || strings.HasSuffix(areas[0].District, "市") && short(areas[0].District) == name {
			x.areas[name] = areas[0]
			x.minor[name] = !full
		}
	}
	for name := range x.areas {
		x.longest = max(x.longest, len(name))
	}
	slices.Sort(x.plain)
	return x
})

// withoutPeoples is the short name of an autonomous prefecture: 延边朝鲜族自治州 is
// 延边.
func withoutPeoples(name string) string {
	base, ok := strings.CutSuffix(name, "自治州")
	if !ok {
		return name
	}
	for trimmed := true; trimmed; {
		trimmed = false
		for _, people := range strings.Fields("朝鲜族 土家族 苗族 藏族 羌族 彝族 白族 傣族 景颇族 傈僳族 哈尼族 壮族 布依族 侗族 回族 蒙古族 哈萨克 柯尔克孜 蒙古") {
			if b, ok := strings.CutSuffix(base, people); ok {
				base, trimmed = b, true
			}
		}
	}
	return base
}

// at is how many bytes the longest name at the front of a text takes.
func (x places) at(text string) int {
	for n := min(x.longest, len(text)); n > 0; n-- {
		if n < len(text) && !utf8.RuneStart(text[n]) {
			continue
		}
		if _, ok := x.areas[text[:n]]; ok && !goesOn(text[:n], text[n:]) {
			return n
		}
	}
	return 0
}

// doubtful tells that a name may be a word, where nothing says that it is a
// place.
func (x places) doubtful(name, after string) bool {
	return (x.minor[name] || slices.Contains(words, name)) && !strings.HasPrefix(after, "市")
}

// Words around a place that say which way things go.
var (
	leaves   = []string{"从", "由", "打", "自"}
	departs  = []string{"发货", "发出", "寄出", "出货", "发过来", "寄过来", "寄来", "发来", "仓"}
	arrivals = []string{"到", "寄", "发", "去", "往", "送", "运", "邮", "至", "回"}
)

// roleOf reads the role of a place off the words before and after it.
func roleOf(before, after string) Role {
	is := func(marks []string, has func(string, string) bool, s string) bool {
		return slices.ContainsFunc(marks, func(m string) bool { return has(s, m) })
	}
	after = strings.TrimPrefix(after, "市")
	switch {
	case is(departs, strings.HasPrefix, after), is(leaves, strings.HasSuffix, before):
		return From
	case is(arrivals, strings.HasSuffix, before):
		return To
	}
	return Named
}
