package nlu

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"waggle/mandarin"
)

// LongestText is how many characters of a text an encoder reads.
const LongestText = 48

// Tokens are what an encoder reads of a text: for each character itself, how
// it sounds on a bad line, and the concept that it belongs to.
type Tokens struct {
	Chars    []string // a digit is written 0
	Sounds   []string // blurred syllable; "" where nothing is spoken
	Concepts []string // name of a concept of concepts.tsv, "" for none
}

// Tokenise normalises a text and cuts it into tokens, for the training of an
// encoder.
func Tokenise(texts []string) []Tokens {
	v := newVocabulary()
	out := make([]Tokens, len(texts))
	for i, t := range texts {
		out[i] = v.tokenise(Normalise(t))
	}
	return out
}

// tokenise cuts a normalised text into tokens, LongestText of them at most.
func (v vocabulary) tokenise(text string) Tokens {
	concepts := v.spans(text)
	var t Tokens
	at := 0 // byte offset in text
	for _, w := range mandarin.Segment(text) {
		runes := []rune(w.Text)
		for i, r := range runes {
			if len(t.Chars) == LongestText {
				return t
			}
			sound := ""
			if len(w.Syllables) == len(runes) {
				sound = blur(w.Syllables[i].Pinyin)
			}
			if r != ' ' {
				t.Chars, t.Sounds, t.Concepts = append(t.Chars, character(r)), append(t.Sounds, sound), append(t.Concepts, concepts[at])
			}
			at += utf8.RuneLen(r)
		}
	}
	return t
}

func character(r rune) string {
	if unicode.IsDigit(r) {
		return "0"
	}
	return string(r)
}

// spans names the concept of each byte offset of a text; where words overlap
// the longer one counts.
func (v vocabulary) spans(text string) []string {
	out := make([]string, len(text)+1)
	type hit struct {
		from, to int
		name     string
	}
	var hits []hit
	for _, c := range v.concepts {
		for _, w := range c.words {
			for from := 0; ; {
				i := strings.Index(text[from:], w)
				if i < 0 {
					break
				}
				i += from
				hits = append(hits, hit{i, i + len(w), c.name})
				from = i + len(w)
			}
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return (a.to - a.from) - (b.to - b.from) })
	for _, h := range hits {
		for i := h.from; i < h.to; i++ {
			out[i] = h.name
		}
	}
	return out
}
