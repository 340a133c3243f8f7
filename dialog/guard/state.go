package guard

import (
	"regexp"
	"strings"
)

// standing is a way to say where an order, a parcel or a refund stands, and the
// states of a record that prove it.
type standing struct {
	says   *regexp.Regexp
	proven string // states, separated by blanks
}

const notYet = `(?:还没有?|尚未|还未|未|没有?)`

// standings: what is denied comes before what is said, because it holds the
// same words.
var standings = []standing{
	{regexp.MustCompile(notYet + `(?:发货|发出|寄出)`), "to-pay paid cancelled"},
	{regexp.MustCompile(notYet + `签收`), "to-pay paid shipped delivering in-transit accepted in-locker delayed"},
	{regexp.MustCompile(notYet + `(?:付款|支付)`), "to-pay"},
	{regexp.MustCompile(`已经?(?:发货|发出|寄出)|(?:发货|寄出)了`), "shipped delivering signed accepted in-transit in-locker delayed closed refunding refunded"},
	{regexp.MustCompile(`已经?(?:被|由.{1,6})?签收|签收了|已经?(?:送达|妥投)`), "signed closed refunding refunded"},
	{regexp.MustCompile(`正在(?:派送|配送|派件)|(?:派送|配送|派件)中`), "delivering"},
	{regexp.MustCompile(`运输中|正在运输|在途中|在路上`), "shipped accepted in-transit delivering delayed"},
	{regexp.MustCompile(`已经?揽收`), "accepted in-transit delivering in-locker signed delayed"},
	{regexp.MustCompile(`已经?退款|退款(?:已经?)?(?:成功|完成|到账)|已经?(?:退回|退还)`), "done refunded"},
	{regexp.MustCompile(`退款中|正在退款`), "refunding open"},
	{regexp.MustCompile(`已经?(?:帮您|为您|给您)?取消|取消(?:成功|了|好了)`), "cancelled"},
	{regexp.MustCompile(`已经?(?:付款|支付)|(?:付款|支付)成功`), "paid shipped delivering signed closed refunding refunded"},
}

// supposed clauses ask or suppose and assert nothing.
var (
	supposed = regexp.MustCompile(`吗|是不是|是否|有没有|如果|要是|假如|若|[的之以]后|后[，0-9一二两三四五六七八九十]|后就|时候|前`)
	clauses  = regexp.MustCompile(`[^，。；！？,;!?]+[，。；！？,;!?]?`)
)

func stated(sentence string) []Claim {
	var out []Claim
	for _, clause := range clauses.FindAllString(sentence, -1) {
		if supposed.MatchString(clause) || strings.HasSuffix(clause, "？") {
			continue
		}
		for _, s := range standings {
			clause = s.says.ReplaceAllStringFunc(clause, func(text string) string {
				out = append(out, Claim{Kind: State, Text: text, value: s.proven})
				return "|"
			})
		}
	}
	return out
}

// stands tells whether one of the states is among the facts.
func (e evidence) stands(states string) bool {
	for state := range strings.SplitSeq(states, " ") {
		if e.facts[state] {
			return true
		}
	}
	return false
}
