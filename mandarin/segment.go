package mandarin

import (
	"math"
	"unicode/utf8"
)

// costUnknown is what a character costs that is no word of the lexicon. It is
// above the rarest entry (about 180), so a known word always wins.
const costUnknown = 220

// Word is a stretch of text that is spoken as one unit.
type Word struct {
	Text string
	// Syllables has one entry per character that can be read aloud; it is
	// empty when the word is punctuation, Latin letters or digits.
	Syllables []Syllable
}

// Segment splits a text into words. The words' texts joined are the text.
// Among all splits it takes the one whose words are likeliest together
// (unigram model, shortest path by dynamic programming). Characters that are
// not Chinese form words of their own, one rune each.
func Segment(text string) []Word {
	var out []Word
	runes := []rune(text)
	d := dictionary()
	for start := 0; start < len(runes); {
		end := start
		for end < len(runes) && isHanzi(runes[end]) {
			end++
		}
		if end == start {
			w := spelledWord(runes[start:])
			if w.Text == "" {
				w.Text = string(runes[start])
			}
			out = append(out, w)
			start += utf8.RuneCountInString(w.Text)
			continue
		}
		out = append(out, d.run(runes[start:end])...)
		start = end
	}
	return out
}

// run reads the words of a run of characters, each beside its neighbours.
func (l *lexicon) run(runes []rune) []Word {
	words := l.split(runes)
	out := make([]Word, len(words))
	text, at := string(runes), 0
	for i, word := range words {
		before, after := text[:at], text[at+len(word):]
		at += len(word)
		out[i] = Word{Text: word, Syllables: l.read(word, inContext(word, before, after))}
	}
	return out
}

// split finds the cheapest path through the words that runes could be.
func (l *lexicon) split(runes []rune) []string {
	n := len(runes)
	best := make([]int32, n+1) // cheapest way to reach a position
	from := make([]int, n+1)   // where its last word began
	for end := 1; end <= n; end++ {
		best[end] = math.MaxInt32
		for start := max(0, end-l.longest); start < end; start++ {
			cost, ok := l.cost(string(runes[start:end]), end-start)
			if ok && best[start]+cost < best[end] {
				best[end], from[end] = best[start]+cost, start
			}
		}
	}
	var words []string
	for end := n; end > 0; end = from[end] {
		words = append(words, string(runes[from[end]:end]))
	}
	for i, j := 0, len(words)-1; i < j; i, j = i+1, j-1 {
		words[i], words[j] = words[j], words[i]
	}
	return words
}

func (l *lexicon) cost(word string, runes int) (int32, bool) {
	if e, ok := l.words[word]; ok {
		return e.cost, true
	}
	return costUnknown, runes == 1
}

// isHanzi covers the blocks that go-pinyin has readings for, and 〇.
func isHanzi(r rune) bool {
	return r >= 0x4E00 && r <= 0x9FFF || r == '〇' || r >= 0x3400 && r <= 0x4DBF || r >= 0x20000 && r <= 0x3134F
}
