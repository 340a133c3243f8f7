package nlu

import (
	"cmp"
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Bounds of the search for a second question.
const (
	shortest    = 2 // units of a clause
	mostPlaces  = 6 // where a text is tried to be cut
	mostClauses = 4 // of a turn
	leastLogit  = -3.0
	pauses      = "，。！？；\n"
)

func isPause(r rune) bool { return strings.ContainsRune(pauses, r) }

var (
	// announced are words before another question, mostly so words that may
	// stand before one.
	announced = regexp.MustCompile(`^(?:另外|还有就是|还有|顺便|顺带|还想问|对了|以及|同时|再问|第二|一个是|而且)`)
	mayFollow = regexp.MustCompile(`^(?:然后|再[帮把查看说给]|还[要得能想]|那么?|就|也|一个|并)`)
	// asking is what a clause that wants something holds.
	asking = regexp.MustCompile(`吗|呢|么|什么|怎么|多少|好多|多久|多大|几|哪|谁|何时|能|可以|可不可以|有没有|是不是|没有|[不没]$|想|要|帮|请|麻烦|给我|查|催|开|改|退|换|取消|投诉|推荐|转人工`)
	// dangling is what no clause ends with.
	dangling = regexp.MustCompile(`(?:怎么个?|为什么|什么时候|能不能|可不可以|是不是|要不要|[的把给被在和跟比想要会请就还也都才又再很太那]|[一这那每哪](?:个|件|款|双|条|只|单|套)|有?哪些|另外|还有|顺便|然后|以及|帮我)$`)
	// question is what asks and does not only want.
	question = regexp.MustCompile(`[吗呢么不没嘛伐]$|什么|怎么|多少|好多|多久|[多][大重高长厚]|几[天号点时件个年款]|哪|谁|何时|\p{Han}[不没]\p{Han}`)
)

// place is where a text may be cut.
type place struct {
	end, begin int // bytes: where the clause before ends and the one after begins
	logit      float64
	pause      bool
}

// places lists where a second question may begin: at pauses, before words that
// announce one, and where the words to either side say so; the likeliest, in
// order.
func (c *classifier) places(text string) []place {
	in := c.words.units(text)
	var out []place
	for k := shortest; k+shortest <= len(in); k++ {
		if in[k].pause || !in[k].begins {
			continue
		}
		p := place{end: in[k-1].to, begin: in[k].from, pause: in[k-1].pause, logit: c.ends.logit(in, k)}
		sure := p.pause || announced.MatchString(text[p.begin:])
		if sure || p.logit >= leastLogit && asking.MatchString(text[:p.end]) && asking.MatchString(text[p.begin:]) {
			out = append(out, p)
		}
	}
	likely := func(p place) float64 {
		x := p.logit
		if p.pause {
			x += mostLogit
		}
		if announced.MatchString(text[p.begin:]) {
			x += mostLogit
		}
		return x
	}
	slices.SortStableFunc(out, func(a, b place) int { return cmp.Compare(likely(b), likely(a)) })
	out = out[:min(len(out), mostPlaces)]
	slices.SortFunc(out, func(a, b place) int { return a.begin - b.begin })
	return out
}

// standsAlone tells whether an intent can be one of several in a turn: what
// only opens, closes or steers a conversation goes with its neighbour.
func standsAlone(i Intent) bool {
	switch i {
	case None, Other, Greeting, Goodbye, Thanks, Yes, No, Never, Wait, Chat, Repeat, Slower, Faster, Busy, Insult, WrongPerson, DoNotCall:
		return false
	}
	return true
}

// side is a stretch of text as the classifier reads it.
type side struct {
	clause Clause
	p      []float32 // of the intents; nil for what a list decided
}

// signs of a cut, in order. The weights of their sum are learnt; the sum is the
// log odds of two questions against one.
const (
	signBias = iota
	signPause
	signAnnounced
	signPauseAnnounced
	signMayFollow
	signWords    // what the words around the place say
	signLeft     // log probability of what is read on the left
	signRight    // and on the right
	signWhole    // and in the whole
	signAgree    // log probability that both sides want the same
	signLeftIn   // how much of the whole is what is on the left
	signRightIn  // and on the right
	signLeftAsks // whether each side asks for something
	signRightAsks
	signLeftLong // log of its units
	signRightLong
	signSame        // twice the same intent
	signOneQuestion // two intents that often are one question
	signLeftQuestion
	signRightQuestion
	signQuestions     // whether both sides do
	signSameQuestions // and want the same
	signFar           // probability of being out of scope, of both sides
	signWholeFar      // and of the whole
	signs
)

// signsOf a cut of the whole into left and right.
func (u *Understander) signsOf(whole, left, right side, text string, at place) (s [signs]float64) {
	log := func(x float32) float64 { return math.Log(max(float64(x), 1e-5)) }
	bit := func(b bool) float64 {
		if b {
			return 1
		}
		return 0
	}
	before, after := strings.TrimRight(text[:at.end], pauses), text[at.begin:]
	lead := announced.MatchString(after)
	s[signBias], s[signPause], s[signAnnounced] = 1, bit(at.pause), bit(lead)
	s[signPauseAnnounced], s[signMayFollow] = bit(at.pause && lead), bit(mayFollow.MatchString(after))
	s[signWords] = at.logit / 4
	l, r := left.clause, right.clause
	s[signLeft], s[signRight], s[signWhole] = log(l.Score), log(r.Score), log(whole.clause.Score)
	var same float32
	for i := range left.p {
		same += left.p[i] * right.p[i]
	}
	s[signAgree] = log(same)
	if whole.p != nil {
		s[signLeftIn] = log(whole.p[slices.Index(u.model.intents, l.Intent)])
		s[signRightIn] = log(whole.p[slices.Index(u.model.intents, r.Intent)])
	}
	s[signLeftAsks], s[signRightAsks] = bit(asking.MatchString(before)), bit(asking.MatchString(after))
	s[signLeftQuestion], s[signRightQuestion] = bit(question.MatchString(before)), bit(question.MatchString(after))
	both := s[signLeftQuestion] * s[signRightQuestion]
	s[signQuestions], s[signSameQuestions] = both, both*bit(l.Intent == r.Intent)
	s[signLeftLong] = math.Log(float64(utf8.RuneCountInString(before)))
	s[signRightLong] = math.Log(float64(utf8.RuneCountInString(after)))
	s[signSame], s[signOneQuestion] = bit(l.Intent == r.Intent), bit(oneQuestion(l.Intent, r.Intent))
	s[signFar], s[signWholeFar] = float64(l.far+r.far), float64(whole.clause.far)
	return s
}

// option is one way to cut a text in two.
type option struct {
	at          place
	left, right side
	signs       [signs]float64
}

// options lists the ways to cut a text in two questions.
func (u *Understander) options(whole side, text string, read func(text string) side) []option {
	var out []option
	for _, at := range u.model.places(text) {
		left, ok := read(text[:at.end]).alone()
		if !ok || u.model.open(text[:at.end], at.pause) || !at.pause && inMeasure(text[:at.end], text[at.begin:]) {
			continue
		}
		right, ok := read(text[at.begin:]).alone()
		if !ok || left.clause.Intent == right.clause.Intent && !manyAsked(left.clause.Intent) {
			continue
		}
		out = append(out, option{at, left, right, u.signsOf(whole, left, right, text, at)})
	}
	return out
}

// topic is the name of a ware that something is yet to be said of: the vase
// that I bought.
var topic = regexp.MustCompile(`(?:[这那](?:个|件|双|条|款|只|台|把|套|些|批|单)?|的)` + string(ware) + `[，、]?$`)

// open tells that a text is not over where it is cut: only an opening, or with
// an end that no clause has.
func (c *classifier) open(before string, pause bool) bool {
	return leads.FindString(before) == before || topic.MatchString(c.words.wares.Replace(before)) || matter.MatchString(before) ||
		!pause && dangling.MatchString(before)
}

// matter is a thing under way that something is yet to be said of: my refund.
var matter = regexp.MustCompile(`(?:^|[，、。！？；])(?:那|麻烦|请问|帮我|看看|查下|问下)?我?(?:的|那个?|这个?)(?:退款|快递|包裹|订单|单子|发票|货|钱)[，、]?$`)

// measured is a unit after a question for a number, which no cut parts: 多少|瓦.
var (
	countless = regexp.MustCompile(`(?:多少|几)$|(?:能|可以?)[装放用撑坐煮盛听玩待住]$`)
	measured  = regexp.MustCompile(`^(?:瓦|千瓦|度|毫?升|毫安|厘米|公分|毫?米|公?斤|千?克|寸|英寸|分钟|小时|天|年|个月|岁|档|分贝|平|匹|片|支|人|层|多[少久大重高长]|几)`)
	priced    = regexp.MustCompile(`(?:多少钱|什么价|几块)$`)
	piece     = regexp.MustCompile(`^[一每](?:个|件|条|双|只|台|把|套|斤|盒|瓶|包|袋|罐|支|本|张|顶)`)
)

// inMeasure tells that a cut would part a measure from its question.
func inMeasure(before, after string) bool {
	return countless.MatchString(before) && measured.MatchString(after) || priced.MatchString(before) && piece.MatchString(after)
}

// alone takes what was read of a side for what it wants, also where the same
// words by themselves would be asked back: beside another question of a shop's
// business they are hardly far from it.
func (s side) alone() (side, bool) {
	c := &s.clause
	if c.Intent == None && c.SecondScore >= leastSide {
		c.Intent, c.Score = c.Second, c.SecondScore
	}
	return s, s.p != nil && standsAlone(c.Intent)
}

// leastSide is the least probability of what a side wants.
const leastSide = 0.2

// divide cuts a text where two questions are likelier than one, and what it has
// cut again.
func (u *Understander) divide(whole side, text string, most int, read func(text string) side) []Clause {
	if most <= 1 || whole.clause.Intent == Other {
		return []Clause{whole.clause}
	}
	best, odds := -1, 0.0
	all := u.options(whole, text, read)
	for i, o := range all {
		if x := u.model.cuts.of(o.signs) - o.least(); x > odds {
			best, odds = i, x
		}
	}
	if best < 0 {
		return []Clause{whole.clause}
	}
	o := all[best]
	left := u.divide(o.left, text[:o.at.end], most-1, read)
	return append(left, u.divide(o.right, text[o.at.begin:], most-len(left), read)...)
}

// least is what the log odds of two questions must be above. Where both are only
// told of, one too many does no harm; where something is to be done it may.
func (o option) least() float64 {
	if o.at.pause && measureAndPrice(o.left.clause, o.right.clause) {
		return -mostLogit
	}
	if onlyTold(o.left.clause.Intent) && onlyTold(o.right.clause.Intent) {
		return toldOdds - o.signs[signPause]*pauseOdds
	}
	return deedOdds
}

const toldOdds, pauseOdds, deedOdds = 0, 0.4, 0.8

// cutWeights are those of the signs of a cut.
type cutWeights [signs]float64

func (w *cutWeights) of(s [signs]float64) (sum float64) {
	for i, x := range s {
		sum += w[i] * x
	}
	return sum
}

// leads are words that only lead over to a question, and greetings before it.
var leads = regexp.MustCompile(`^(?:另外|还有就是|还有|顺便|顺带|然后|对了|以及|那么?|而且|同时|其次|接着|请问一?下?|[再还]?想?问一[下声]|[再还]想问|问下|你好|您好|喂|哎呀?|呃|那个|麻烦问一?下|不好意思|[，！？。 ])+`)

// bare takes off the words that only lead over to a question.
func bare(part string) string {
	if at := leads.FindStringIndex(part); at != nil && utf8.RuneCountInString(part[at[1]:]) > shortest {
		return part[at[1]:]
	}
	return part
}
