package dialog

import (
	"regexp"
	"slices"

	"waggle/dialog/nlu"
)

// Several questions in one turn, and what they are to each other.

// tellingFirst puts what only tells before what is done: an answer is out at
// once, what has to ask something asks last. A clause that points back at the
// one before it keeps its place.
func (e *Engine) tellingFirst(sc *Scene, all []nlu.Clause) []nlu.Clause {
	if len(all) < 2 || slices.ContainsFunc(all[1:], func(c nlu.Clause) bool { return pointsBack.MatchString(c.Text) }) {
		return all
	}
	late := func(c nlu.Clause) int {
		name, ok := e.flowOf(sc, c)
		if ok && !e.flows[name].Topic && !e.flows[name].Quick {
			return 1
		}
		return 0
	}
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b nlu.Clause) int { return late(a) - late(b) })
	return all
}

// pointsBack is a clause about what was named before it.
var pointsBack = regexp.MustCompile(`它|这[个单件笔]|那[个单件笔]|钱|退款|然后|再|之后|完`)

// unheard asks for what else was wanted in the turn where that was not certain
// enough to be done: an order must not go unanswered beside a question that was.
func (e *Engine) unheard(sc *Scene) {
	if sc.draft.question != nil || sc.draft.end || sc.draft.handOff != nil || sc.State.active() != nil {
		return
	}
	for _, c := range sc.Heard.Clauses {
		want, known := topic(c.Intent)
		name, ok := e.flowOf(sc, c)
		if known && ok && c.Score < certain && !e.flows[name].Topic && orders.MatchString(c.Text) {
			sc.Ask(Expect{Phrases: []string{want}}, FromFlow("clarify"), "另一件事您是想%s吗？可以再说一遍。", Text(want))
			return
		}
	}
}

// orders are words of one who wants something done.
var orders = regexp.MustCompile(`帮[我忙]|给我|麻烦|我[要想]`)

// rules reads a question whether goods can go back as one for the rule, where
// the turn is about goods that are yet to be bought: 花瓶多少钱，能退吗.
func rules(all []nlu.Clause) []nlu.Clause {
	if !slices.ContainsFunc(all, func(c nlu.Clause) bool { return slices.Contains(beforeBuying, c.Intent) && c.Score >= certain }) {
		return all
	}
	all = slices.Clone(all)
	for i, c := range all {
		if c.Intent == nlu.Return && whetherBack.MatchString(c.Text) {
			all[i].Intent, all[i].Score, all[i].Text = nlu.Policy, max(c.Score, certain), returnRule
		}
	}
	return all
}

// returnRule is the question that a rule for returns answers; the shopper's own
// words may be as few as 能退吗.
const returnRule = "支持七天无理由退货吗"

// beforeBuying are questions of one who has not bought yet.
var beforeBuying = []nlu.Intent{nlu.Price, nlu.Stock, nlu.Size, nlu.Promotion, nlu.Restock, nlu.Recommend, nlu.Bulk, nlu.Compare, nlu.Authentic}

// whetherBack asks whether goods can go back; a wish or an order named is more.
var whetherBack = regexp.MustCompile(`^[^0-9我您单]*(?:能退|可以退|能不能退|可不可以退|给退|支持退|包退|退不退|退得了|让退|可退|无理由|退换|能退换)[^款我单]*$`)
