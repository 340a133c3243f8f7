package ctc

import (
	"math"

	"waggle/asr/lm"
)

// state is what the future depends on besides the place in the lexicon tree:
// the n-gram history, and inside a run of digits how many there were.
type state struct {
	gram lm.State
	run  uint8 // digits so far; 0 outside a run
	kind runKind
}

// runKind says whether a run can still be a mobile number: 1, then 3 to 9.
type runKind uint8

const (
	plainRun runKind = iota
	startsWithOne
	mobileRun
)

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

// Lengths of what shoppers read out digit by digit, relative: last four of a
// number, verification codes, order numbers, mobile and courier numbers.
var runLengths = [...]float64{
	0, 0.5, 0.5, 2, 25, 3, 10, 2, 8, 2, 14, 12, 8, 8, 4, 3, 3, 2, 3, 2, 2,
}

// maxRun is the longest run of digits.
const maxRun = len(runLengths) - 1

// stopRun is ln P(a run ends after n digits | it got that far) and goOn its
// counterpart, from runLengths; a run that looks like a mobile number ends
// after eleven digits nearly always.
var stopRun, goOn = hazards(runLengths[:]), complements(hazards(runLengths[:]))

func hazards(lengths []float64) []float32 {
	out := make([]float32, len(lengths))
	left := 0.0
	for n := len(lengths) - 1; n > 0; n-- {
		left += lengths[n]
		out[n] = float32(math.Log(lengths[n] / left))
	}
	return out
}

func complements(logp []float32) []float32 {
	out := make([]float32, len(logp))
	for i, v := range logp {
		out[i] = float32(math.Log(max(1-math.Exp(float64(v)), 1e-6)))
	}
	return out
}

// The chance that a run starting like a mobile number is one.
var mobileStop, mobileOther = float32(math.Log(0.9)), float32(math.Log(0.1))

// stop is ln P(the run ends here).
func (s state) stop() float32 {
	if s.kind == mobileRun && s.run >= 3 {
		if s.run == 11 {
			return mobileStop
		}
		return stopRun[s.run] + mobileOther
	}
	return stopRun[s.run]
}

// unexpectedRun is added when digits begin where the language model never saw
// them: their ten equal chances would otherwise swallow any unclear words.
const unexpectedRun = -4

// lnTen is the price of one digit among ten.
var lnTen = float32(math.Log(10))

// then is the state after one more digit of a run, and its price.
func (s state) then(figure int8) (state, float32) {
	logp := -lnTen
	if s.run > 0 {
		logp += goOn[s.run]
		if s.kind == mobileRun && s.run >= 3 && s.run < 11 {
			logp = -lnTen
		}
	}
	switch {
	case s.run == 0 && figure == 1:
		s.kind = startsWithOne
	case s.run == 1 && s.kind == startsWithOne && figure >= 3:
		s.kind = mobileRun
	case s.run <= 1:
		s.kind = plainRun
	}
	s.run++
	return s, logp
}

// leave closes a run of digits.
func (s state) leave() (state, float32) {
	if s.run == 0 {
		return s, 0
	}
	return state{gram: s.gram}, s.stop()
}

// Hints weigh what the dialog expects this turn. The zero value expects
// nothing.
type Hints struct {
	// Digits and YesNo raise such answers (natural logarithm per answer).
	Digits, YesNo float32
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
			to, logp := s.then(figure)
			dst = append(dst, arc{to, logp})
		}
		return dst
	}
	from, left := s.leave()
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
		to, first := state{gram: gram}.then(figure)
		dst = append(dst, arc{to, logp + first + d.hints.Digits})
	}
	return dst
}

func (d *Decoder) phraseArc(s state, dst []arc) []arc {
	from, left := s.leave()
	logp, gram := d.graph.lm.Score(from.gram, lm.Phrase)
	return append(dst, arc{state{gram: gram}, left + logp + d.phraseCost})
}

// end is ln P(the sentence ends after s).
func (d *Decoder) end(s state) float32 {
	from, left := s.leave()
	logp, _ := d.graph.lm.Score(from.gram, lm.End)
	return left + logp
}
