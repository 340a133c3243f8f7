package lm

import (
	"bytes"
	"compress/gzip"
	"errors"
	"math"
	"os"
	"testing"
)

func read(t testing.TB, path string) *Model {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	m, err := Read(raw)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func word(t testing.TB, m *Model, text string) WordID {
	t.Helper()
	for i, w := range m.Words {
		if w.Text == text {
			return WordID(i)
		}
	}
	t.Fatalf("%q is not in the lexicon", text)
	return 0
}

const shipped = "../../models/builtin/asr-zh-lm.gz"

func TestProbabilitiesOfEveryKindOfHistorySumToOne(t *testing.T) {
	m := read(t, shipped)
	_, two := m.Score(m.Start(), word(t, m, "我"))
	states := map[string]State{"start": m.Start(), "empty": empty, "one word": m.After(word(t, m, "快递")), "two words": two}
	for name, s := range states {
		sum := 0.0
		for w := range m.Words {
			if WordID(w) == Begin {
				continue
			}
			p, _ := m.Score(s, WordID(w))
			sum += math.Exp(float64(p))
		}
		if math.Abs(sum-1) > 0.02 {
			t.Errorf("after %s the probabilities sum to %.4f", name, sum)
		}
	}
}

// sentence scores words from the start to the end of a sentence.
func sentence(t testing.TB, m *Model, words ...string) float32 {
	t.Helper()
	s, total := m.Start(), float32(0)
	for _, w := range words {
		p, next := m.Score(s, word(t, m, w))
		total, s = total+p, next
	}
	p, _ := m.Score(s, End)
	return total + p
}

func TestShopSentencesBeatHomophonesAndNonsense(t *testing.T) {
	m := read(t, shipped)
	tests := []struct{ good, bad []string }{
		{[]string{"我", "要", "退货"}, []string{"我", "药", "退货"}},
		{[]string{"我", "的", "快递"}, []string{"快递", "的", "我"}},
		{[]string{"转人工"}, []string{"专", "人工"}},
	}
	for _, test := range tests {
		if g, b := sentence(t, m, test.good...), sentence(t, m, test.bad...); g <= b {
			t.Errorf("%v scores %.2f, %v scores %.2f", test.good, g, test.bad, b)
		}
	}
}

func TestFollowsKnowsWhereDigitsStand(t *testing.T) {
	m := read(t, shipped)
	if !m.Follows(m.After(word(t, m, "尾号")), Digits) {
		t.Error("no digits after 尾号")
	}
	if m.Follows(m.After(word(t, m, "漂亮")), Digits) {
		t.Error("digits after 漂亮")
	}
}

func TestDamagedFilesAreRefused(t *testing.T) {
	raw, err := os.ReadFile(shipped)
	if err != nil {
		t.Fatal(err)
	}
	z, _ := gzip.NewReader(bytes.NewReader(raw))
	var plain bytes.Buffer
	if _, err := plain.ReadFrom(z); err != nil {
		t.Fatal(err)
	}
	full := plain.Bytes()
	for name, content := range map[string][]byte{
		"empty":     nil,
		"not gzip":  []byte("hello"),
		"cut gzip":  raw[:len(raw)/2],
		"magic":     pack(t, append([]byte("WRONGXXX"), full[8:]...)),
		"version":   pack(t, append([]byte("WAGGLELM\x09"), full[9:]...)),
		"cut lists": pack(t, full[:len(full)-1]),
		"huge list": pack(t, append([]byte("WAGGLELM\x01\x00\x00\x00\xff\xff\xff\xff"), full[16:]...)),
	} {
		if _, err := Read(content); !errors.Is(err, ErrFormat) {
			t.Errorf("%s: error is %v", name, err)
		}
	}
}

func pack(t testing.TB, raw []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(raw); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// FuzzRead mutates the unpacked bytes: whatever Read accepts must be safe to use.
func FuzzRead(f *testing.F) {
	f.Add([]byte("WAGGLELM\x01\x00\x00\x00"))
	f.Add(tiny())
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := Read(pack(t, raw))
		if err != nil {
			return
		}
		s := m.Start()
		for w := range min(len(m.Words), 50) {
			_, s = m.Score(s, WordID(w))
		}
	})
}

// tiny is a whole model of five words, unpacked.
func tiny() []byte {
	b := []byte("WAGGLELM\x01\x00\x00\x00")
	b = append(b, 1, 0, 0, 0, 2, 'w', 'o')
	b = append(b, 5, 0, 0, 0)
	for _, w := range []string{"<s>", "</s>", "<digits>", "<phrase>"} {
		b = append(append(append(b, byte(len(w))), w...), 0)
	}
	b = append(b, 3, 0xe6, 0x88, 0x91, 1, 1, 0, 0) // 我 wo
	b = append(b, 1, 0, 0, 0, 1, 0, 0, 0)
	for _, first := range []byte{0, 1, 1, 1, 1} {
		b = append(b, 0, 0xf0, 0, 0, first, 0, 0, 0)
	}
	b = append(b, 4, 0, 0, 0xf8, 0, 0, 0, 0, 0, 0) // <s> 我
	return append(b, 1, 0, 0, 0xfc)                // <s> 我 </s>
}

func TestTinyModelReads(t *testing.T) {
	m, err := Read(pack(t, tiny()))
	if err != nil {
		t.Fatal(err)
	}
	p, s := m.Score(m.Start(), FirstWord)
	if end, _ := m.Score(s, End); p >= 0 || end >= 0 {
		t.Errorf("ln p = %v, then %v", p, end)
	}
}

func BenchmarkScore(b *testing.B) {
	m := read(b, shipped)
	s := m.Start()
	w := WordID(FirstWord)
	for b.Loop() {
		_, s = m.Score(s, w)
		w = (w*7919 + 13) % WordID(len(m.Words))
	}
}
