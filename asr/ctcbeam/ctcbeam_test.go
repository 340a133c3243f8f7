package ctcbeam

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// rowsOf makes frames of log probabilities from scores.
func rowsOf(t testing.TB, cols int, scores []float32) []float32 {
	t.Helper()
	rows := slices.Clone(scores)
	for at := rows; len(at) >= cols; at = at[cols:] {
		if err := LogSoftmax(at[:cols]); err != nil {
			t.Fatal(err)
		}
	}
	return rows
}

// frames writes one token per frame with a clear lead.
func frames(t testing.TB, cols int, ids ...int) []float32 {
	t.Helper()
	scores := make([]float32, cols*len(ids))
	for f, id := range ids {
		scores[f*cols+id] = 5
	}
	return rowsOf(t, cols, scores)
}

func TestRepeatsAndBlanksFallAway(t *testing.T) {
	for _, c := range []struct {
		name  string
		ids   []int
		want  []int
		first []int
		last  []int
	}{
		{"nothing", nil, nil, nil, nil},
		{"silence", []int{0, 0, 0}, nil, nil, nil},
		{"one token held", []int{0, 1, 1, 1, 0}, []int{1}, []int{1}, []int{3}},
		{"twice with a blank between", []int{1, 0, 1}, []int{1, 1}, []int{0, 2}, []int{0, 2}},
		{"one after the other", []int{1, 1, 2, 2, 3}, []int{1, 2, 3}, []int{0, 2, 4}, []int{1, 3, 4}},
	} {
		rows := frames(t, 4, c.ids...)
		beam := NewBeam(0, Width)
		for f := range c.ids {
			beam.Frame(rows[4*f : 4*f+4])
		}
		for how, p := range map[string]Path{"greedy": Greedy(rows, 4, 0), "beam": beam.Paths(1)[0]} {
			if !slices.Equal(p.IDs(), c.want) {
				t.Errorf("%s, %s: %v, want %v", c.name, how, p.IDs(), c.want)
				continue
			}
			for i, tok := range p.Tokens {
				if tok.First != c.first[i] || how == "greedy" && tok.Last != c.last[i] {
					t.Errorf("%s, %s: token %d lies from %d to %d, want %d to %d", c.name, how, i, tok.First, tok.Last, c.first[i], c.last[i])
				}
			}
			if conf := p.Confidence(); len(c.want) > 0 && (conf < 0.9 || conf > 1) || len(c.want) == 0 && conf != 0 {
				t.Errorf("%s, %s: confidence %v", c.name, how, conf)
			}
		}
	}
}

func TestWhatIsNoNumberIsRefused(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	for _, row := range [][]float32{{0, nan, 1}, {nan, nan, nan}, {inf, 0, 0}, {-inf, -inf, -inf}} {
		if err := LogSoftmax(slices.Clone(row)); !errors.Is(err, ErrOutput) {
			t.Errorf("%v: %v", row, err)
		}
	}
	row := []float32{-inf, 3, 3} // a suppressed token is no mistake
	if err := LogSoftmax(row); err != nil || math.Abs(math.Exp(float64(row[1]))-0.5) > 1e-6 {
		t.Errorf("%v, %v", row, err)
	}
}

func FuzzSearch(f *testing.F) {
	f.Add([]byte{1, 200, 3, 4, 5, 6, 7, 8, 250}, uint8(2))
	f.Fuzz(func(t *testing.T, raw []byte, blank uint8) {
		const cols = 3
		scores := make([]float32, len(raw)/cols*cols)
		for i := range scores {
			scores[i] = float32(int(raw[i])-128) / 8
		}
		rows := rowsOf(t, cols, scores)
		beam := NewBeam(int(blank)%cols, 4)
		for at := rows; len(at) > 0; at = at[cols:] {
			beam.Frame(at[:cols])
		}
		for _, p := range append(beam.Paths(4), Greedy(rows, cols, int(blank)%cols)) {
			last := -1
			for _, tok := range p.Tokens {
				if tok.ID == int(blank)%cols || tok.First <= last || tok.Last < tok.First || tok.Last >= len(rows)/cols {
					t.Fatalf("%+v in %d frames", p, len(rows)/cols)
				}
				last = tok.First
			}
			if p.Score > 1e-4 {
				t.Fatalf("log probability %v", p.Score)
			}
		}
	})
}

func BenchmarkBeamFrame(b *testing.B) {
	const cols = 4000
	rng := rand.New(rand.NewPCG(3, 4))
	rows := make([]float32, 64*cols)
	for i := range rows {
		rows[i] = float32(4 * rng.NormFloat64())
	}
	rows = rowsOf(b, cols, rows)
	beam := NewBeam(0, Width)
	for i := 0; b.Loop(); i++ {
		if i%200 == 0 {
			beam.Reset()
		}
		beam.Frame(rows[i%64*cols:][:cols])
	}
}
