// Package prosody plans how a text in spoken form is said: which words belong
// together, how tones change next to each other, where the voice pauses, and
// how pitch and tempo move over a sentence. It may import mandarin and
// tts/spoken.
package prosody

import (
	"time"

	"waggle/mandarin"
)

// Place is where a syllable stands in its foot, the two to four syllables that
// are said as one word.
type Place int

// The places.
const (
	Inner Place = iota
	First
	Last
	Only
)

// Syllable is one syllable with everything the voice must know of it.
type Syllable struct {
	Hanzi string
	// Initial may be empty; Final never is. Both are units of the mandarin
	// package.
	Initial, Final string
	// Tone is the tone as spoken, after sandhi.
	Tone  int
	Place Place
	// Stretch multiplies the length of the syllable.
	Stretch float32
	// Shift moves its pitch, in semitones.
	Shift float32
	// Pause is the silence after it, inside the phrase.
	Pause time.Duration

	number bool // part of a number that the listener must not miss
	foot   int  // syllables of its foot
}

// Phrase is what is said in one breath and synthesised in one go.
type Phrase struct {
	Syllables []Syllable
	// Pause is the silence after the phrase.
	Pause time.Duration
}

// Text is what the phrase says, in Chinese characters.
func (p Phrase) Text() string {
	var b []byte
	for _, s := range p.Syllables {
		b = append(b, s.Hanzi...)
	}
	return string(b)
}

// foot is a group of words that is said as one.
type foot struct {
	words     []mandarin.Word
	syllables int
	pause     time.Duration // silence after it
}

// breath is a run of feet up to the next break.
type breath struct {
	feet []foot
	mark rune // the break that ends it
}

// Plan lays out a text as spoken.Form returns it. Characters without a reading
// are passed over.
func Plan(text string) []Phrase {
	var phrases []Phrase
	for _, sentence := range sentences(breaths(text)) {
		phrases = append(phrases, planSentence(sentence)...)
	}
	return phrases
}

// sentences groups breaths up to each mark that ends a sentence.
func sentences(all []breath) [][]breath {
	var out [][]breath
	start := 0
	for i, b := range all {
		if endsSentence(b.mark) || i == len(all)-1 {
			out = append(out, all[start:i+1])
			start = i + 1
		}
	}
	return out
}

func planSentence(sentence []breath) []Phrase {
	var phrases []Phrase
	for _, b := range sentence {
		p := Phrase{Pause: pauseAfter(b.mark)}
		tones := sandhi(b.feet)
		for _, f := range b.feet {
			p.Syllables = appendFoot(p.Syllables, f, tones[len(p.Syllables):])
		}
		phrases = append(phrases, p)
	}
	shape(phrases, sentence[len(sentence)-1].mark)
	return phrases
}

// appendFoot turns the syllables of a foot into sounds. tones are those of the
// rest of the breath, one per syllable.
func appendFoot(dst []Syllable, f foot, tones []int) []Syllable {
	i := 0
	for _, w := range f.words {
		number := isNumeral(w.Text) && w.Text != "一" // 一下, 一些: not a count
		for _, s := range w.Syllables {
			initial, final, _ := mandarin.Units(s.Pinyin)
			dst = append(dst, Syllable{
				Hanzi: s.Hanzi, Initial: initial, Final: final, Tone: tones[i],
				Place: placeOf(i, f.syllables), Stretch: 1, number: number, foot: f.syllables,
			})
			i++
		}
	}
	dst[len(dst)-1].Pause = f.pause
	return dst
}

func placeOf(i, n int) Place {
	switch {
	case n == 1:
		return Only
	case i == 0:
		return First
	case i == n-1:
		return Last
	}
	return Inner
}
