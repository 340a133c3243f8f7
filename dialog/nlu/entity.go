package nlu

import (
	"regexp"
	"strconv"
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
)

// Entity is something found in a text.
type Entity struct {
	Kind  Kind   `json:"kind"`
	Text  string `json:"text"`
	Value string `json:"value"`
}

// rule finds one kind of entity; value turns the groups of a match into a
// value, "" for none. Rules are tried in order and consume what they find.
type rule struct {
	kind  Kind
	re    *regexp.Regexp
	value func(m []string) string
}

func first(m []string) string { return strings.ToUpper(m[1]) }

// rules returns the table; the order matters: a phone number is no order
// number, an order number is no tail.
func rules() []rule {
	return []rule{
		{TaxID, regexp.MustCompile(`税号[是为：: ]*([0-9a-z]{15,20})`), first},
		{Phone, regexp.MustCompile(`(?:^|[^0-9a-z])(?:\+?86)?(1[3-9][0-9]{9})(?:[^0-9]|$)`), first},
		{Number, regexp.MustCompile(`(?:^|[^0-9a-z])([a-z]{0,4}[0-9]{8,24})(?:[^0-9]|$)`), first},
		{Height, regexp.MustCompile(`(?:身高)?([12])米([0-9])([0-9])?`), func(m []string) string {
			if m[3] == "" {
				m[3] = "0"
			}
			return m[1] + m[2] + m[3]
		}},
		{Height, regexp.MustCompile(`身高[是有]?(1[3-9][0-9]|20[0-9])`), first},
		{Height, regexp.MustCompile(`(?:身高|高)?(1[3-9][0-9]|20[0-9])(?:cm|厘米|公分|的身高|身高|，|高|左右|$)`), first},
		{Weight, regexp.MustCompile(`(?:体重|重)?([0-9]{2,3})(斤|公斤|kg|千克)`), weight},
		{Weight, regexp.MustCompile(`体重([0-9]{2,3})()`), weight},
		{SizeOf, regexp.MustCompile(`(?:^|[^0-9a-z])(x{0,3}[sl]|m|[2-4]xl)(?:[^a-z]|$)`), first},
		{SizeOf, regexp.MustCompile(`(3[4-9]|4[0-6])码`), first},
		{Amount, regexp.MustCompile(`([0-9]+(?:\.[0-9]{1,2})?)(?:元|块)`), first},
		{Tail, regexp.MustCompile(`(?:^|[^0-9.])([0-9]{4,7})(?:[^0-9.]|$)`), first},
		{Ordinal, regexp.MustCompile(`第?([一二三四五1-5])个`), ordinal},
		{Ordinal, regexp.MustCompile(`最(后|近|新)`), func(m []string) string {
			if m[1] == "后" {
				return "-1"
			}
			return "1"
		}},
	}
}

func weight(m []string) string {
	n, err := strconv.Atoi(m[1])
	if err != nil {
		return ""
	}
	if m[2] == "斤" || m[2] == "" && n >= 90 { // people count their weight in half kilos
		n = (n + 1) / 2
	}
	return strconv.Itoa(n)
}

func ordinal(m []string) string {
	if d, ok := digitOf([]rune(m[1])[0]); ok {
		return string(d)
	}
	return ""
}

// finder holds the compiled rules.
type finder struct{ rules []rule }

// Entities finds what the rules know in a normalised text.
func Entities(text string) []Entity { return builtin.find(text) }

// builtin is compiled once; it is never changed.
var builtin = finder{rules()}

func (f finder) find(text string) []Entity {
	var out []Entity
	rest := strings.ToLower(arabic(text))
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
				out = append(out, Entity{Kind: r.kind, Text: groups[1], Value: v})
			}
			rest = rest[:m[2]] + "|" + rest[m[3]:]
		}
	}
	if a := FindAddress(text); a != "" {
		out = append(out, Entity{Kind: Address, Text: a, Value: a})
	}
	return out
}

// arabic writes Chinese numerals with a unit as digits: 一百三十斤 -> 130斤,
// 一米七五 -> 1米75.
func arabic(text string) string {
	text = metres.ReplaceAllStringFunc(text, func(s string) string {
		return strings.Map(func(r rune) rune {
			if d, ok := digitOf(r); ok {
				return d
			}
			return r
		}, s) + "，"
	})
	return numeral.ReplaceAllStringFunc(text, func(s string) string {
		if n, ok := ParseNumeral(s); ok && n >= 10 {
			return strconv.Itoa(n)
		}
		return s
	})
}

var numeral = regexp.MustCompile(`[零〇一二三四五六七八九两十百千万]{2,}`)

var metres = regexp.MustCompile(`[一两二]米[零〇一二三四五六七八九]{1,2}`)

// ParseNumeral reads a Chinese cardinal number: 三百二十, 一千零五, 一百三.
func ParseNumeral(s string) (n int, ok bool) {
	total, section, digit, unit := 0, 0, -1, 0
	for _, r := range s {
		if d, is := digitOf(r); is {
			digit = int(d - '0')
			continue
		}
		scale := map[rune]int{'十': 10, '百': 100, '千': 1000, '万': 10000}[r]
		switch {
		case scale == 0:
			return 0, false
		case scale == 10000:
			total, section = (section+max(digit, 0))*scale, 0
		case digit < 0 && r == '十':
			section += scale
		case digit < 0:
			return 0, false
		default:
			section += digit * scale
		}
		digit, unit = -1, scale
	}
	if digit > 0 {
		if unit >= 100 && !strings.ContainsAny(s, "零〇") { // 一百三 is 130
			digit *= unit / 10
		}
		section += digit
	}
	return total + section, unit > 0
}
