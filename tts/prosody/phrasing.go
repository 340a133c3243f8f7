package prosody

import (
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"waggle/mandarin"
	"waggle/tts/spoken"
)

// Lengths of silence. A listener takes less than about 200 ms between clauses
// for a hesitation and more than a second for the end of the turn.
const (
	pauseGroup    = 130 * time.Millisecond // between groups of digits, items of a list
	pauseBreath   = 60 * time.Millisecond  // where a long clause is divided
	pauseClause   = 240 * time.Millisecond
	pauseSentence = 420 * time.Millisecond
)

// A clause longer than longBreath syllables gets short pauses inside, and one
// longer than longestPhrase is cut. No part is shorter than shortestPart.
const (
	longBreath    = 12
	longestPhrase = 26
	shortestPart  = 4
)

func endsSentence(mark rune) bool {
	return mark == spoken.Sentence || mark == spoken.Question || mark == spoken.Exclaim
}

func pauseAfter(mark rune) time.Duration {
	switch mark {
	case spoken.Clause:
		return pauseClause
	case spoken.Group:
		return pauseGroup
	case 0:
		return 0
	}
	return pauseSentence
}

// breaths splits the text at clause and sentence marks, and further where a
// clause is too long to be synthesised in one go.
func breaths(text string) []breath {
	var out []breath
	for len(text) > 0 {
		end := strings.IndexFunc(text, func(r rune) bool { return r == spoken.Clause || endsSentence(r) })
		clause, mark, size := text, rune(0), 0
		if end >= 0 {
			mark, size = utf8.DecodeRuneInString(text[end:])
			clause = text[:end]
		}
		text = text[len(clause)+size:]
		out = append(out, divide(feet(clause), mark)...)
	}
	return out
}

// divide cuts a clause that is longer than a phrase may be, and sets short
// pauses inside the parts.
func divide(feet []foot, mark rune) []breath {
	if len(feet) == 0 {
		return nil
	}
	if cut := bestCut(feet); size(feet) > longestPhrase && cut > 0 {
		return append(divide(feet[:cut], spoken.Group), divide(feet[cut:], mark)...)
	}
	breathe(feet)
	feet[len(feet)-1].pause = 0 // the mark pauses
	return []breath{{feet: feet, mark: mark}}
}

// breathe sets pauses until no run of feet is longer than longBreath.
func breathe(feet []foot) {
	for i, f := range feet {
		if f.pause > 0 && i+1 < len(feet) {
			breathe(feet[:i+1])
			breathe(feet[i+1:])
			return
		}
	}
	if size(feet) <= longBreath {
		return
	}
	if cut := bestCut(feet); cut > 0 {
		feet[cut-1].pause = max(feet[cut-1].pause, pauseBreath)
		breathe(feet[:cut])
		breathe(feet[cut:])
	}
}

func size(feet []foot) int {
	n := 0
	for _, f := range feet {
		n += f.syllables
	}
	return n
}

// Where a clause may be divided: before what opens a new part, or behind what
// closes one; not behind a number, which belongs to what it counts.
const (
	openers = "在从到已将会请可以和或给把被因由为就也都才再并且但而如若要能让"
	closers = "的了着是有过后前时内外上下"
)

// bestCut is the index of the foot that should begin the second part, near the
// middle, with at least shortestPart syllables on both sides; 0 when there is
// none.
func bestCut(feet []foot) int {
	total, left := size(feet), 0
	best, bestScore := 0, float64(-1<<20)
	for i := 1; i < len(feet); i++ {
		left += feet[i-1].syllables
		if left < shortestPart || total-left < shortestPart {
			continue
		}
		score := -math.Abs(float64(left)-float64(total)/2) / 2
		before, after := feet[i-1].last(), feet[i].first()
		switch {
		case feet[i-1].pause > 0:
			score += 8
		case strings.ContainsRune(openers, after):
			score += 3
		case strings.ContainsRune(closers, before):
			score += 2
		}
		if strings.ContainsRune(counting, before) {
			score -= 6
		}
		if score > bestScore {
			best, bestScore = i, score
		}
	}
	return best
}

func (f foot) first() rune {
	r, _ := utf8.DecodeRuneInString(f.words[0].Text)
	return r
}

func (f foot) last() rune {
	r, _ := utf8.DecodeLastRuneInString(f.words[len(f.words)-1].Text)
	return r
}

// clitics lean on the word before them.
const clitics = "的了着过吗呢吧啊呀嘛地得们里上下个次元块点分秒年月日号天岁件位度到是码折号楼路"

// counting holds the characters that numbers and counts end with.
const counting = "零一二三四五六七八九十百千万亿幺点两几个件只双条张块元次位到杠"

// feet packs the words of a clause into groups of two or three syllables,
// four with a clitic: 您的|快递|已经|到了.
func feet(clause string) []foot {
	var out []foot
	joined := false // may the next word join the last foot
	for _, w := range mandarin.Segment(clause) {
		n := len(w.Syllables)
		if n == 0 {
			if strings.ContainsRune(w.Text, spoken.Group) && len(out) > 0 {
				out[len(out)-1].pause = pauseGroup
			}
			joined = false
			continue
		}
		if joined && joins(out[len(out)-1], w) {
			last := &out[len(out)-1]
			last.words = append(last.words, w)
			last.syllables += n
		} else {
			out = append(out, foot{words: []mandarin.Word{w}, syllables: n})
		}
		joined = true
	}
	return out
}

func joins(f foot, w mandarin.Word) bool {
	n := len(w.Syllables)
	if n == 1 && strings.Contains(clitics, w.Text) {
		return f.syllables+n <= 4
	}
	if isNumeral(w.Text) { // 四十二 is one foot, and 和 before it is not part of it
		return isNumeral(f.words[len(f.words)-1].Text) && f.syllables+n <= 4
	}
	return f.syllables == 1 && f.syllables+n <= 3
}

func isNumeral(word string) bool {
	return strings.Trim(word, "零一二三四五六七八九十百千万亿幺两") == ""
}
