package ctc

import (
	"strings"

	"waggle/mandarin"
)

// Spell writes a text in units as it would be pronounced; nil when it holds
// something that cannot be. Latin words of the lexicon are said as Mandarin
// speakers say them, others letter by letter.
func (g *Graph) Spell(text string) []int16 {
	var path []int16
	for text != "" {
		rest := strings.TrimLeftFunc(text, isLetter)
		if latin := text[:len(text)-len(rest)]; latin != "" {
			units := g.spellLatin(latin)
			if units == nil {
				return nil
			}
			path, text = append(path, units...), rest
			continue
		}
		rest = strings.TrimLeftFunc(text, func(r rune) bool { return !isLetter(r) })
		for _, s := range mandarin.Pronounce(text[:len(text)-len(rest)]) {
			units := g.spell(s.Pinyin)
			if units == nil {
				return nil
			}
			path = append(path, units...)
		}
		text = rest
	}
	return path
}

// spellLatin is the first reading of a word, or those of its letters.
func (g *Graph) spellLatin(word string) []int16 {
	word = strings.ToLower(word)
	if id, ok := g.latin[word]; ok {
		return g.firstReading(id)
	}
	var path []int16
	for _, letter := range word {
		id, ok := g.latin[string(letter)]
		if !ok {
			if letter == '-' {
				continue
			}
			return nil
		}
		path = append(path, g.firstReading(id)...)
	}
	return path
}

func (g *Graph) firstReading(id uint16) []int16 {
	var path []int16
	if readings := g.lm.Words[id].Readings; len(readings) > 0 {
		for _, s := range readings[0] {
			path = append(path, g.spell(g.lm.Syllables[s])...)
		}
	}
	return path
}

// isLetter reports what a Latin word is made of; the hyphen is that of Type-C.
func isLetter(r rune) bool {
	return r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r == '-'
}

func isLatin(word string) bool {
	return word != "" && strings.TrimLeftFunc(word, isLetter) == ""
}
