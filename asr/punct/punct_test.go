package punct

import (
	"errors"
	"strings"
	"testing"
	"unicode"

	"waggle/asr/modeldir"
	"waggle/asr/segment/segmenttest"
)

func open(t testing.TB) *Model {
	t.Helper()
	m, err := Open("testdata")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	return m
}

func TestTextsEqualSherpaOnnx(t *testing.T) {
	m := open(t)
	for _, row := range segmenttest.Golden(t, "testdata/golden.tsv", 1) {
		if got, err := m.Punctuate(row[0]); err != nil || got != row[1] {
			t.Errorf("%s: %s (%v), sherpa-onnx has %s", row[0], got, err, row[1])
		}
	}
}

func TestTextsThatCannotBePunctuatedAreRefused(t *testing.T) {
	m := open(t)
	for name, text := range map[string]string{"long": strings.Repeat("好", maxText+1), "no UTF-8": "\xff\xfe"} {
		if _, err := m.Punctuate(text); !errors.Is(err, ErrText) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got, err := m.Punctuate(" \n"); got != "" || err != nil {
		t.Errorf("nothing gives %q, %v", got, err)
	}
}

func TestWordsAreSplitAsTheModelWasTrained(t *testing.T) {
	for text, want := range map[string]string{
		"退T恤it's 3件OK": "退|T|恤|it's|3|件|OK", "a b": "a|b", "，a": "，|a", "naïve吗": "naïve|吗",
	} {
		if got := strings.Join(split(text), "|"); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

// sound is a text without spaces and marks.
func sound(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || strings.ContainsRune("，。？、", r) {
			return -1
		}
		return r
	}, text)
}

func FuzzPunctuate(f *testing.F) {
	m := open(f)
	f.Add("我要退货了请查一下ok")
	f.Add("a\u0301b c\u3000d")
	f.Fuzz(func(t *testing.T, text string) {
		got, err := m.Punctuate(text)
		if err == nil && sound(got) != sound(text) {
			t.Errorf("%q became %q", text, got)
		}
	})
}

func FuzzMetadata(f *testing.F) {
	f.Add("4", "<unk>|a|b|c", "<unk>", "_|，|。|？|、")
	f.Add("-1", "|||", "", "")
	f.Fuzz(func(t *testing.T, size, tokens, unknown, marks string) {
		m := &Model{}
		err := m.read(modeldir.Meta{"vocab_size": size, "tokens": tokens, "unk_symbol": unknown, "punctuations": marks})
		if err != nil && !errors.Is(err, modeldir.ErrMetadata) {
			t.Errorf("%v", err)
		}
		if err == nil && (m.stop >= len(m.marks) || int(m.unknown) >= len(m.words)+1) {
			t.Errorf("%+v", m)
		}
	})
}

func BenchmarkSentence(b *testing.B) {
	m := open(b)
	defer segmenttest.CPU(b)()
	for b.Loop() {
		if _, err := m.Punctuate("你好吗我要退货了请查一下快递到哪了"); err != nil {
			b.Fatal(err)
		}
	}
}
