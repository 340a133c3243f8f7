package mandarin

import "testing"

func TestSpelledSyllablesAreSaidAsWritten(t *testing.T) {
	cases := []struct{ pinyin, want string }{
		{"chong2 xin1", "chong2 xin1"},
		{"lü4 nv3 lu:e4", "lv4 nv3 lve4"},
		{"ma zi0 De5", "ma5 zi5 de5"},
		{"ni3 hao3 ma5 xie4 xie5 nin2", "ni3 hao3 ma5 xie4 xie5 nin2"},
		{"  ", ""},
	}
	for _, c := range cases {
		runes, err := Spell(c.pinyin)
		if err != nil {
			t.Errorf("%s: %v", c.pinyin, err)
		}
		if got := numberedPinyin(Pronounce(runes)); got != c.want {
			t.Errorf("%s is read %q, want %q", c.pinyin, got, c.want)
		}
	}
}

func TestSpellRefusesWhatIsNoSyllable(t *testing.T) {
	for _, pinyin := range []string{"hello", "xx1", "hao9", "5", "ha-o3", "好"} {
		if runes, err := Spell(pinyin); err == nil {
			t.Errorf("%q passed as %q", pinyin, runes)
		}
	}
}

// Every syllable in every tone survives the way through a text.
func TestEverySyllableCanBeSpelled(t *testing.T) {
	for _, name := range Syllables() {
		for tone := 1; tone <= Neutral; tone++ {
			r, ok := spell(name + string(rune('0'+tone)))
			if !ok || !IsSpelled(r) {
				t.Fatalf("%s%d has no rune", name, tone)
			}
			if s := spelled(r); s.Pinyin != name || s.Tone != tone {
				t.Fatalf("%s%d came back as %+v", name, tone, s)
			}
		}
	}
	if IsSpelled('好') || IsSpelled(0xFFFFF) {
		t.Error("a rune outside the range passed")
	}
}
