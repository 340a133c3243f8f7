package knowledge

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"waggle/shop"
)

// meanings stands in for an encoder: texts lie together by the words of a
// small thesaurus, whatever characters they are written with.
type meanings struct {
	groups [][]string
	broken error
	read   int
}

func (m *meanings) Embed(texts []string) ([][]float32, error) {
	if m.broken != nil {
		return nil, m.broken
	}
	out := make([][]float32, len(texts))
	for i, t := range texts {
		m.read++
		out[i] = make([]float32, len(m.groups)+1)
		out[i][len(m.groups)] = 0.1
		for g, words := range m.groups {
			for _, w := range words {
				if strings.Contains(t, w) {
					out[i][g] = 1
				}
			}
		}
	}
	return out, nil
}

func thesaurus() *meanings {
	return &meanings{groups: [][]string{{"运费", "邮费", "路费"}, {"下班", "营业", "打烊"}, {"正品", "真货", "假的"}}}
}

func small(t *testing.T) *Library {
	t.Helper()
	l, err := Open(context.Background(), []shop.Article{
		{ID: "fee", Questions: []string{"运费多少"}, Answer: "运费6元。"},
		{ID: "hours", Questions: []string{"几点下班"}, Answer: "早9点到晚9点。"},
		{ID: "real", Questions: []string{"是正品吗", "质量如何"}, Answer: "都是正品。"},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestMeaningFindsWhatSharesNoWord(t *testing.T) {
	l := small(t)
	if hits := l.Retrieve("什么时候打烊", 3); len(hits) != 0 {
		t.Fatalf("words alone found %+v", hits)
	}
	e := thesaurus()
	if err := l.Embed(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	hits := l.Retrieve("什么时候打烊", 3)
	if len(hits) == 0 || hits[0].Entry.ID != "hours" || hits[0].Cosine < 0.9 || hits[0].Cover != 0 {
		t.Errorf("by meaning: %+v", hits)
	}
	hits = l.Retrieve("运费多少啊会不会是假的", 3)
	if len(hits) < 2 || hits[0].Entry.ID != "fee" || hits[0].Fused <= hits[1].Fused {
		t.Errorf("what both orders name goes first: %+v", hits)
	}
	read := e.read
	if err := l.Embed(t.Context(), e); err != nil || e.read != read {
		t.Errorf("texts were read again: %d, was %d (%v)", e.read, read, err)
	}
}

func TestAnEncoderThatFailsTakesNothingAway(t *testing.T) {
	l, e := small(t), thesaurus()
	e.broken = errors.New("no more memory")
	if err := l.Embed(t.Context(), e); !errors.Is(err, e.broken) {
		t.Errorf("Embed says %v", err)
	}
	if hits := l.Retrieve("运费多少", 1); len(hits) != 1 || hits[0].Entry.ID != "fee" {
		t.Errorf("%+v", hits)
	}
	e.broken = nil
	if err := l.Embed(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	e.broken = errors.New("gone")
	if hits := l.Retrieve("运费多少", 1); len(hits) != 1 || hits[0].Entry.ID != "fee" {
		t.Errorf("with an encoder that fails later: %+v", hits)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := small(t).Embed(ctx, thesaurus()); !errors.Is(err, context.Canceled) {
		t.Errorf("after the context ended: %v", err)
	}
}

func TestUnitKeepsAngles(t *testing.T) {
	a, b := unit([]float32{3, 4, 0}), unit([]float32{0.3, 0.4, 0})
	if cos := float64(dot(a, b)) / (127 * 127); math.Abs(cos-1) > 0.02 {
		t.Errorf("the same direction is %.3f apart", cos)
	}
	if unit([]float32{0, 0}) != nil || unit([]float32{float32(math.NaN())}) != nil {
		t.Error("a vector without a direction got one")
	}
}

func BenchmarkNearest(b *testing.B) {
	const texts, dims = 30000, 128
	v := &vectors{dims: dims, row: make([]int32, texts), data: make([]int8, texts*dims)}
	for i := range v.row {
		v.row[i] = int32(i)
	}
	for i := range v.data {
		v.data[i] = int8(i*31 + i/dims)
	}
	q := v.data[:dims]
	for b.Loop() {
		v.nearest(q, deep)
	}
}
