package ctc

import (
	"waggle/asr/lm"
)

// state is what the future depends on besides the place in the lexicon tree:
// the n-gram history, and inside a run of digits how many there were.
type state struct {
	gram lm.State
	run  uint8 // digits so far; 0 outside a run
	kind runKind
}

// arc is a way to take a word: what it costs and what it leads to.
type arc struct {
	to   state
	logp float32
}

// Spoken digits and the figure each stands for; 幺 is how 一 is read out in
// numbers.
var figures = map[string]int8{
	"零": 0, "一": 1, "幺": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
}

const noDigit = -1

// Words that begin an answer to a yes/no question.
var answers = []string{
	"是", "是的", "对", "对的", "好", "好的", "行", "可以", "要", "需要", "嗯", "没错", "没问题", "同意", "确认", "确定", "当然", "有", "愿意",
	"不", "不是", "不对", "不要", "不用", "不用了", "不需要", "不行", "不可以", "没有", "没", "不好", "算了", "取消", "不想", "不了", "不同意",
}

func (g *Graph) classes() {
	g.digit, g.yesNo, g.closing = make([]int8, len(g.lm.Words)), make([]bool, len(g.lm.Words)), g.closings()
	for i := range g.digit {
		g.digit[i] = noDigit
	}
	for text, figure := range figures {
		if id, ok := g.lexicon[text]; ok {
			g.digit[id] = figure
		}
	}
	for _, text := range answers {
		if id, ok := g.lexicon[text]; ok {
			g.yesNo[id] = true
		}
	}
}

// unexpectedRun is added when digits begin where the language model never saw
// them: their ten equal chances would otherwise swallow any unclear words.
const unexpectedRun = -4

// Hints weigh what the dialog expects this turn. The zero value expects
// nothing.
type Hints struct {
	// Digits and YesNo raise such answers (natural logarithm per answer).
	Digits, YesNo float32
	// Lengths are how many digits the number has that was asked for; a run of
	// such a length is likelier to end there. Nil when any will do.
	Lengths []int
	// Phrases are names to listen for, PhraseBoost what each gains.
	Phrases     []string
	PhraseBoost float32
}

// arcs appends the ways to take a word after s. Words below zero are phrases
// of the overlay.
func (d *Decoder) arcs(s state, word int32, dst []arc) []arc {
	m := d.graph.lm
	if word < 0 {
		return d.phraseArc(s, dst)
	}
	id := lm.WordID(word)
	figure := d.graph.digit[id]
	isDigit := figure != noDigit
	if s.run > 0 && isDigit {
		if int(s.run) < maxRun {
			to, logp := d.runs.then(s, figure)
			dst = append(dst, arc{to, logp})
		}
		return dst
	}
	from, left := d.runs.leave(s)
	logp, gram := m.Score(from.gram, id)
	if d.graph.yesNo[id] && s.gram == m.Start() {
		logp += d.hints.YesNo
	}
	dst = append(dst, arc{state{gram: gram}, left + logp})
	if isDigit {
		logp, gram := m.Score(from.gram, lm.Digits)
		if !m.Follows(from.gram, lm.Digits) {
			logp += unexpectedRun
		}
		to, first := d.runs.then(state{gram: gram}, figure)
		dst = append(dst, arc{to, logp + first + d.hints.Digits})
	}
	return dst
}

func (d *Decoder) phraseArc(s state, dst []arc) []arc {
	from, left := d.runs.leave(s)
	logp, gram := d.graph.lm.Score(from.gram, lm.Phrase)
	return append(dst, arc{state{gram: gram}, left + logp + d.phraseCost})
}

// end is ln P(the sentence ends after s).
func (d *Decoder) end(s state) float32 {
	from, left := d.runs.leave(s)
	logp, _ := d.graph.lm.Score(from.gram, lm.End)
	return left + logp
}
