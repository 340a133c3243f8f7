package hotwords

import (
	"errors"
	"math"
	"strings"
	"testing"
)

// total is what a sequence of letters earns in all, phrases being letters too.
func total(g *Graph, said string) float32 {
	sum, s := float32(0), State(0)
	for _, r := range said {
		var more float32
		more, s = g.Step(s, int(r))
		sum += more
	}
	return sum + g.End(s)
}

func phrase(text string, score float32) Phrase {
	var p Phrase
	for _, r := range text {
		p.Tokens = append(p.Tokens, int(r))
	}
	p.Score = score
	return p
}

func TestOnlyWholePhrasesKeepWhatTheyEarn(t *testing.T) {
	g, err := New([]Phrase{phrase("abcd", 1), phrase("bcx", 2), phrase("q", 0), phrase("zz", -1), phrase("mn", 1), phrase("mo", 3)})
	if err != nil {
		t.Fatal(err)
	}
	for said, want := range map[string]float32{
		"":         0,
		"abc":      0, // half-said
		"abcd":     4,
		"abcdabcd": 8,
		"abcx":     6, // abc is left for bcx
		"xxabcdx":  4,
		"q":        1.5,
		"aqa":      1.5,
		"zz":       -2,
		"ababcd":   4,
		"mn":       4, // a beginning that is shared earns what the dearer phrase gives
		"m":        0,
	} {
		if got := total(g, said); math.Abs(float64(got-want)) > 1e-5 {
			t.Errorf("%q earns %v, want %v", said, got, want)
		}
	}
}

// The example of Aho and Corasick: he, she, hers in "shersx".
func TestStepsScoreAsContextGraphsDo(t *testing.T) {
	g, err := New([]Phrase{phrase("he", 1), phrase("she", 1), phrase("hers", 1)})
	if err != nil {
		t.Fatal(err)
	}
	s := State(0)
	for i, want := range []float32{
		1,     // s
		1,     // sh
		1 + 5, // she keeps its three, and he its two
		0,     // her is one of hers, as long as she was
		1 + 4, // hers keeps its four
		-4,    // nothing begins with x: what was counted on the way is given back
	} {
		var got float32
		if got, s = g.Step(s, int("shersx"[i])); got != want {
			t.Errorf("token %d earns %v, want %v", i, got, want)
		}
	}
	if s != 0 {
		t.Errorf("ends in state %d", s)
	}
}

func TestGraphsOfNothingScoreNothing(t *testing.T) {
	g, err := New([]Phrase{{}, {Score: 3}})
	if err != nil || g != nil {
		t.Fatalf("New = %v, %v", g, err)
	}
	if score, s := g.Step(0, 5); score != 0 || s != 0 || g.End(0) != 0 {
		t.Error("a nil Graph scores")
	}
}

func TestTooManyPhrasesAreRefused(t *testing.T) {
	if _, err := New(make([]Phrase, MaxPhrases+1)); !errors.Is(err, ErrTooMany) {
		t.Errorf("New = %v", err)
	}
	long := Phrase{Tokens: make([]int, 2*maxNodes)}
	for i := range long.Tokens {
		long.Tokens[i] = i
	}
	if _, err := New([]Phrase{long}); !errors.Is(err, ErrTooMany) {
		t.Errorf("New = %v", err)
	}
}

func TestListsCarryScores(t *testing.T) {
	list, err := Read("# names\n青花瓷 :2.5\r\n\nbone china\n a:b \n")
	if err != nil {
		t.Fatal(err)
	}
	want := []Hotword{{"青花瓷", 2.5}, {"bone china", 0}, {"a:b", 0}}
	if len(list) != len(want) {
		t.Fatalf("%v", list)
	}
	for i := range want {
		if list[i] != want[i] {
			t.Errorf("%d: %v, want %v", i, list[i], want[i])
		}
	}
	for _, bad := range []string{"x :NaN", "x :99", "x :", " :3", "x :1e99", strings.Repeat("a\n", MaxPhrases+1)} {
		if _, err := Read(bad); !errors.Is(err, ErrList) {
			t.Errorf("%.20q: %v", bad, err)
		}
	}
}

func TestStepsDoNotAllocate(t *testing.T) {
	g, _ := New([]Phrase{phrase("abcd", 1), phrase("bcx", 2)})
	s := State(0)
	if n := testing.AllocsPerRun(100, func() { _, s = g.Step(s, int('b')) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// However phrases overlap, no sequence may earn more than all of its tokens
// could, nor may the sums go astray.
func FuzzGraph(f *testing.F) {
	f.Add("he she hers", "ushers")
	f.Add("aa aaa a", "aaaaaa")
	f.Fuzz(func(t *testing.T, list, said string) {
		if len(list) > 200 || len(said) > 200 {
			return
		}
		var phrases []Phrase
		for _, p := range strings.Fields(list) {
			phrases = append(phrases, phrase(p, 1))
		}
		g, err := New(phrases)
		if err != nil {
			t.Fatal(err)
		}
		if got := total(g, said); got < -1e-3 {
			t.Errorf("%q earns %v of phrases that only raise", said, got)
		}
	})
}

func FuzzRead(f *testing.F) {
	f.Add("青花瓷 :2.5\n# x\n :")
	f.Fuzz(func(_ *testing.T, text string) { _, _ = Read(text) })
}
