package prosody

import (
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

// A clause longer than longBreath syllables is divided near every
// breathLength syllables; a phrase never holds more than longestPhrase.
const (
	longBreath    = 11
	breathLength  = 7
	longestPhrase = 26
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

// divide sets short pauses inside a long clause, and cuts what is longer than
// a phrase may be.
func divide(feet []foot, mark rune) []breath {
	left := 0
	for _, f := range feet {
		left += f.syllables
	}
	var out []breath
	start, run, size := 0, 0, 0
	long := left > longBreath
	for i := range feet {
		f := &feet[i]
		run, size, left = run+f.syllables, size+f.syllables, left-f.syllables
		if f.pause > 0 {
			run = 0
		} else if long && run >= breathLength && left >= 4 {
			f.pause, run = pauseBreath, 0
		}
		if size >= longestPhrase-4 && left > 0 && f.pause > 0 || size >= longestPhrase {
			out = append(out, breath{feet: feet[start : i+1], mark: spoken.Group})
			f.pause, start, size = 0, i+1, 0
		}
	}
	if start < len(feet) {
		feet[len(feet)-1].pause = 0
		out = append(out, breath{feet: feet[start:], mark: mark})
	} else if len(out) > 0 {
		out[len(out)-1].mark = mark
	}
	return out
}

// clitics lean on the word before them.
const clitics = "的了着过吗呢吧啊呀嘛地得们里上下个次元块点分秒年月日号天岁件位度到是"

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
	return f.syllables == 1 && f.syllables+n <= 3
}
