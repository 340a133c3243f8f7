package ctc

import (
	"cmp"
	"slices"
	"strings"
)

// Word is one decoded word; times are output rows from the utterance's start.
type Word struct {
	Text       string
	Begin, End int
	// Gap is how far, per row, the word falls short of the best units that
	// were possible without any lexicon: 0 is perfect.
	Gap float32
}

// Reading is one way to understand the utterance.
type Reading struct {
	Words []Word
	// Score orders readings; differences are natural logarithms.
	Score float32
	// Sound and Greedy are the acoustic score of the reading and that of the
	// best units without lexicon and language model.
	Sound, Greedy float32
	// Language is the rest of the score.
	Language float32
	// Rows is how long the utterance is, Units how many units were spoken.
	Rows, Units int
}

// Text joins the words; Mandarin needs no spaces.
func (r Reading) Text() string {
	var b strings.Builder
	for _, w := range r.Words {
		b.WriteString(w.Text)
	}
	return b.String()
}

// tail is a hypothesis brought to the end of the sentence.
type tail struct {
	hist  int32
	last  *link // the word that ends now, nil when cut back
	score float32
	sound float32
	alts  *rivals // of hist
}

// Best is the best reading so far as if the sentence ended here, without
// looking for others.
func (d *Decoder) Best() Reading {
	tails := d.tails(0)
	if len(tails) == 0 {
		return Reading{Rows: int(d.frame), Greedy: d.greedyTotal()}
	}
	return d.reading(d.chain(tails[0].hist, tails[0].last), tails[0].score, tails[0].sound)
}

// Readings are the n best readings with different texts, best first. There is
// always at least one, perhaps empty.
func (d *Decoder) Readings(n int) []Reading {
	tails := d.tails(window)
	out := d.expand(tails, n)
	if len(out) == 0 {
		out = append(out, d.Best())
	}
	return out
}

// window is how far below the best, in natural logarithms, readings are listed.
const window = 12

// tails lists how the utterance could end, best first, and nothing further
// below the best than `within`. Hypotheses inside a word are cut back to their
// last whole word, at a price; so is hearing nothing.
func (d *Decoder) tails(within float32) []tail {
	const cut, empty = -8, -8
	var out []tail
	limit := float32(never)
	add := func(t tail) {
		if t.score >= limit {
			out, limit = append(out, t), max(limit, t.score-within)
		}
	}
	for i := range d.active {
		t := &d.active[i]
		total, n := t.total(), d.node(t.node)
		here := d.ahead(n)
		sound := total - t.lm
		if t.node == 0 {
			add(tail{hist: none, score: total + d.set.Language*d.end(t.state) + empty, sound: sound, alts: &t.alts})
			continue
		}
		for _, w := range d.possible(t.node, n, (limit-total+here-d.set.Word)/d.set.Language) {
			d.arcBuf = d.arcs(t.state, w, d.arcBuf[:0])
			for _, a := range d.arcBuf {
				score := total - here + d.set.Language*(a.logp+d.end(a.to)) + d.set.Word
				if score >= limit {
					add(tail{t.hist, &link{word: w, begin: t.begin, end: d.frame, sound: sound}, score, sound, &t.alts})
				}
			}
		}
		if n.words.from == n.words.to {
			add(tail{t.hist, nil, total - here + cut, sound, &t.alts})
		}
	}
	out = slices.DeleteFunc(out, func(t tail) bool { return t.score < limit })
	slices.SortStableFunc(out, func(a, b tail) int { return cmp.Compare(b.score, a.score) })
	return out
}

// expand follows the rivals of each tail, nearest first.
func (d *Decoder) expand(tails []tail, n int) []Reading {
	var found []Reading
	for _, t := range tails[:min(len(tails), 8*n)] {
		words := d.chain(t.hist, t.last)
		found = append(found, d.reading(words, t.score, t.sound))
		// rest counts the words behind the history that a rival replaces.
		rest := min(1, len(words))
		if t.last == nil {
			rest = 0
		}
		alts := t.alts
		for back := t.hist; ; rest++ {
			for _, r := range alts {
				if r.used() && r.delta < window {
					other := append(d.chain(r.hist, nil), words[len(words)-rest:]...)
					found = append(found, d.reading(other, t.score-r.delta, t.sound))
				}
			}
			if back == none {
				break
			}
			alts, back = &d.links[back].alts, d.links[back].back
		}
	}
	return distinct(found, n)
}

// distinct sorts readings and keeps the best of each text.
func distinct(found []Reading, n int) []Reading {
	slices.SortStableFunc(found, func(a, b Reading) int { return cmp.Compare(b.Score, a.Score) })
	seen := map[string]bool{}
	var out []Reading
	for _, r := range found {
		if text := r.Text(); !seen[text] && len(out) < n {
			seen[text] = true
			out = append(out, r)
		}
	}
	return out
}

// chain is the words of a history, first to last, and a last one if not nil.
func (d *Decoder) chain(hist int32, last *link) []link {
	var words []link
	if last != nil {
		words = append(words, *last)
	}
	for ; hist != none; hist = d.links[hist].back {
		words = append(words, d.links[hist])
	}
	slices.Reverse(words)
	return words
}

func (d *Decoder) reading(words []link, score, sound float32) Reading {
	r := Reading{Score: score, Sound: sound, Greedy: d.greedyTotal(), Language: score - sound, Rows: int(d.frame)}
	before := float32(0)
	for _, w := range words {
		word := Word{Text: d.text(w.word), Begin: int(w.begin), End: int(d.lastSound(w.begin, w.end))}
		if rows := w.end - w.begin; rows > 0 {
			best := d.greedySum(w.begin, w.end) * d.set.Acoustic
			word.Gap = max(best-(w.sound-before), 0) / float32(rows)
		}
		before = w.sound
		r.Words = append(r.Words, word)
		r.Units += d.unitsOf(w.word)
	}
	return r
}

// lastSound is behind which row of a word's stretch its last unit sounded: the
// pause after a word is no part of it.
func (d *Decoder) lastSound(begin, end int32) int32 {
	if end < 1 || int(end) > len(d.voiced) {
		return end
	}
	return max(begin+1, min(end, d.voiced[end-1]))
}

// Rows is how many rows of the utterance were decoded.
func (d *Decoder) Rows() int { return int(d.frame) }

// Quiet is how many rows in a row the recogniser has said blank until now.
func (d *Decoder) Quiet() int {
	if d.frame == 0 {
		return 0
	}
	return int(d.frame - d.voiced[d.frame-1])
}

// unitsOf is how many units a word has in its first reading.
func (d *Decoder) unitsOf(word int32) int {
	if word < 0 {
		return len(d.graph.Spell(d.overlay.phrases[-word-1]))
	}
	n := 0
	if readings := d.graph.lm.Words[word].Readings; len(readings) > 0 {
		for _, s := range readings[0] {
			n += len(d.graph.spell(d.graph.lm.Syllables[s]))
		}
	}
	return n
}

func (d *Decoder) greedyTotal() float32 { return d.greedySum(0, d.frame) * d.set.Acoustic }

// greedySum is the sum of the best log probability of each row in [from, to).
func (d *Decoder) greedySum(from, to int32) float32 {
	if to <= from || int(to) > len(d.greedy) {
		return 0
	}
	sum := d.greedy[to-1]
	if from > 0 {
		sum -= d.greedy[from-1]
	}
	return sum
}
