// Package mandarin knows how written Chinese is pronounced: which words a
// text is made of, how each character is read in its word, and which sound
// units a syllable consists of. Recogniser and voice share it, so what one can
// say the other can hear. It is a leaf and imports nothing else of Waggle.
package mandarin

import (
	_ "embed"
	"strings"
	"sync"
)

// Neutral is the tone of an unstressed syllable.
const Neutral = 5

// Syllable is one spoken syllable and the character it is written with.
type Syllable struct {
	// Hanzi is the character, one rune.
	Hanzi string
	// Pinyin is the syllable without tone, with v for ü, such as "lv".
	Pinyin string
	// Tone is 1 to 4, or Neutral. It is the tone of the dictionary: sandhi
	// (一, 不, third tones in a row) is left to whoever speaks.
	Tone int
}

//go:embed syllables.tsv
var syllablesTSV string

type units struct{ initial, final string }

var inventory = sync.OnceValue(func() map[string]units {
	out := make(map[string]units, 450)
	for line := range strings.Lines(syllablesTSV) {
		f := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		if len(f) != 3 || f[0] == "syllable" {
			continue
		}
		if f[1] == "-" {
			f[1] = ""
		}
		out[f[0]] = units{initial: f[1], final: f[2]}
	}
	return out
})

// Units returns the initial and the final of a syllable written as in
// Syllable.Pinyin. The initial is empty when there is none ("an"). ok is false
// when Mandarin has no such syllable.
func Units(pinyin string) (initial, final string, ok bool) {
	u, ok := inventory()[pinyin]
	return u.initial, u.final, ok
}

// Syllables lists every syllable of Mandarin, without tones, in no order.
func Syllables() []string {
	out := make([]string, 0, len(inventory()))
	for s := range inventory() {
		out = append(out, s)
	}
	return out
}
