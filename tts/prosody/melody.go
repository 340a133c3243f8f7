package prosody

import (
	"strings"

	"waggle/tts/spoken"
)

// Pitch over a sentence, in semitones. The recordings behind the voice are
// single words, so the sentence's melody is made here: a slow fall from the
// first syllable to the last (declination), a small lift where a new clause
// begins, a drop at the end of a statement, a raised register in a question.
// The figures are of the size found in read Mandarin (Xu, Prosody in Mandarin,
// 2005, and sources there).
const (
	topline      = 1.2
	bottomline   = -1.6
	clauseLift   = 0.7
	finalDrop    = 1.2
	questionLift = 1.0
	questionRise = 1.6
	exclaimLift  = 0.8
)

// Length of syllables relative to what the model says for single words, where
// a first syllable takes 380 ms, an inner one 300, a last one 440 and a word of
// one syllable 540 (means over the 8,569 recorded words). In a sentence all are
// near 250 ms, and the last one before a pause is longer: an unhurried 3.9 a
// second, which the recogniser understood better than 4.2 (23 against 25 % of
// syllables wrong in the round trip with the first weights of both).
const (
	stretchFirst   = 0.68
	stretchInner   = 0.77
	stretchLast    = 0.60
	stretchOnly    = 0.48
	stretchErhua   = 0.6  // on top, for 儿 that melts into the syllable before
	lengthenPause  = 1.15 // on top, before a short pause
	lengthenPhrase = 1.30 // on top, before the end of a phrase
)

// shape sets Stretch and Shift over the phrases of one sentence that ends with
// mark.
func shape(phrases []Phrase, mark rune) {
	total, at := 0, 0
	for _, p := range phrases {
		total += len(p.Syllables)
	}
	for _, p := range phrases {
		for i := range p.Syllables {
			s := &p.Syllables[i]
			share := float32(at) / float32(max(total-1, 1))
			s.Shift = topline + (bottomline-topline)*share + lift(i)
			s.Stretch = length(p.Syllables, i)
			at++
		}
	}
	if total > 0 {
		end(phrases[len(phrases)-1].Syllables, mark)
	}
}

// lift fades over the first syllables of a phrase.
func lift(i int) float32 { return clauseLift / float32(1+i) }

func length(all []Syllable, i int) float32 {
	s := all[i]
	stretch := map[Place]float32{First: stretchFirst, Inner: stretchInner, Last: stretchLast, Only: stretchOnly}[s.Place]
	switch {
	case i == len(all)-1:
		stretch *= lengthenPhrase
	case s.Pause > 0:
		stretch *= lengthenPause
	case s.Hanzi == "儿" && s.Tone == 5:
		stretch *= stretchErhua
	}
	return stretch
}

// end bends the pitch of the last syllables by how the sentence ends.
func end(last []Syllable, mark rune) {
	n := len(last)
	switch mark {
	case spoken.Question:
		rise := float32(questionRise)
		if asksWord(last) { // 什么 and 哪 already ask: the melody stays flatter
			rise = 0.3
		}
		for i := range last {
			last[i].Shift += questionLift
		}
		last[n-1].Shift += rise
		if n > 1 {
			last[n-2].Shift += rise / 2
		}
	case spoken.Exclaim:
		for i := range last {
			last[i].Shift += exclaimLift
		}
	default:
		last[n-1].Shift -= finalDrop
		if n > 1 {
			last[n-2].Shift -= finalDrop / 2
		}
	}
}

func asksWord(syllables []Syllable) bool {
	text := Phrase{Syllables: syllables}.Text()
	for _, w := range []string{"什么", "怎么", "哪", "几", "多少", "谁", "为何", "多久", "多大"} {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}
