package prosody

import (
	"math"
	"strings"

	"waggle/tts/spoken"
)

// Pitch over a sentence, in semitones added to the tones of single words,
// which is all the recordings behind the voices hold.
//
// Declination: F0 falls over a phrase, fast at first and ever less (Shih, A
// declination model of Mandarin Chinese, 2000), and a new phrase takes most of
// it back. Downstep: a low tone lowers the high points of what follows (Shih
// 1988; Xu, Contextual tonal variations in Mandarin, 1997), which is most of
// what looks like declination in sentences with third tones. Before a low tone
// a high one is higher (Xu 1997, anticipatory raising). The last syllables of a
// statement fall further (final lowering, Liberman and Pierrehumbert 1984).
const (
	phraseTop    = 1.4  // where a sentence begins
	decline      = 2.2  // how far a phrase falls in the end
	declineOver  = 6.0  // syllables in which it falls by 63 % of that
	phraseStep   = 0.5  // every later phrase of a sentence begins lower
	phraseSteps  = 3    // by that many steps at most
	downstep     = 0.45 // after every low tone
	lowest       = 1.4  // all downsteps of a phrase together
	raisedBefore = 0.5  // a high tone before the low one of the next foot
	evenFoot     = 0.8  // words said alone fall by 3 semitones from first to last syllable; in a sentence by half of it
	finalDrop    = 1.2
)

// A number is what the listener must not miss. In focus a word is higher,
// longer, and what follows it is lower (Xu, Effects of tone and focus on the
// formation and alignment of F0 contours, 1999; Chen and Gussenhoven 2008).
const (
	focusLift  = 0.7
	focusAfter = -0.5
)

// A question has a higher register than a statement, and the more so the
// nearer its end (Yuan, Shih and Kochanski 2002): little where a question word
// or A-not-A already asks, more with 吗, most where nothing else asks.
const (
	questionLift = 0.9
	riseAsked    = 0.2
	riseParticle = 1.1
	riseAlone    = 2.0
	riseOver     = 3 // syllables
	exclaimLift  = 0.8
)

// shape sets Stretch, Shift and, for third tones, Place over the phrases of
// one sentence that ends with mark.
func shape(phrases []Phrase, mark rune) {
	for k, p := range phrases {
		for i := range p.Syllables {
			halfThird(p.Syllables, i)
		}
		melody(p.Syllables, phraseTop-phraseStep*float32(min(k, phraseSteps)))
		tempo(p.Syllables)
	}
	for _, p := range phrases {
		part(p.Syllables)
	}
	if len(phrases) > 0 {
		end(phrases[len(phrases)-1].Syllables, mark)
	}
}

// melody sets the pitch of a phrase that begins at top.
func melody(all []Syllable, top float32) {
	var since float64 // syllables since the last reset
	var stepped, focus float32
	for i := range all {
		s := &all[i]
		fall := decline * float32(1-math.Exp(-since/declineOver))
		s.Shift = top - fall - stepped + even(all, i) + beforeLow(all, i)
		if s.number {
			s.Shift += focusLift
			focus = focusAfter
		} else {
			s.Shift += focus
		}
		if s.Tone == 3 {
			stepped = min(stepped+downstep, lowest)
		}
		since++
		if s.Pause > 0 { // a pause takes half of it back
			since, stepped, focus = since/2, stepped/2, 0
		}
	}
}

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

// beforeLow raises the end of a foot before a low tone. Inside a foot the
// voice has learnt it from words.
func beforeLow(all []Syllable, i int) float32 {
	s := all[i]
	if i+1 == len(all) || s.Pause > 0 || all[i+1].Tone != 3 || s.Tone == 3 || s.Tone == 5 {
		return 0
	}
	if next := all[i+1].Place; next == First || next == Only {
		return raisedBefore
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

// end bends the pitch of the last phrase by how the sentence ends.
func end(last []Syllable, mark rune) {
	n := len(last)
	switch mark {
	case spoken.Question:
		rise := riseOf(last)
		for i := range last {
			last[i].Shift += questionLift + rise*max(0, 1-float32(n-1-i)/riseOver)
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

// riseOf is how far the end of a question rises.
func riseOf(last []Syllable) float32 {
	text := Phrase{Syllables: last}.Text()
	switch {
	case asksItself(text):
		return riseAsked
	case strings.HasSuffix(text, "吗") || strings.HasSuffix(text, "吧") || strings.HasSuffix(text, "呢"):
		return riseParticle
	}
	return riseAlone
}

// asksItself tells a question word, or a choice between A and not A.
func asksItself(text string) bool {
	for _, w := range []string{"什么", "怎么", "哪", "几", "多少", "谁", "为何", "多久", "多大", "还是"} {
		if strings.Contains(text, w) {
			return true
		}
	}
	r := []rune(text)
	for i := 1; i+1 < len(r); i++ {
		if (r[i] == '不' || r[i] == '没') && r[i-1] == r[i+1] {
			return true
		}
	}
	return false
}
