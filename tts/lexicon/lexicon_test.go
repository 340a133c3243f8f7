package lexicon

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
)

func tokens(t testing.TB, symbols ...string) Tokens {
	t.Helper()
	var b strings.Builder
	for i, s := range symbols {
		b.WriteString(s + " " + string(rune('0'+i/10)) + string(rune('0'+i%10)) + "\n")
	}
	table, err := ParseTokens([]byte(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func TestParseTokens(t *testing.T) {
	table, err := ParseTokens([]byte("_ 0\n^ 1\r\n  3\nˈ 120\n\nshi4\t7\n"))
	if err != nil {
		t.Fatal(err)
	}
	for symbol, want := range map[string]int64{"_": 0, "^": 1, " ": 3, "ˈ": 120, "shi4": 7} {
		if id, ok := table.ID(symbol); !ok || id != want {
			t.Errorf("ID(%q) = %d, %v, want %d", symbol, id, ok, want)
		}
	}
	if _, err := table.Need("_", "$"); !errors.Is(err, ErrTokens) || !strings.Contains(err.Error(), `"$"`) {
		t.Errorf("Need of a missing symbol = %v", err)
	}
}

func TestHostileTokensAreRefusedWithAReason(t *testing.T) {
	for _, c := range []struct{ name, file, reason string }{
		{"empty", "", "empty"},
		{"only blank lines", "\n\n\r\n", "empty"},
		{"no blank", "a 0\nb1\n", "line 2"},
		{"no id", "a x\n", "number"},
		{"negative id", "a -1\n", "number"},
		{"huge id", "a 999999999999\n", "number"},
		{"symbol twice", "a 0\na 1\n", "already"},
		{"id twice", "a 0\nb 0\n", "already"},
		{"endless symbol", strings.Repeat("x", 1000) + " 1\n", "longer"},
		{"not UTF-8", "\xff\xfe 1\n", "UTF-8"},
		{"binary", string(bytes.Repeat([]byte{0}, 5000)), "line 1"},
		{"a gigabyte line", strings.Repeat("y", MaxTokensFile+1), "bytes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := ParseTokens([]byte(c.file)); !errors.Is(err, ErrTokens) || !strings.Contains(err.Error(), c.reason) {
				t.Errorf("ParseTokens = %v, want ErrTokens with %q", err, c.reason)
			}
		})
	}
}

func TestHostileLexiconsAreRefusedWithAReason(t *testing.T) {
	table := tokens(t, "_", "a", "b")
	for _, c := range []struct {
		name, file, reason string
		form               Form
	}{
		{"empty", "", "no word", Phones},
		{"no known phone", "你 q\n好 z\n", "no word", Phones},
		{"a long line", "你 " + strings.Repeat("a ", 3000) + "\n", "longer", Phones},
		{"many phones", "你 " + strings.Repeat("a ", 600) + "\n", "phones", Phones},
		{"not UTF-8", "\xff\xfe a\n", "UTF-8", Phones},
		{"odd fields", "你 a b 1\n", "as many tones", PhonesAndTones},
		{"a tone in words", "你 a b 1 x\n", "tone", PhonesAndTones},
		{"a tone out of range", "你 a 51\n", "tone", PhonesAndTones},
		{"a gigabyte line", strings.Repeat("y", MaxLexiconFile+1), "bytes", Phones},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := New(table, c.form).Add([]byte(c.file)); !errors.Is(err, ErrLexicon) || !strings.Contains(err.Error(), c.reason) {
				t.Errorf("Add = %.200v, want ErrLexicon with %q", err, c.reason)
			}
		})
	}
}

func TestLexiconKeepsTheFirstEntryAndDropsWhatCannotBeSaid(t *testing.T) {
	l := New(tokens(t, "_", "a", "b", "c"), Phones)
	if err := l.Add([]byte("你 a b\n你 c\n好 a q\nHello || ab c\n\nlonely\n")); err != nil {
		t.Fatal(err)
	}
	var e Encoded
	if !l.append(&e, "你") || !slices.Equal(e.IDs, []int64{1, 2}) {
		t.Errorf("你 = %v", e.IDs)
	}
	if l.Has("好") || l.Dropped != 1 {
		t.Errorf("a word with an unknown phone is kept: dropped %d", l.Dropped)
	}
	e = Encoded{}
	if !l.append(&e, "hello") || !slices.Equal(e.IDs, []int64{1, 2, 3}) {
		t.Errorf("hello = %v, want its characters", e.IDs)
	}
	l.Alias("妳", "你")
	l.Alias("hello", "你")
	if e = (Encoded{}); !l.append(&e, "妳") || len(e.IDs) != 2 {
		t.Error("the alias is not read")
	}
	if e = (Encoded{}); l.append(&e, "hello") && len(e.IDs) != 3 {
		t.Error("an alias took the place of an entry")
	}
}

func FuzzParseTokens(f *testing.F) {
	f.Add([]byte("_ 0\n^ 1\n  3\nˈ 120\n"))
	f.Add([]byte("a\t1\r\n\xff 2"))
	f.Fuzz(func(t *testing.T, data []byte) {
		table, err := ParseTokens(data)
		if (err == nil) == (table.Len() == 0) {
			t.Errorf("%d symbols and error %v", table.Len(), err)
		}
	})
}

func FuzzLexicon(f *testing.F) {
	f.Add([]byte("你好 a b\nok || ab\n"), true)
	f.Add([]byte("你 a b 1 2\n"), false)
	table := tokens(f, "_", "a", "b", "c", ",", " ")
	f.Fuzz(func(t *testing.T, data []byte, plain bool) {
		form := PhonesAndTones
		if plain {
			form = Phones
		}
		l := New(table, form)
		if l.Add(data) != nil {
			return
		}
		w := Words{Lexicon: l, Gap: 5, Between: true, Layout: Layout{Blanks: Around}}
		for word := range l.words {
			e, err := w.Encode(t.Context(), Phrase{{Text: word, Mark: ','}})
			if err != nil || form == PhonesAndTones && len(e.Tones) != len(e.IDs) {
				t.Fatalf("%q: %v, %v", word, e, err)
			}
		}
	})
}
