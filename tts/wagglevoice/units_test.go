package wagglevoice

import (
	"strings"
	"testing"

	"waggle/mandarin"
	"waggle/tts/prosody"
	"waggle/tts/spoken"
)

// Every syllable of the table can be said, also those no recording has.
func TestEverySyllableIsSpeakable(t *testing.T) {
	v := fixture(t)
	for _, s := range mandarin.Syllables() {
		initial, final, ok := mandarin.Units(s)
		p := prosody.Phrase{Syllables: []prosody.Syllable{{Hanzi: s, Initial: initial, Final: final, Tone: 1, Place: prosody.Only, Stretch: 1}}}
		if _, err := v.layout(p, 1); !ok || err != nil {
			t.Errorf("%s: %v", s, err)
		}
	}
}

// Letters are said by their names, in Mandarin sounds.
func TestLettersAreSpeakable(t *testing.T) {
	v := fixture(t)
	for letter := 'A'; letter <= 'Z'; letter++ {
		phrases := prosody.Plan(spoken.Form("型号" + string(letter)))
		if len(phrases) != 1 || len(phrases[0].Syllables) < 3 {
			t.Errorf("%c is said as %v", letter, phrases)
			continue
		}
		if _, err := v.layout(phrases[0], 1); err != nil {
			t.Errorf("%c, said as %s: %v", letter, strings.TrimPrefix(phrases[0].Text(), "型号"), err)
		}
	}
}
