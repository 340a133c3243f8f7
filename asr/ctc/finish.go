package ctc

// closing says what a word at the end of an utterance tells about it.
type closing uint8

const (
	closeByLM closing = iota // the language model knows best
	closeNot                 // a listener waits for more: conjunctions, prepositions, verbs without what they are about
	closeAsk                 // 一下: 问一下 and 请问一下 announce a question, 查一下订单 and 等一下 do not
	closeOf                  // 的: 红色的 is an answer, 我昨天买的 is not, and the language model tells which sooner than elsewhere
	closeHum                 // 嗯: an answer where one is expected, else somebody thinks
	closeAll                 // a whole utterance when nothing else was said
)

// waiting are words that never end what somebody wants to say, unless they are
// an answer and all that was said (是, 要, 有).
var waiting = []string{
	"因为", "如果", "但是", "可是", "不过", "然后", "还有", "就是", "而且", "所以", "或者", "还是", "和", "跟", "与", "以及", "另外", "比如",
	"把", "被", "给", "在", "从", "往", "对于", "关于", "按", "用", "让", "叫", "帮", "请", "请问", "我", "帮我", "麻烦", "麻烦你",
	"是", "要", "想", "想要", "有", "能", "会", "可以", "可不可以", "能不能", "是不是", "不能", "应该", "需要", "买", "改成", "换成",
	"那个", "这个", "那", "这", "那么",
}

// manners are whole utterances beside the answers.
var manners = []string{"你好", "您好", "喂", "谢谢", "谢谢你", "谢谢您", "再见", "拜拜", "不客气", "没事", "没事了", "知道了", "明白了", "收到", "行了", "好吧"}

func (g *Graph) closings() []closing {
	out := make([]closing, len(g.lm.Words))
	mark := func(c closing, words ...string) {
		for _, text := range words {
			if id, ok := g.lexicon[text]; ok {
				out[id] = c
			}
		}
	}
	mark(closeNot, waiting...)
	mark(closeAsk, "一下")
	mark(closeOf, "的")
	mark(closeHum, "嗯", "呃", "哦", "啊", "额")
	mark(closeAll, manners...)
	return out
}

// Bounds of ln P(the sentence ends here): above complete it does, below
// unfinished it goes on. They part the prefixes of finish_test.go.
const (
	complete     = -2.0
	unfinished   = -4.5
	unfinishedOf = -3.0
)

// Finish is how the sentence sounds as far as it was heard: 1 when words,
// grammar and language model say that it is complete, -1 when it visibly goes
// on (a number too short, a conjunction, a verb whose object is missing), 0
// when neither.
func (d *Decoder) Finish() int {
	if len(d.active) == 0 || d.active[0].node == 0 {
		return 0
	}
	t := &d.active[0]
	n := d.node(t.node)
	words := d.words(t.node, n)
	if len(words) == 0 {
		return -1
	}
	best, last := arc{logp: never}, int32(0)
	for _, w := range words {
		d.arcBuf = d.arcs(t.state, w, d.arcBuf[:0])
		for _, a := range d.arcBuf {
			if a.logp > best.logp {
				best, last = a, w
			}
		}
	}
	if best.to.run > 0 {
		return d.runs.verdict(best.to)
	}
	return d.verdict(t.hist, last, d.end(best.to))
}

// verdict judges an utterance by the word it ends with, what came before, and
// ln P(the sentence ends).
func (d *Decoder) verdict(before, last int32, end float32) int {
	if last < 0 {
		return byLM(end, unfinished) // a name that the turn expects
	}
	c, alone := d.graph.closing[last], before == none
	switch {
	case c == closeHum && d.hints.YesNo == 0:
		return -1
	case alone && (d.graph.yesNo[last] || c == closeAll):
		return 1
	case c == closeNot, c == closeAsk && !alone && d.announces(d.links[before].word):
		return -1
	case c == closeOf:
		return byLM(end, unfinishedOf)
	}
	return byLM(end, unfinished)
}

// announces reports whether 一下 after the word announces a question.
func (d *Decoder) announces(word int32) bool {
	text := d.text(word)
	return text == "问" || text == "请问" || text == "想问"
}

func byLM(end, unfinished float32) int {
	switch {
	case end > complete:
		return 1
	case end < unfinished:
		return -1
	}
	return 0
}
