package itn

import (
	"os"
	"strings"
	"testing"
	"unicode/utf8"
)

type goldenCase struct{ class, spoken, written string }

// golden reads both tables. A fourth column says why, where a text could be
// written in more than one way.
func golden(t *testing.T) []goldenCase {
	t.Helper()
	var cases []goldenCase
	for _, path := range []string{"testdata/golden.tsv", "testdata/shop.tsv"} {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(strings.TrimSpace(string(raw)), "\n")[1:] {
			f := strings.Split(line, "\t")
			if len(f) < 3 || len(f) > 4 {
				t.Fatalf("%s: %q has %d columns, want 3 or 4", path, line, len(f))
			}
			cases = append(cases, goldenCase{f[0], f[1], f[2]})
		}
	}
	return cases
}

func TestGolden(t *testing.T) {
	cases := golden(t)
	if len(cases) < 400 {
		t.Errorf("only %d cases", len(cases))
	}
	for _, c := range cases {
		if got := Normalise(c.spoken); got != c.written {
			t.Errorf("%s: %s became %s, want %s", c.class, c.spoken, got, c.written)
		}
	}
}

// What is written once stays: the transcript passes through here wherever it is
// compared.
func TestNormaliseIsIdempotent(t *testing.T) {
	for _, c := range golden(t) {
		if got := Normalise(c.written); got != c.written {
			t.Errorf("%s: %s became %s when read again", c.class, c.written, got)
		}
	}
}

func TestWrittenTextStays(t *testing.T) {
	for _, text := range []string{"", "我的手机号是13800138000", "3点半到", "hello", "你好，请问？", "😀"} {
		if got := Normalise(text); got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
}

// FuzzNormalise: any text is accepted, stays valid, and a second pass changes
// no letters that are not numerals.
func FuzzNormalise(f *testing.F) {
	for _, s := range []string{"三百五十块五", "一三八零零", "百分之", "三分之", "十万亿百千零", "两两两点点", "一米", "九块"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Normalise(s)
		if !utf8.ValidString(s) {
			return // recognition never makes such a text: it only must not panic
		}
		if !utf8.ValidString(got) {
			t.Errorf("%q became invalid %q", s, got)
		}
		if again := Normalise(got); again != got {
			t.Errorf("%q became %q and, read again, %q", s, got, again)
		}
		if plain(s) != plain(got) && !strings.ContainsAny(s, "分块元点折百") {
			t.Errorf("%q became %q: other characters changed", s, got)
		}
	})
}

// plain drops figures and numerals.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("0123456789./%零〇一幺二两三四五六七八九十百千万亿点米", r) {
			return -1
		}
		return r
	}, s)
}

func BenchmarkNormalise(b *testing.B) {
	for b.Loop() {
		Normalise("我十一月五号买了两个花瓶花了三百块电话是一三八零零一三八零零零")
	}
}
