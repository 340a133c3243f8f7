package mandarin

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// Sentences of shops, each with the readings that one character has in it, in
// the order in which it occurs.
func TestPolyphonesAreReadByWordAndContext(t *testing.T) {
	raw, err := os.ReadFile("testdata/polyphones.tsv")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(raw)), "\n")[1:]
	if len(lines) < 300 {
		t.Errorf("only %d sentences", len(lines))
	}
	for _, line := range lines {
		f := strings.Split(line, "\t")
		if len(f) != 3 {
			t.Fatalf("%q has %d columns, want 3", line, len(f))
		}
		var got []string
		for _, s := range Pronounce(f[1]) {
			if s.Hanzi == f[0] {
				got = append(got, fmt.Sprintf("%s%d", s.Pinyin, s.Tone))
			}
		}
		if g := strings.Join(got, " "); g != f[2] {
			t.Errorf("%s in %s is read %s, want %s", f[0], f[1], g, f[2])
		}
	}
}

func TestContextsGiveOneSyllablePerCharacter(t *testing.T) {
	lines := strings.Split(strings.TrimRight(contextsTSV, "\n"), "\n")
	for _, line := range lines[1:] {
		if n := strings.Count(line, "\t"); n != 3 {
			t.Errorf("%q has %d columns, want 4", line, n+1)
		}
	}
	for word, all := range contexts() {
		for _, c := range all {
			readings := strings.Fields(c.reading)
			if len(readings) != len([]rune(word)) {
				t.Errorf("%s has the reading %q", word, c.reading)
			}
			for _, r := range readings {
				if _, ok := parseReading(r); !ok {
					t.Errorf("%s: %q is no syllable", word, r)
				}
			}
			if len(c.before)+len(c.after) == 0 {
				t.Errorf("%s: %s holds everywhere, which belongs into characters.tsv", word, c.reading)
			}
		}
	}
}
