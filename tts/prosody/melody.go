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
	topline      = 0.8
	bottomline   = -1.8
	evenFoot     = 0.8 // single words fall by 3 semitones from first to last syllable; in a sentence by half of it
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
			halfThird(p.Syllables, i)
			s.Shift = topline + (bottomline-topline)*share + lift(i) + even(p.Syllables, i)
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

// even takes half of the fall out of a foot that is not the last of its phrase.
func even(all []Syllable, i int) float32 {
	switch s := all[i]; {
	case s.Place == First:
		return -evenFoot
	case s.Place == Last && i+1 < len(all) && s.Pause == 0:
		return evenFoot
	}
	return 0
}

// halfThird makes a third tone that is not before a pause stay low, as it is
// said inside a word: only before a pause does it rise again.
func halfThird(all []Syllable, i int) {
	if s := &all[i]; s.Tone == 3 && s.Pause == 0 && i+1 < len(all) && s.Place != First {
		s.Place = Inner
	}
}

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
