package mandarin

import (
	"fmt"
	"strings"
	"sync"
)

// A spelled rune stands for one syllable with its tone where a text must be
// said in a way that no character tells, such as the SSML element phoneme. The
// runes lie in plane 15, which Unicode keeps for private use, so no text that
// people write holds them.
const (
	firstSpelled = 0xF0000
	tones        = Neutral
)

// spellings numbers the syllables in the order of their table.
var spellings = sync.OnceValue(func() (s struct {
	number map[string]rune
	names  []string
}) {
	s.number = make(map[string]rune, 450)
	for line := range strings.Lines(syllablesTSV) {
		name, _, ok := strings.Cut(line, "\t")
		if ok && name != "syllable" {
			s.number[name] = rune(len(s.names))
			s.names = append(s.names, name)
		}
	}
	return s
})

// Spell writes numbered pinyin, syllables divided by spaces ("chong2 xin1";
// v or ü or u: for ü; 5, 0 or nothing for the neutral tone), as spelled runes. It says
// which syllable Mandarin does not have.
func Spell(pinyin string) (string, error) {
	var b strings.Builder
	for _, written := range strings.Fields(strings.ToLower(pinyin)) {
		r, ok := spell(written)
		if !ok {
			return "", fmt.Errorf("mandarin: %q is no syllable of numbered pinyin such as hao3", written)
		}
		b.WriteRune(r)
	}
	return b.String(), nil
}

func spell(written string) (rune, bool) {
	written = strings.NewReplacer("u:", "v", "ü", "v").Replace(written)
	switch last := written[len(written)-1]; {
	case last == '0':
		written = written[:len(written)-1] + "5"
	case last < '0' || last > '9':
		written += "5"
	}
	s, ok := parseReading(written)
	if !ok {
		return 0, false
	}
	return firstSpelled + spellings().number[s.Pinyin]*tones + rune(s.Tone-1), true
}

// IsSpelled says whether a rune stands for a syllable.
func IsSpelled(r rune) bool {
	return r >= firstSpelled && int(r-firstSpelled) < len(spellings().names)*tones
}

// spelled is the syllable that a rune for which IsSpelled holds stands for.
func spelled(r rune) Syllable {
	n := r - firstSpelled
	return Syllable{Hanzi: string(r), Pinyin: spellings().names[n/tones], Tone: int(n%tones) + 1}
}

// longestSpelled bounds a word of spelled runes, which has no other sign of
// where it ends.
const longestSpelled = 4

// spelledWord takes the word of spelled runes that runes begin with; it is
// empty where they begin with something else.
func spelledWord(runes []rune) (w Word) {
	n := 0
	for n < len(runes) && n < longestSpelled && IsSpelled(runes[n]) {
		w.Syllables = append(w.Syllables, spelled(runes[n]))
		n++
	}
	w.Text = string(runes[:n])
	return w
}
