package tokens

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// table makes a tokens.txt of symbols in order.
func table(t testing.TB, symbols ...string) *Table {
	t.Helper()
	var b strings.Builder
	for i, s := range symbols {
		fmt.Fprintf(&b, "%s %d\n", s, i)
	}
	tab, err := Read([]byte(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

// letters writes text in the byte alphabet.
func letters(s string) string {
	var b strings.Builder
	for i := range len(s) {
		b.WriteRune(letterOf(s[i]))
	}
	return b.String()
}

// bbpe is a byte-level table: all single bytes, and a few merges.
func bbpe(t testing.TB, merges ...string) *Table {
	symbols := []string{"<blk>", "<sos/eos>", "<unk>"}
	symbols = append(symbols, merges...)
	symbols = append(symbols, wordStart)
	for b := range 256 {
		if b != ' ' {
			symbols = append(symbols, string(letterOf(byte(b))))
		}
	}
	return table(t, symbols...)
}

func TestTheByteAlphabetIsOneToOne(t *testing.T) {
	for b := range 256 {
		got, ok := byteOf(letterOf(byte(b)))
		if !ok || got != byte(b) {
			t.Errorf("byte %d is written %q and read %d", b, letterOf(byte(b)), got)
		}
	}
	// Ends of the runs of letters, as icefall lists them.
	for b, want := range map[byte]rune{0: 256, 31: 287, 32: ' ', 126: '~', 127: 288, 144: 305, 145: 308, 155: 318, 156: 321, 163: 328, 164: 330, 216: 382, 217: 384, 255: 422} {
		if got := letterOf(b); got != want {
			t.Errorf("byte %d is %U, want %U", b, got, want)
		}
	}
	if _, ok := byteOf('你'); ok {
		t.Error("你 is no letter of the alphabet")
	}
}

func TestTokensBecomeWords(t *testing.T) {
	chars := table(t, "<blk>", "<unk>", "你", "好", "A", "B", "，", "<0xE8>", "<0xB0>", "<0xA2>")
	pieces := table(t, "<blk>", "▁HE", "LLO", "▁WORLD", "'S", "你", "▁好", "▁")
	joined := table(t, "<blank>", "</s>", "re@@", "turn", "我", "ok", "@")
	bytes := bbpe(t, wordStart+letters("你"), letters("好"), wordStart+"ok")
	id := func(tab *Table, symbols ...string) (ids []int) {
		for _, s := range symbols {
			n, ok := tab.ID(s)
			if !ok {
				t.Fatalf("no symbol %q", s)
			}
			ids = append(ids, n)
		}
		return ids
	}
	cut := letters("好")
	first := string([]rune(cut)[0])
	for _, c := range []struct {
		name string
		tab  *Table
		ids  []int
		want string // words by |, with first and last token
	}{
		{"characters", chars, id(chars, "你", "好"), "你 0 0|好 1 1"},
		{"letters join", chars, id(chars, "A", "B", "你"), "AB 0 1|你 2 2"},
		{"specials fall away", chars, id(chars, "<blk>", "你", "<unk>"), "你 1 1"},
		{"byte fallback", chars, id(chars, "<0xE8>", "<0xB0>", "<0xA2>", "你"), "谢 0 2|你 3 3"},
		{"broken bytes", chars, id(chars, "<0xE8>", "你", "<0xA2>"), "你 1 1"},
		{"punctuation", chars, id(chars, "，", "你", "，", "A", "，"), "， 0 0|你， 1 1|A， 3 3"},
		{"pieces", pieces, id(pieces, "▁HE", "LLO", "▁WORLD", "'S", "你", "▁好"), "HELLO 0 1|WORLD'S 2 3|你 4 4|好 5 5"},
		{"a bare space", pieces, id(pieces, "▁HE", "▁", "LLO"), "HE 0 0|LLO 2 2"},
		{"pieces that go on", joined, id(joined, "re@@", "turn", "ok", "我", "re@@", "我"), "return 0 1|ok 2 2|我 3 3|re 4 4|我 5 5"},
		{"byte level", bytes, append(id(bytes, wordStart+letters("你"), letters("好"), wordStart+"ok"), id(bytes, strings.Split(letters("谢"), "")...)...), "你 0 0|好 1 1|ok 2 2|谢 3 5"},
		{"half a character", bytes, id(bytes, wordStart+letters("你"), first, wordStart+"ok"), "你 0 0|ok 2 2"},
		{"out of range", chars, []int{-1, 99, 2}, "你 2 2"},
		{"nothing", chars, nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, w := range c.tab.Words(c.ids) {
				got = append(got, fmt.Sprintf("%s %d %d", w.Text, w.First, w.Last))
			}
			if s := strings.Join(got, "|"); s != c.want {
				t.Errorf("%q, want %q", s, c.want)
			}
		})
	}
	if got := pieces.Text(id(pieces, "▁HE", "LLO", "▁WORLD", "你", "▁HE")); got != "HELLO WORLD你HE" {
		t.Errorf("text is %q", got)
	}
}

func TestPhrasesBecomeTokens(t *testing.T) {
	chars := table(t, "<blk>", "退", "货", "A", "B")
	// Numbered as merges were learnt: he, then hel, then lo, then hello.
	pieces := table(t, "<blk>", "▁h", "el", "lo", "▁hel", "▁hello", "▁", "h", "e", "l", "o", "货")
	joined := table(t, "<blank>", "退", "ok")
	goods := letters("货")
	half := string([]rune(goods)[:2])
	bytes := bbpe(t, half, goods, wordStart+letters("退"))
	fallback := table(t, "<blk>", "<0xE8>", "<0xB0>", "<0xA2>")
	for _, c := range []struct {
		tab    *Table
		phrase string
		want   []string // nil: cannot be written
	}{
		{chars, "退货", []string{"退", "货"}},
		{chars, "退货ab。", []string{"退", "货", "A", "B"}},
		{chars, "退票", nil},
		{chars, "", nil},
		{chars, "。", nil},
		{chars, strings.Repeat("退", maxPhrase+1), nil},
		{pieces, "hello", []string{"▁hello"}},
		{pieces, "HELLO 货", []string{"▁hello", "货"}},
		{pieces, "hole", []string{"▁h", "o", "l", "e"}},
		{joined, "退ok", []string{"退", "ok"}},
		{joined, "okay", nil},
		{bytes, "退", []string{wordStart + letters("退")}},
		{bytes, "货", []string{wordStart, letters("货")}},
		{fallback, "谢", []string{"<0xE8>", "<0xB0>", "<0xA2>"}},
	} {
		ids, err := c.tab.Encode(c.phrase)
		if c.want == nil {
			if !errors.Is(err, ErrSpelling) {
				t.Errorf("%.20q: %v, %v", c.phrase, ids, err)
			}
			continue
		}
		var got []string
		for _, id := range ids {
			got = append(got, c.tab.Symbol(id))
		}
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%q: %q, %v, want %q", c.phrase, got, err, c.want)
		}
	}
}

func TestFilesThatAreNoTableAreRefused(t *testing.T) {
	for name, text := range map[string]string{
		"empty":         "",
		"no number":     "a\nb\n",
		"word":          "a one\n",
		"negative":      "a -1\n",
		"huge":          "a 999999999\n",
		"sparse":        "a 150000\n",
		"number twice":  "a 0\nb 0\n",
		"symbol twice":  "a 0\na 1\n",
		"long symbol":   strings.Repeat("x", 300) + " 0\n",
		"too many byte": strings.Repeat("x", MaxBytes+1),
	} {
		if _, err := Read([]byte(text)); !errors.Is(err, ErrTokens) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestUnusualLinesAreRead(t *testing.T) {
	tab, err := Read([]byte("\ufeff<blank>\t0\r\n 1\r\n▁a b 2\n\n# 3"))
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range []string{"<blank>", " ", "▁a b", "#"} {
		if got := tab.Symbol(id); got != want {
			t.Errorf("token %d is %q, want %q", id, got, want)
		}
	}
	if tab.Blank(7) != 0 || table(t, "a").Blank(7) != 7 || tab.Len() != 4 {
		t.Error("blank or length")
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("<blk> 0\n▁a 1\nb@@ 2\n你 3\n<0xE4> 4\n"), []byte{1, 2, 3, 4, 0}, "a 你")
	f.Add([]byte("a 0\n 1\n"), []byte{9}, "")
	f.Fuzz(func(t *testing.T, raw, ids []byte, phrase string) {
		tab, err := Read(raw)
		if err != nil {
			return
		}
		list := make([]int, len(ids))
		for i, id := range ids {
			list[i] = int(id) - 1
		}
		for _, w := range tab.Words(list) {
			if w.Text == "" || w.First < 0 || w.Last < w.First || w.Last >= len(list) {
				t.Errorf("word %+v of %d tokens", w, len(list))
			}
		}
		if made, err := tab.Encode(phrase); err == nil {
			for _, id := range made {
				if tab.Symbol(id) == "" {
					t.Errorf("%q is written with token %d, which has no symbol", phrase, id)
				}
			}
		}
	})
}
