package prosody

import (
	"strings"
	"time"
)

// Length of syllables relative to what the model says for single words, where
// a first syllable takes 380 ms, an inner one 300, a last one 440 and a word of
// one syllable 540 (means over the 8,569 recorded words of the first voice). In
// a sentence all are near 250 ms; there are no long and short places inside it
// (Shih and Ao, Duration study for the Bell Laboratories Mandarin
// text-to-speech system, 1997), only the last syllable of a group is longer,
// the more so the deeper the boundary behind it (Xu and Wang, Organizing
// syllables into groups, 2009), and the one before it a little.
const (
	stretchFirst   = 0.68
	stretchInner   = 0.77
	stretchLast    = 0.60
	stretchOnly    = 0.48
	stretchErhua   = 0.6  // on top, for 儿 that melts into the syllable before
	stretchNumber  = 1.2  // on top, in focus
	lengthenPause  = 1.15 // on top, before a short pause
	lengthenPhrase = 1.30 // on top, before the end of a phrase
	lengthenNext   = 1.06 // on top, the syllable before that
	neutralShare   = 0.5  // of the lengthening: a neutral tone stays light even at the end
)

// In a group of more syllables each is shorter (Xu and Wang 2009), and so it is
// in a longer phrase (Klatt, Linguistic uses of segmental duration, 1976): by
// quickFoot for each syllable beyond two, and by quickPhrase
// for each beyond six, down to quickest.
const (
	quickFoot   = 0.03
	quickPhrase = 0.006
	quickest    = 0.93
)

// tempo sets the length of the syllables of a phrase.
func tempo(all []Syllable) {
	whole := max(1-quickPhrase*float32(max(len(all)-6, 0)), quickest)
	for i := range all {
		s := &all[i]
		s.Stretch = whole * placeStretch(s.Place)
		if !s.number {
			s.Stretch *= max(1-quickFoot*float32(max(s.foot-2, 0)), quickest)
		}
		if s.Hanzi == "儿" && s.Tone == 5 {
			s.Stretch *= stretchErhua
		}
		if s.number {
			s.Stretch *= stretchNumber
		}
		s.Stretch *= lengthen(all, i)
	}
}

func placeStretch(p Place) float32 {
	switch p {
	case First:
		return stretchFirst
	case Inner:
		return stretchInner
	case Last:
		return stretchLast
	}
	return stretchOnly
}

// lengthen is how much the boundary behind syllable i, or behind the next one,
// lengthens it.
func lengthen(all []Syllable, i int) float32 {
	more := float32(1)
	switch {
	case i == len(all)-1:
		more = lengthenPhrase
	case all[i].Pause > 0:
		more = lengthenPause
	case i == len(all)-2:
		return lengthenNext
	}
	if all[i].Tone == 5 {
		return 1 + (more-1)*neutralShare
	}
	return more
}

// pauseDigit is how long the voice lets go between two digits of which the
// second begins without a closure: 五 behind 二, or 零 behind 四, otherwise runs
// into the one before, and a digit is lost. Our ear lost a third fewer of the
// man's voice with it; 20 and 45 ms did about the same, longer syllables little.
const pauseDigit = 30 * time.Millisecond

// digits are the numerals that are read one by one.
const digits = "零一二三四五六七八九幺"

// part sets those pauses. They are no boundaries: melody and tempo do not know
// of them.
func part(all []Syllable) {
	for i := 1; i < len(all); i++ {
		a, b := &all[i-1], &all[i]
		soft := b.Initial == "" || b.Initial == "l"
		if soft && a.Pause == 0 && a.number && b.number && strings.Contains(digits, a.Hanzi) && strings.Contains(digits, b.Hanzi) {
			a.Pause = pauseDigit
		}
	}
}
