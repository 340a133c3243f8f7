package tool

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Agreement to a read-back. nlu decides short answers by list; people also say
// a word more: 对，撤掉。好，就两条。那麻烦你催一下。 Such an answer is read as a
// closed grammar: words that mean yes, the deed that was asked about in any of
// its words, courtesies, and what was read back. It is a yes when it says yes
// or names the deed, and when nothing is left over. A negation, a doubt, a
// question, a value that was not read back and another deed are all left over,
// so none of them need be listed; what was said then is asked again.

// agreement is what one answer is measured by.
type agreement struct {
	question string
	deeds    []string // words of the deed, the longest first
	foreign  []string // words of other deeds
	own      []string // the merchant's words that mean yes
	rest     []rune
	yes      bool // a word that means yes was said
	deed     bool // the deed was named, and not by a negation
	clause   bool // the deed was named in this stretch
	hedged   bool // a word was said that is fine only beside the deed
}

// longestYes is how long a yes may be, in characters.
const longestYes = 22

// agreedTo tells whether the answer agrees to the question, both normalised,
// which reads back what the deeds are words of; own are further words for yes.
func agreedTo(answer, question string, deeds, foreign, own []string) bool {
	answer = strings.ToLower(strings.Trim(answer, "，。！ "))
	if answer == "" || utf8.RuneCountInString(answer) > longestYes || concedes.MatchString(answer) || feigned.MatchString(answer) {
		return false
	}
	a := agreement{question: askTail.ReplaceAllString(strings.ToLower(question), ""),
		deeds: longest(deeds), foreign: foreign, own: longest(own), rest: []rune(answer)}
	for len(a.rest) > 0 {
		if !a.take() {
			return false
		}
	}
	return a.deed || a.yes && !a.hedged
}

var (
	// askTail is the end of a read-back, which nobody repeats to agree.
	askTail = regexp.MustCompile(`[，]?(?:确认|可以|对|行|好|要)吗[？?]?$`)
	// concedes finds a yes that leads to a but, to another matter, or that asks.
	concedes = regexp.MustCompile(`(?:好|行|对|可以|成|中|要)是(?:好|行|对|可以|成|中|要|吧|$)|要是|(?:^|[，。！])(?:那|哦)?(?:好|行|对|是|成|对的|是的)了|(?:对|是|没错|对的|是的|没问题)吧|(?:好|是|可|真)(?:麻烦|辛苦|快|费心|早)(?:[啊呀哦的，。]|$)|好说|[？?]`)
	// feigned finds what has a yes in it and is none: a request to check (你确认一下,
	// 帮我核对下), which is not to confirm; 是这样的, which opens an explanation or takes one
	// note of; 得了吧, which is a refusal; and praise or mockery, 可以啊你, 你行你上.
	feigned = regexp.MustCompile(`(?:[你您帮]|麻烦|再|先|给我|替我)[^，。！]{0,4}(?:确认|确定|核对|核实|检查)|(?:确认|核对|核实)(?:一下|下)|^(?:哦|噢|喔|嗯|啊|原来|原来如此)?[，。]?是这样(?:子)?(?:的|啊|呀|哦|喔|了|呢)*[，。！]*$|(?:^|[，。！])(?:你|您|我看)?得了(?:[吧啊呀，。！你您]|$)|(?:可以|行|好|中|成|对|是)(?:啊|呀|哈|哇|的|嘛)[你您]|[你您]们?(?:可真|真|挺)?(?:行|可以|中|成|对)(?:[啊呀哈嘛吧的，。！你您]|$)|^(?:行|可以|好)[你您]`)
	// complaint may go before the deed: 那太慢了，还是取消。
	complaint = regexp.MustCompile(`^(?:那|这)?(?:也|可)?太[^不别没，。0-9]{1,3}了[，。！]?`)
	// this one is what was read back.
	thisOne   = regexp.MustCompile(`^就?(?:这一?个|[这那]一?(?:件|双|单|条|台|把|款|笔|张))`)
	digits    = regexp.MustCompile(`^[a-z0-9]+(?:\.[0-9]+)?`)
	anyNumber = regexp.MustCompile(`[a-z0-9]+(?:\.[0-9]+)?`)
	numeral   = regexp.MustCompile(`^([一二两三四五六七八九十])(件|双|条|个|台|把|盒|瓶|本|块|单|包|袋|支|张|套|顶|副|箱|份|罐|样)`)
	// measure words of goods: who hears 2件 may well say 两条.
	measure  = regexp.MustCompile(`^(?:件|双|条|个|台|把|盒|瓶|本|单|包|袋|支|张|套|顶|副|箱|份|罐)`)
	negation = regexp.MustCompile(`[不别没勿莫]`)

	yesses = longest(strings.Fields(`对 对的 对滴 对头 对着 没错 没错了 没错儿 是 是的 是滴 就是这样 就这样 就这样了 就这么办 就这么着 就这么定 就它 就他
		好 好的 好哒 好滴 好嘞 好勒 好咧 好呢 行 行的 行嘞 可以 可以的 可以了 阔以 要 要的 要得 得 得嘞 嗯 恩 嗯呐 嗯哪 哦了 中 成 妥 妥了 妥妥的 ok okay yes
		确认 确定 确认无误 无误 正确 同意 我同意 赞成 允许 当然 必须的 愿意 没问题 没有问题 没毛病 没有毛病 没意见 没有意见 莫得问题 冇问题 没啥问题 系 系啊 照办 准了
		麻烦了 麻烦你了 麻烦您了 拜托了 辛苦了 有劳了 听你的 听您的 按你说的 照你说的 按您说的 照您说的 按你说的办 照你说的办 就按这个 按这个来
		这下对了 这回对了 这次对了 现在对了 这就对了 这下可以 整吧 搞吧 弄吧 办吧 来吧 处理吧 安排吧 搞起 办 👌 这样行 这样可以 这样就行 这样就好`))
	// hedges are fine beside the deed alone.
	hedges = longest(strings.Fields(`还是 那个 只 只是要 想 吧还是`))
	// courtesies change nothing.
	courtesies = longest(strings.Fields(`吧 嘛 啊 呀 哦 噢 喔 哈 呗 哟 哎 诶 欸 唉 呃 额 昂 了 的 就 给 我 咱 咱们 俺 帮 那 那就 请 您 你 你们 把 它 掉 起来 过来 过去 上 下 成
		一下 一下子 一声 一并 下吧 赶紧 赶快 快 快点 快一点 快些 搞快点 尽快 尽早 马上 立刻 立马 现在 直接 抓紧 早点 早些 就行 就好 就可以 就成 即可
		办 办理 办了 处理 弄 搞 整 操作 做 来 安排 走起 这么 这样 这 谢谢 谢谢你 谢谢您 多谢 谢了 谢啦 啦 麻烦 麻烦你 麻烦您 拜托 辛苦 辛苦你 劳驾 有劳 费心
		订单 单子 这单 给我个说法 说法 为我 替我 帮我 的话 嗯 申请 提交 算我倒霉`))
)

