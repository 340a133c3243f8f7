package nlu

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// piece is a stretch of a sentence that may stand alone. cost is what it takes
// to part it from the piece before.
type piece struct {
	text string
	mark string // what stood between it and the piece before
	cost float64
}

// What a cut costs, in nats of the clauses' summed log probability: the least
// where the speaker announces another question, the most where nothing but a
// finished question lies before it. Set on data/clauses.tsv.
const (
	announcedCut = -1.6
	pauseCut     = -1.3
	bareCut      = -1.1
	noQuestion   = 1.4  // more, for each side that asks for nothing
	aloneFrom    = 0.55 // least probability of a clause that stands alone
	mostPieces   = 8    // of a turn; the rest stays with the last
	shortest     = 3    // characters of a clause
)

var (
	// announced are words before another question.
	announced = regexp.MustCompile(`另外|还有就是|还有(?:[^货没吗吧不多几剩一两\p{N}，。？！；]|一个问题)|顺便|顺带|然后|还想问|再问|再帮|再把|对了|以及|还要|同时`)
	// finished ends a question that another may follow without a pause.
	finished = regexp.MustCompile(`[吗啊呀]|多少钱|啥价|呢|几天|多久|多大码|什么码|好看|哪了|怎么[洗用泡装]`)
	// asking is what a clause that wants something holds.
	asking = regexp.MustCompile(`吗|呢|么|什么|怎么|多少|多久|多大|几|哪|谁|何时|能|可以|可不可以|有没有|是不是|没有|[不没]$|想|要|帮|请|麻烦|给我|查|催|开|改|退|换|取消|投诉|推荐|转人工`)
	pauses = "，。？！；\n"
)

// pieces cuts a normalised text wherever a new question may begin.
func pieces(text string) []piece {
	var out []piece
	add := func(text, mark string, cost float64) {
		text = strings.Trim(text, " "+pauses)
		if text == "" {
			return
		}
		n := len(out)
		if n > 0 && (utf8.RuneCountInString(text) < shortest || utf8.RuneCountInString(out[n-1].text) < shortest || n == mostPieces) {
			out[n-1].text += mark + text
			return
		}
		out = append(out, piece{text, mark, cost})
	}
	for i, part := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(pauses, r) }) {
		for j, at := range cuts(part) {
			cost, mark := at.cost, ""
			if j == 0 && i > 0 {
				mark, cost = "，", min(cost, pauseCut)
			}
			add(part[at.from:at.to], mark, cost)
		}
	}
	return out
}

// span is part of a text that a cut leaves.
type span struct {
	from, to int
	cost     float64
}

// cuts divides a text without pauses before announcing words and after
// finished questions.
func cuts(text string) []span {
	at := map[int]float64{}
	for _, m := range finished.FindAllStringIndex(text, -1) {
		at[m[1]] = bareCut
	}
	for _, m := range announced.FindAllStringIndex(text, -1) {
		at[m[0]] = announcedCut
	}
	out := []span{{from: 0, cost: math.Inf(1)}}
	if c, ok := at[0]; ok {
		out[0].cost = c
	}
	for _, i := range sortedKeys(at) {
		if i > 0 && i < len(text) {
			out[len(out)-1].to = i
			out = append(out, span{from: i, cost: at[i]})
		}
	}
	out[len(out)-1].to = len(text)
	return out
}

func sortedKeys(m map[int]float64) []int {
	out := make([]int, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// standsAlone tells whether an intent can be one of several in a turn: what
// only opens, closes or steers a conversation goes with its neighbour.
func standsAlone(i Intent) bool {
	switch i {
	case None, Other, Greeting, Goodbye, Thanks, Yes, No, Never, Wait, Chat, Repeat, Slower, Faster, Robot, Busy, Insult, WrongPerson:
		return false
	}
	return true
}

// reading is the best way to read the first pieces of a turn.
type reading struct {
	cost    float64
	clauses []Clause
}

// divide groups the pieces into clauses of one intent each, so that their
// summed log probability less the cost of the cuts is the highest: two
// questions in one breath part, one question in two breaths does not.
func divide(in []piece, classify func(text string) Clause) []Clause {
	best := make([]reading, len(in)+1)
	for end := 1; end <= len(in); end++ {
		best[end].cost = math.Inf(1)
		for start := range end {
			text := in[start].text
			for _, p := range in[start+1 : end] {
				text += p.mark + p.text
			}
			c := classify(text)
			cost := best[start].cost - math.Log(max(float64(c.Score), 1e-6))
			if whole := start == 0 && end == len(in); !whole && !(standsAlone(c.Intent) && c.Score >= aloneFrom) {
				continue
			}
			if start > 0 {
				last := best[start].clauses
				if len(last) == 0 || oneQuestion(last[len(last)-1].Intent, c.Intent) {
					continue
				}
				if c.Intent == ShippingFee && slices.Contains(goingBack, last[len(last)-1].Intent) {
					c.Intent = ReturnShipping // 我想退货，运费谁出
				}
				cost += in[start].cost + silent(last[len(last)-1].Text) + silent(text)
			}
			if cost < best[end].cost {
				best[end] = reading{cost, append(slices.Clip(best[start].clauses), c)}
			}
		}
	}
	return best[len(in)].clauses
}

// goingBack are intents after which freight is that of the way back.
var goingBack = []Intent{Return, Exchange, Refund}

// oneQuestion tells that two intents side by side are one question in two
// breaths: a gift that is to be recommended, the price of a hundred.
func oneQuestion(a, b Intent) bool {
	for _, pair := range [][2]Intent{
		{Gift, Recommend}, {Bulk, Price}, {Restock, Stock}, {Refund, CancelOrder}, {ShippingFee, Price}, {Parcel, OrderStatus},
	} {
		if pair == [2]Intent{a, b} || pair == [2]Intent{b, a} {
			return true
		}
	}
	return a == b
}

// silent is the extra cost of a cut beside a text that asks for nothing.
func silent(text string) float64 {
	if asking.MatchString(text) {
		return 0
	}
	return noQuestion
}

// bare takes off the words that only lead over to another question.
func bare(part string) string {
	for _, w := range []string{"另外", "还有就是", "还有", "顺便问一下", "顺便", "顺带", "然后", "再问一下", "还想问一下", "还想问", "对了", "以及", "那么", "那"} {
		if rest, ok := strings.CutPrefix(part, w); ok && utf8.RuneCountInString(rest) >= shortest {
			return strings.TrimLeft(rest, "，")
		}
	}
	return part
}
