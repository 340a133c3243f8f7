package lexicon

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
)

func front(t testing.TB, form Form, lines string, symbols ...string) *Words {
	t.Helper()
	l := New(tokens(t, symbols...), form)
	if err := l.Add([]byte(lines)); err != nil {
		t.Fatal(err)
	}
	return &Words{Lexicon: l, Gap: -1}
}

func TestSplitMakesPhrasesThatCanBeSaidOneByOne(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string // clauses joined by |
	}{
		{"", nil},
		{"。，！", nil},
		{"你好。请问有什么可以帮您？", []string{"你好.", "请问有什么可以帮您?"}},
		{"您好，这里是瓦狗，请讲", []string{"您好,|这里是瓦狗,", "请讲"}},
		{"价格是3.50元.谢谢", []string{"价格是3.50元.", "谢谢"}}, // a Latin stop ends where no Latin letter follows
		{"See you at 10:30, dear friend. Bye!", []string{"See you at 10:30,|dear friend.", "Bye!"}},
		{"您好请问有什么，可以帮您的吗，请您说一说吧，我在这里听着，您慢慢说。", []string{"您好请问有什么,", "可以帮您的吗,|请您说一说吧,", "我在这里听着,|您慢慢说."}},
		{"红色、蓝色和黑色", []string{"红色、蓝色和黑色"}},
		{"真的？！好", []string{"真的!", "好"}},
		{"第一行\n第二行", []string{"第一行.", "第二行"}},
		{strings.Repeat("好", 61), []string{strings.Repeat("好", 60) + ",", "好"}},
		{strings.Repeat("好", 50) + "、" + strings.Repeat("坏", 50), []string{strings.Repeat("好", 50) + ",", strings.Repeat("坏", 50)}},
	} {
		var got []string
		for _, p := range Split(c.text) {
			var parts []string
			for _, part := range p {
				mark := ""
				if part.Mark != 0 {
					mark = string(part.Mark)
				}
				parts = append(parts, part.Text+mark)
			}
			got = append(got, strings.Join(parts, "|"))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("Split(%q) = %q, want %q", c.text, got, c.want)
		}
	}
}

func TestWordsTakeTheLongestMatchThenCharactersThenLetters(t *testing.T) {
	w := front(t, Phones, "快 a\n递 b\n快递 c\n快递到了 d\nok e\nv f\ni g\np h\n", "_", "a", "b", "c", "d", "e", "f", "g", "h", ",", "。")
	for _, c := range []struct {
		text    string
		want    []int64
		skipped int
	}{
		{"快递快", []int64{3, 1}, 0},
		{"快递到了", []int64{4}, 0},
		{"快递到", []int64{3}, 1},
		{"递VIP", []int64{2, 6, 7, 8}, 0},
		{"OK快", []int64{5, 1}, 0},
		{"快、递", []int64{1, 9, 2}, 0},
		{"快，递。", []int64{1, 9, 2, 10}, 0},
		{"鬱", nil, 1},
		{"zebra", nil, 5},
	} {
		var got []int64
		skipped := 0
		for _, p := range Split(c.text) {
			e, err := w.Encode(t.Context(), p)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, e.IDs...)
			skipped += e.Skipped
		}
		if !slices.Equal(got, c.want) || skipped != c.skipped {
			t.Errorf("%q = %v with %d skipped, want %v with %d", c.text, got, skipped, c.want, c.skipped)
		}
	}
}

func TestLayoutsPutBlanksWhereTheFamiliesHaveThem(t *testing.T) {
	for _, c := range []struct {
		name        string
		layout      Layout
		want, tones []int64
	}{
		{"plain", Layout{}, []int64{5, 6}, []int64{1, 2}},
		{"vits", Layout{Blanks: Around}, []int64{0, 5, 0, 6, 0}, []int64{0, 1, 0, 2, 0}},
		{"piper", Layout{Head: []int64{1}, Tail: []int64{2}, Blanks: Between}, []int64{1, 0, 5, 0, 6, 0, 2}, []int64{0, 0, 1, 0, 2, 0, 0}},
		{"coqui", Layout{First: []int64{1}, Last: []int64{8, 2}, Blank: 9, Blanks: Around}, []int64{1, 9, 5, 9, 6, 9, 8, 2}, []int64{0, 0, 1, 0, 2, 0, 0, 0}},
		{"kokoro", Layout{First: []int64{0}, Last: []int64{0}}, []int64{0, 5, 6, 0}, []int64{0, 1, 2, 0}},
	} {
		e := Encoded{IDs: []int64{5, 6}, Tones: []int64{1, 2}}
		c.layout.frame(&e, true)
		if !slices.Equal(e.IDs, c.want) || !slices.Equal(e.Tones, c.tones) {
			t.Errorf("%s: %v %v, want %v %v", c.name, e.IDs, e.Tones, c.want, c.tones)
		}
	}
}