// longest sorts words so that the first that fits is the longest.
func longest(words []string) []string {
	slices.SortStableFunc(words, func(a, b string) int { return len(b) - len(a) })
	return words
}

// lead returns how many characters of the rest the longest of the words takes.
func (a *agreement) lead(words []string) int {
	s := string(a.rest)
	for _, w := range words {
		if strings.HasPrefix(s, w) {
			return utf8.RuneCountInString(w)
		}
	}
	return 0
}

// take reads one token off the rest, the longest that fits; false when nothing
// does.
func (a *agreement) take() bool {
	s := string(a.rest)
	if strings.ContainsRune("，。！、~ ", a.rest[0]) {
		a.clause, a.rest = false, a.rest[1:]
		return true
	}
	if m := complaint.FindString(s); m != "" {
		a.hedged, a.rest = true, a.rest[utf8.RuneCountInString(m):]
		return true
	}
	if n, ok := a.number(s); n > 0 && a.lead(yesses)+a.lead(a.own) == 0 {
		a.rest = a.rest[n:]
		return ok
	}
	said, ok := a.repeated()
	deed, yes, hedge := a.lead(a.deeds), max(a.lead(yesses), a.lead(a.own)), a.lead(hedges)
	polite := max(a.lead(courtesies), utf8.RuneCountInString(thisOne.FindString(s)))
	n := max(said, deed, yes, hedge, polite)
	switch {
	case n == 0:
		return false
	case deed == n:
		a.clause = true
		// A deed that is named by a negation, 不要了, may as well turn it down.
		a.deed = a.deed || !negation.MatchString(string(a.rest[:n]))
	case yes == n:
		a.yes = true
	case polite == n:
	case hedge == n:
		a.hedged = true
	case !ok:
		return false
	}
	a.rest = a.rest[n:]
	return true
}

// number reads a number or a size in letters with its unit, which must be one that was read back.
// It returns how many characters it takes, 0 for no number.
func (a *agreement) number(s string) (int, bool) {
	value := digits.FindString(s)
	n := len(value)
	if value == "" {
		m := numeral.FindStringSubmatch(s)
		if m == nil {
			return 0, false
		}
		if strings.Contains(a.question, m[0]) {
			return utf8.RuneCountInString(m[0]), true
		}
		at := strings.Index("一二三四五六七八九十", strings.Replace(m[1], "两", "二", 1))
		value, n = strconv.Itoa(1+at/len("一")), 1
	}
	unit := ""
	if n < len(a.rest) && !strings.ContainsRune("，。！、 吧的就了啊嘛呗哈", a.rest[n]) {
		unit = string(a.rest[n])
	}
	for _, loc := range anyNumber.FindAllStringIndex(a.question, -1) {
		of := a.question[loc[1]:]
		if a.question[loc[0]:loc[1]] == value && (strings.HasPrefix(of, unit) || measure.MatchString(unit) && measure.MatchString(of)) {
			return n + utf8.RuneCountInString(unit), true
		}
	}
	return n, false
}

// repeated returns how many characters repeat the read-back, and whether that
// may be: another deed that the question mentions may be repeated only after
// the deed itself, as in 撤销退货申请.
func (a *agreement) repeated() (int, bool) {
	best, verbatim := 0, false
	for _, stretch := range strings.FieldsFunc(a.question, func(r rune) bool { return strings.ContainsRune("，。：", r) }) {
		n := 0
		for n < len(a.rest) && !strings.ContainsRune("，。！0123456789", a.rest[n]) && strings.Contains(stretch, string(a.rest[:n+1])) {
			n++
		}
		whole := n == utf8.RuneCountInString(stretch)
		if n > max(1, best) && (whole || !negation.MatchString(stretch)) {
			best, verbatim = n, whole
		}
	}
	said := string(a.rest[:best])
	ok := a.clause || verbatim || !slices.ContainsFunc(a.foreign, func(w string) bool { return strings.Contains(said, w) })
	return best, ok
}

// takesBack finds what a yes may not be followed by.
var takesBack = regexp.MustCompile(`但|不过|可是|只是|先|等一|等等|等下|等会|别|换成|改成|改到|改为|还是|^[^，。]{1,6}[？?]`)
