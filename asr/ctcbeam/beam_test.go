package ctcbeam

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"waggle/asr/hotwords"
)

const cols = 4

// noise is frames of log probabilities that favour few tokens.
func noise(frames int, seed uint64) []float32 {
	r := rand.New(rand.NewPCG(seed, 1))
	rows := make([]float32, frames*cols)
	for i := range rows {
		rows[i] = float32(r.NormFloat64() * 2)
	}
	for f := range frames {
		if err := LogSoftmax(rows[f*cols:][:cols]); err != nil {
			panic(err)
		}
	}
	return rows
}

// everyPath sums the probability of each reading over all ways to say it.
func everyPath(rows []float32, blank int) map[string]float64 {
	sums := map[string]float64{}
	var walk func(rows []float32, last int, said string, lp float64)
	walk = func(rows []float32, last int, said string, lp float64) {
		if len(rows) == 0 {
			sums[said] += math.Exp(lp)
			return
		}
		for id, v := range rows[:cols] {
			next := said
			if id != blank && id != last {
				next += fmt.Sprint(id)
			}
			walk(rows[cols:], id, next, lp+float64(v))
		}
	}
	walk(rows, blank, "", 0)
	return sums
}

func name(p Path) (s string) {
	for _, id := range p.IDs() {
		s += fmt.Sprint(id)
	}
	return s
}

func TestAWideBeamSumsAllPaths(t *testing.T) {
	for seed := range uint64(20) {
		rows := noise(5, seed)
		want := everyPath(rows, 0)
		b := NewBeam(0, 10_000)
		for at := rows; len(at) > 0; at = at[cols:] {
			b.Frame(at[:cols])
		}
		best, most := "", 0.0
		for said, p := range want {
			if p > most {
				best, most = said, p
			}
		}
		paths := b.Paths(1)
		if name(paths[0]) != best || math.Abs(float64(paths[0].Score)-math.Log(most)) > 0.02 {
			t.Errorf("seed %d: %q at %.3f, want %q at %.3f", seed, name(paths[0]), paths[0].Score, best, math.Log(most))
		}
	}
}

func TestTokensCarryTheirFrames(t *testing.T) {
	loud := func(id int) []float32 {
		row := []float32{-9, -9, -9, -9}
		row[id] = -0.01
		return row
	}
	b, g := NewBeam(0, 4), NewBest1(0)
	for _, id := range []int{0, 2, 2, 0, 2, 3, 0} {
		b.Frame(loud(id))
		g.Frame(loud(id))
	}
	want := []Token{{2, 1, 2, -0.01}, {2, 4, 4, -0.01}, {3, 5, 5, -0.01}}
	for _, p := range []Path{b.Paths(1)[0], g.Paths(1)[0]} {
		if !slices.Equal(p.Tokens, want) {
			t.Errorf("%v, want %v", p.Tokens, want)
		}
		if c := p.Confidence(); math.Abs(float64(c)-0.99) > 0.01 {
			t.Errorf("confidence %v", c)
		}
	}
}

func TestHotwordsWinCloseRacesOnly(t *testing.T) {
	g, err := hotwords.New([]hotwords.Phrase{{Tokens: []int{1, 2}}})
	if err != nil {
		t.Fatal(err)
	}
	read := func(raised *hotwords.Graph, lead float32) string {
		b := NewBeam(0, 8)
		b.Raise(raised)
		for _, row := range [][]float32{{-9, -0.5, -9, -9}, {-9, -9, -1 - lead, -1}} {
			b.Frame(row)
		}
		return name(b.Paths(1)[0])
	}
	for _, c := range []struct {
		raised *hotwords.Graph
		lead   float32
		want   string
	}{{nil, 1, "13"}, {g, 1, "12"}, {g, 5, "13"}} {
		if got := read(c.raised, c.lead); got != c.want {
			t.Errorf("lead %v: %q, want %q", c.lead, got, c.want)
		}
	}
	b := NewBeam(0, 8)
	b.Raise(g)
	b.Frame([]float32{-9, -0.5, -9, -9})
	if p := b.Paths(1)[0]; p.Score != -0.5 {
		t.Errorf("half a phrase scores %v", p.Score)
	}
}

func TestACopyGoesItsOwnWay(t *testing.T) {
	rows := noise(40, 7)
	half := len(rows) / 2
	feed := func(f interface{ Frame([]float32) }, rows []float32) {
		for ; len(rows) > 0; rows = rows[cols:] {
			f.Frame(rows[:cols])
		}
	}
	b, fork, g, gfork := NewBeam(0, 4), NewBeam(1, 2), NewBest1(0), NewBest1(1)
	feed(b, rows[:half])
	feed(g, rows[:half])
	fork.CopyFrom(b)
	gfork.CopyFrom(g)
	feed(b, rows[half:])
	feed(g, rows[half:])
	feed(fork, rows[half:])
	feed(gfork, rows[half:])
	if x, y := b.Paths(1)[0], fork.Paths(1)[0]; x.Score != y.Score || !slices.Equal(x.Tokens, y.Tokens) {
		t.Error("the fork of a beam reads otherwise")
	}
	if x, y := g.Paths(1)[0], gfork.Paths(1)[0]; x.Score != y.Score || !slices.Equal(x.Tokens, y.Tokens) {
		t.Error("the fork of a best path reads otherwise")
	}
}

func TestOutputThatIsNoNumberIsRefused(t *testing.T) {
	nan := float32(math.NaN())
	for _, row := range [][]float32{{0, nan}, {nan, 0}, {float32(math.Inf(1)), 0}} {
		if err := LogSoftmax(row); !errors.Is(err, ErrOutput) {
			t.Errorf("%v: %v", row, err)
		}
	}
}

func TestFramesDoNotAllocate(t *testing.T) {
	rows := noise(200, 3)
	b, g := NewBeam(0, Width), NewBest1(0)
	utterance := func() {
		b.Reset()
		g.Reset()
		for at := rows; len(at) > 0; at = at[cols:] {
			b.Frame(at[:cols])
			g.Frame(at[:cols])
		}
	}
	utterance()
	if n := testing.AllocsPerRun(20, utterance); n != 0 {
		t.Errorf("%v allocations in an utterance as long as one before", n)
	}
}
