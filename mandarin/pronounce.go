package mandarin

import (
	"strings"

	"github.com/mozillazg/go-pinyin"
)

// Pronounce reads a text: one Syllable per Chinese character, in order, with
// the reading that the character has in its word (银行 yin hang, 不行 bu xing).
// Whatever is not a Chinese character is passed over.
func Pronounce(text string) []Syllable {
	var out []Syllable
	for _, w := range Segment(text) {
		out = append(out, w.Syllables...)
	}
	return out
}

// read gives the syllables of one word, with the reading that its context asks
// for, if any. A character without any known reading is left out.
func (l *lexicon) read(word, context string) []Syllable {
	runes := []rune(word)
	known := strings.Fields(context)
	if len(known) == 0 {
		known = strings.Fields(l.words[word].reading)
	}
	out := make([]Syllable, 0, len(runes))
	for i, r := range runes {
		var reading string
		switch {
		case len(known) == len(runes):
			reading = known[i]
		case len(runes) == 1 && l.alone[r] != "":
			reading = l.alone[r]
		default:
			reading = l.character(r)
		}
		if s, ok := parseReading(reading); ok {
			s.Hanzi = string(r)
			out = append(out, s)
		}
	}
	return out
}

// character is the usual reading of a character, in numbered form.
func (l *lexicon) character(r rune) string {
	if reading, ok := l.usual[r]; ok {
		return reading
	}
	first, _, _ := strings.Cut(pinyin.PinyinDict[int(r)], ",")
	return numbered(first)
}

// marked maps a vowel with a tone mark to the letter (v for ü) and the tone.
var marked = map[rune]struct {
	letter string
	tone   byte
}{
	'ā': {"a", '1'}, 'á': {"a", '2'}, 'ǎ': {"a", '3'}, 'à': {"a", '4'},
	'ē': {"e", '1'}, 'é': {"e", '2'}, 'ě': {"e", '3'}, 'è': {"e", '4'},
	'ī': {"i", '1'}, 'í': {"i", '2'}, 'ǐ': {"i", '3'}, 'ì': {"i", '4'},
	'ō': {"o", '1'}, 'ó': {"o", '2'}, 'ǒ': {"o", '3'}, 'ò': {"o", '4'},
	'ū': {"u", '1'}, 'ú': {"u", '2'}, 'ǔ': {"u", '3'}, 'ù': {"u", '4'},
	'ǖ': {"v", '1'}, 'ǘ': {"v", '2'}, 'ǚ': {"v", '3'}, 'ǜ': {"v", '4'},
	'ń': {"n", '2'}, 'ň': {"n", '3'}, 'ǹ': {"n", '4'}, 'ḿ': {"m", '2'},
	'ế': {"ei", '2'}, 'ề': {"ei", '4'}, 'ü': {"v", '5'}, 'ê': {"ei", '5'},
}

// numbered turns "lǜ" into "lv4"; a syllable without a mark gets tone 5.
func numbered(p string) string {
	tone := byte('5')
	var b strings.Builder
	for _, r := range p {
		m, ok := marked[r]
		switch {
		case ok:
			b.WriteString(m.letter)
			if m.tone != '5' {
				tone = m.tone
			}
		case r >= 'a' && r <= 'z':
			b.WriteRune(r)
		}
	}
	return b.String() + string(tone)
}

// parseReading takes "lv4" apart; ok is false when it is no Mandarin syllable.
func parseReading(numbered string) (Syllable, bool) {
	if len(numbered) < 2 {
		return Syllable{}, false
	}
	last := len(numbered) - 1
	tone := int(numbered[last] - '0')
	if tone < 1 || tone > Neutral {
		return Syllable{}, false
	}
	s := Syllable{Pinyin: numbered[:last], Tone: tone}
	_, _, ok := Units(s.Pinyin)
	return s, ok
}
