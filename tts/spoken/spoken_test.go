package spoken

import (
	"os"
	"strings"
	"testing"
	"unicode/utf8"
)

type goldenCase struct{ class, text, want string }

// golden reads both tables. A fourth column says why, where a text could be
// read in more than one way.
func golden(t *testing.T) []goldenCase {
	t.Helper()
	var cases []goldenCase
	for _, path := range []string{"testdata/golden.tsv", "testdata/shop.tsv"} {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(strings.TrimRight(string(raw), "\n"), "\n") {
			f := strings.Split(line, "\t")
			if len(f) < 3 || len(f) > 4 {
				t.Fatalf("%s, line %d has %d columns, want 3 or 4: %q", path, i+1, len(f), line)
			}
			if i > 0 {
				cases = append(cases, goldenCase{f[0], unescape.Replace(f[1]), f[2]})
			}
		}
	}
	return cases
}

var unescape = strings.NewReplacer(`\n`, "\n", `\t`, "\t", `\r`, "\r")

func TestFormReadsTextAsASpeakerDoes(t *testing.T) {
	cases := golden(t)
	if len(cases) < 500 {
		t.Errorf("only %d golden cases", len(cases))
	}
	for _, c := range cases {
		t.Run(c.class, func(t *testing.T) {
			if got := Form(c.text); got != c.want {
				t.Errorf("%s\n got %s\nwant %s", c.text, got, c.want)
			}
		})
	}
}

// The voice can only say Chinese characters; breaks must not pile up.
func checkSpeakable(t *testing.T, text, said string) {
	t.Helper()
	last := ' '
	for _, r := range said {
		if !isSpoken(r) {
			if rank(r) < 0 {
				t.Fatalf("%q became %q, which holds %q", text, said, r)
			}
			if rank(last) >= 0 {
				t.Fatalf("%q became %q: two breaks in a row or one at the start", text, said)
			}
		}
		last = r
	}
}

func FuzzFormYieldsOnlyWhatCanBeSpoken(f *testing.F) {
	for _, s := range []string{"", "订单123", "¥-3.5万~4", "1/2/3", "+86-1", "2026-13-40 25:61", "\xff\x00", "No.", "x×*3", "第第1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if utf8.RuneCountInString(text) > 400 {
			t.Skip()
		}
		said := Form(text)
		checkSpeakable(t, text, said)
		if again := Form(said); again != said {
			t.Fatalf("%q became %q and, read again, %q", text, said, again)
		}
	})
}

func TestFormOfSpokenTextIsItself(t *testing.T) {
	for _, c := range golden(t) {
		checkSpeakable(t, c.text, c.want)
		if again := Form(c.want); again != c.want {
			t.Errorf("%s changed to %s when read again", c.want, again)
		}
	}
}

func BenchmarkForm(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Form("您的订单2026112000123已于11月20日14:30发出，共3件，合计¥128.50，预计2-3天送达，客服电话400-820-8820。")
	}
}

// A text that makes every rule look far ahead must stay speakable; how long it
// takes is what BenchmarkTangled shows.
var tangled = []string{"a.", "1-", "1,", "a@", "1/", "A1-", "1:", "*1", "1 x ", "¥1~", "95 ", "-"}

func TestFormOfTangledText(t *testing.T) {
	for _, unit := range tangled {
		checkSpeakable(t, unit, Form(strings.Repeat(unit, 2000/len(unit))))
	}
}

func BenchmarkTangled(b *testing.B) {
	for _, unit := range tangled {
		text := strings.Repeat(unit, 2000/len(unit))
		b.Run(unit, func(b *testing.B) {
			for b.Loop() {
				Form(text)
			}
		})
	}
}