func TestMandarinKeepsTheWordsThatTheVoiceSays(t *testing.T) {
	says := func(word string) bool {
		return slices.Contains([]string{"hello", "ok", "iphone", "com"}, strings.ToLower(word))
	}
	for text, want := range map[string]string{
		"你好hello，再见":        "你好 hello ，再见",
		"好的 OK 3件":          "好的 OK 三件",
		"3 ok":              "三 欧开", // behind a number it may be a unit
		"我要iPhone":          "我要 iPhone ",
		"a@hello.com":       "诶 圈艾特哈喽点西欧艾姆",
		"您有3条消息":            "您有三条消息",
		"龘hello":            "龘 哈喽",
		"hello, hello。100元": "hello ， hello 。一百元",
	} {
		got := Mandarin(text, says)
		if squeeze(got) != squeeze(want) && text != "a@hello.com" {
			t.Errorf("Mandarin(%q) = %q, want %q", text, got, want)
		}
		if text == "a@hello.com" && strings.Contains(got, "hello") {
			t.Errorf("a word was taken out of an address: %q", got)
		}
	}
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }

// spelling is a Speller that returns the clause itself.
type spelling struct{ err error }

func (s spelling) Phonemes(_ context.Context, clause string) ([]rune, error) {
	return []rune(clause), s.err
}

func TestSoundsSkipWhatTheTableLacks(t *testing.T) {
	s := &Sounds{Tokens: tokens(t, "_", "^", "$", "a", "b", " ", ",", "."), Speller: spelling{},
		Layout: Layout{Head: []int64{1}, Tail: []int64{2}, Blanks: Between}}
	e, err := s.Encode(t.Context(), Phrase{{Text: "ab", Mark: ','}, {Text: "zb", Mark: '.'}})
	if want := []int64{1, 0, 3, 0, 4, 0, 6, 0, 5, 0, 4, 0, 7, 0, 2}; err != nil || !slices.Equal(e.IDs, want) || e.Skipped != 1 {
		t.Errorf("Encode = %v, %d skipped, %v, want %v", e.IDs, e.Skipped, err, want)
	}
	broken := errors.New("broken")
	s.Speller = spelling{broken}
	if _, err := s.Encode(t.Context(), Phrase{{Text: "ab"}}); !errors.Is(err, broken) {
		t.Errorf("Encode = %v, want the Speller's error", err)
	}
}

func FuzzSplit(f *testing.F) {
	f.Add("您好，这里是瓦狗。3.5元、10:30！")
	f.Add("a.b.c, d\n\n。，，")
	f.Fuzz(func(t *testing.T, text string) {
		for _, p := range Split(text) {
			if len(p) == 0 {
				t.Fatal("an empty phrase")
			}
			for _, part := range p {
				if weigh(part.Text) > longest+perCharacter {
					t.Fatalf("a clause of %d: %q", weigh(part.Text), part.Text)
				}
			}
		}
	})
}

func FuzzEncode(f *testing.F) {
	f.Add("快递OK到了，VIP 100元。")
	w := front(f, PhonesAndTones, "快 a 1\n快递 a b 1 2\nok e 3\nv a 4\n", "_", "a", "b", "e", ",", " ")
	w.Layout = Layout{Blanks: Around}
	f.Fuzz(func(t *testing.T, text string) {
		for _, p := range Split(w.Form(text)) {
			e, err := w.Encode(t.Context(), p)
			if err != nil || len(e.IDs) != len(e.Tones) {
				t.Fatalf("%q: %d ids, %d tones, %v", text, len(e.IDs), len(e.Tones), err)
			}
		}
	})
}

func BenchmarkFrontEnd(b *testing.B) {
	w := front(b, Phones, "您 a\n的 b\n快递 a b c\n已经 c\n到达 a\n驿站 b c\n", "_", "a", "b", "c", ",")
	b.ReportAllocs()
	for b.Loop() {
		for _, p := range Split(w.Form("您的快递已经到达驿站，请凭取件码3-5-2041领取。")) {
			if _, err := w.Encode(context.Background(), p); err != nil {
				b.Fatal(err)
			}
		}
	}
}
