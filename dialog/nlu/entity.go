package nlu

import (
	"regexp"
	"strings"
)

// Kind is a kind of entity.
type Kind string

// The kinds, with the form of their Value.
const (
	Phone   Kind = "phone"   // 11 digits
	Number  Kind = "number"  // order or tracking number: 8 or more letters and digits, upper case
	Tail    Kind = "tail"    // 4 to 7 digits: the end of a number
	Amount  Kind = "amount"  // yuan, as a decimal number
	SizeOf  Kind = "size"    // S, XL, 42
	Height  Kind = "height"  // cm
	Weight  Kind = "weight"  // kg
	Address Kind = "address" // as it was said
	Ordinal Kind = "ordinal" // 1, 2, 3: which of those that were offered; -1 the last
	Company Kind = "company" // title of an invoice
	TaxID   Kind = "tax"     // 15 to 20 letters and digits, upper case
	Carrier Kind = "carrier" // 顺丰: named, or told by the prefix of a tracking number
	Colour  Kind = "colour"  // 黑色
	Count   Kind = "count"   // how many, 1 to 9999
	Day     Kind = "day"     // see Date
	Clock   Kind = "clock"   // 15:00 or 15:30
)

// Entity is something found in a text.
type Entity struct {
	Kind  Kind   `json:"kind"`
	Text  string `json:"text"`
	Value string `json:"value"`
}

// found is an entity and where it begins.
type found struct {
	Entity
	at int
}

// finder holds the compiled rules.
type finder struct{ rules []rule }

// Entities finds what the rules know in a normalised text. Where the speaker
// takes something back (尾号1234，不对，是1243), only what it was put right to
// counts.
func Entities(text string) []Entity { return builtin.find(text) }

// builtin is compiled once; it is never changed.
var builtin = finder{rules()}

// consumed stands for what a rule has found, byte for byte.
const consumed = "|"

func (f finder) find(text string) []Entity {
	said := strings.ToLower(arabic(text))
	rest := said
	var all []found
	for _, r := range f.rules {
		for {
			m := r.re.FindStringSubmatchIndex(rest)
			if m == nil {
				break
			}
			groups := make([]string, len(m)/2)
			for i := range groups {
				if m[2*i] >= 0 {
					groups[i] = rest[m[2*i]:m[2*i+1]]
				}
			}
			if v := r.value(groups); v != "" {
				all = append(all, found{Entity{r.kind, groups[1], v}, m[2]})
			}
			rest = rest[:m[2]] + strings.Repeat(consumed, m[3]-m[2]) + rest[m[3]:]
		}
	}
	return append(putRight(all, said), named(text)...)
}

// takenBack are words by which a speaker corrects what was just said, and what
// comes right after 不是.
var takenBack = regexp.MustCompile(`不对|说错了|我说错|搞错了|弄错了|记错了|报错了|更正|应该是|不不|哦不|不是`)

// putRight drops what was taken back: an entity before such a word when one of
// its kind follows, and that of 不是X，是Y.
func putRight(all []found, said string) []Entity {
	var out []Entity
	for i, e := range all {
		if !replaced(e, all[i+1:], said) && !replaced(e, all[:i], said) {
			out = append(out, e.Entity)
		}
	}
	return out
}

func replaced(e found, others []found, said string) bool {
	for _, o := range others {
		if o.Kind != e.Kind || o.at <= e.at {
			continue
		}
		between := said[min(e.at+len(e.Text), o.at):o.at]
		if takenBack.MatchString(between) || strings.HasSuffix(said[:e.at], "不是") && strings.HasSuffix(strings.TrimRight(between, "的"), "是") {
			return true
		}
	}
	return false
}

// named finds what lists know: carriers, colours and an address.
func named(text string) []Entity {
	var out []Entity
	for _, m := range carriers.FindAllString(text, -1) {
		out = append(out, Entity{Carrier, m, m})
	}
	for _, m := range colours.FindAllStringSubmatch(text, -1) {
		word := m[1] + m[2] + m[3]
		out = append(out, Entity{Colour, word, strings.TrimSuffix(word, "色") + "色"})
	}
	if a := FindAddress(text); a != "" {
		out = append(out, Entity{Kind: Address, Text: a, Value: a})
	}
	return out
}

var (
	carriers = regexp.MustCompile(`顺丰|圆通|中通|申通|韵达|极兔|德邦|京东(?:快递|物流)|邮政(?:快递|小包)?|菜鸟(?:直送|速递)`)
	// A colour stands before 色, or alone before what only a colour stands before.
	colours = regexp.MustCompile(`(酒红|藏青|深蓝|浅蓝|天蓝|墨绿|浅灰|深灰|米白|卡其|咖啡|黑|白|红|蓝|绿|黄|灰|紫|粉|棕|橙|米|驼|杏|银|金|青|咖|香槟|奶油|焦糖|军绿|豆沙|雾霾蓝)(色)|(?:^|[要换成是把的件条双个，])(黑|白|红|蓝|绿|黄|灰|紫|粉|棕|橙)(?:的|那|款|$|，)`)
)
