package search

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"testing"

	"waggle/vision"
	"waggle/vision/card"
	"waggle/vision/embed"
)

// goods is a catalogue of printed things, as photos of any light.
type goods struct{ side int }

// picture draws product n: blocks of few colours on a ground.
func (g goods) picture(n int, light float64) vision.Image {
	rng := rand.New(rand.NewPCG(uint64(n), 3))
	m := vision.Image{W: g.side, H: g.side, Pix: make([]uint8, 3*g.side*g.side)}
	fill := func(x, y, w, h int) {
		c := [3]float64{float64(rng.IntN(230)), float64(rng.IntN(230)), float64(rng.IntN(230))}
		for v := y; v < min(g.side, y+h); v++ {
			for u := x; u < min(g.side, x+w); u++ {
				for k := range 3 {
					m.Pix[3*(v*g.side+u)+k] = uint8(c[k] * light)
				}
			}
		}
	}
	fill(0, 0, g.side, g.side)
	for range 60 {
		fill(rng.IntN(g.side), rng.IntN(g.side), 8+rng.IntN(g.side/5), 8+rng.IntN(g.side/5))
	}
	return m
}

func (g goods) pictures(n int) iter.Seq2[Picture, error] {
	return func(yield func(Picture, error) bool) {
		for i := range n {
			p := Picture{Key: fmt.Sprintf("%d.png", i), Product: fmt.Sprint(i), Stamp: 1,
				Load: func(context.Context) (vision.Image, error) { return g.picture(i, 1), nil }}
			if !yield(p, nil) {
				return
			}
		}
	}
}

func (g goods) load(_ context.Context, key string) (vision.Image, error) {
	var n int
	if _, err := fmt.Sscanf(key, "%d.png", &n); err != nil {
		return vision.Image{}, err
	}
	return g.picture(n, 1), nil
}

func describer(t testing.TB) *embed.Describer {
	t.Helper()
	d, err := embed.Open("../embed/testdata/grid.json", card.Options{Slots: 2})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

func finder(t testing.TB, o Options) *Finder {
	t.Helper()
	f, err := Open(describer(t), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func TestAPhotoFindsItsProduct(t *testing.T) {
	g := goods{240}
	f := finder(t, Options{Load: g.load})
	if p, err := f.Import(t.Context(), g.pictures(40), nil); err != nil || p.Added != 40 || f.Len() != 40 {
		t.Fatalf("%+v, %v", p, err)
	}
	for n := 0; n < 40; n += 5 {
		hits, err := f.Search(t.Context(), g.picture(n, 0.7), 5, nil)
		if err != nil || len(hits) != 5 || hits[0].Product != fmt.Sprint(n) || hits[0].Image != fmt.Sprintf("%d.png", n) {
			t.Errorf("product %d: %v, %v", n, hits, err)
		}
	}
	hits, err := f.Search(t.Context(), g.picture(3, 0.9), 5, func(p string) bool { return p == "7" || p == "8" })
	if err != nil || len(hits) != 2 || slices.ContainsFunc(hits, func(h Hit) bool { return h.Product != "7" && h.Product != "8" }) {
		t.Errorf("filtered: %v, %v", hits, err)
	}
}

func TestImportGoesOnWhereItWas(t *testing.T) {
	g, dir := goods{64}, t.TempDir()
	f := finder(t, Options{Dir: dir})
	ctx, cancel := context.WithCancel(t.Context())
	p, err := f.Import(ctx, g.pictures(100), func(p Progress) {
		if p.Seen == 70 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) || f.Len() != 2*importBatch || p.Removed != 0 {
		t.Fatalf("%d pictures, %+v, %v", f.Len(), p, err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	f = finder(t, Options{Dir: dir})
	var seen []int
	p, err = f.Import(t.Context(), g.pictures(100), func(p Progress) { seen = append(seen, p.Seen) })
	if err != nil || p.Kept != 2*importBatch || p.Added != 100-2*importBatch || len(seen) != 100 || !slices.IsSorted(seen) {
		t.Fatalf("%+v, %v", p, err)
	}
	p, err = f.Import(t.Context(), g.pictures(90), nil)
	if err != nil || p.Kept != 90 || p.Removed != 10 || f.Len() != 90 {
		t.Fatalf("%+v, %v", p, err)
	}
}

func TestAPictureThatCannotBeReadIsPassedOver(t *testing.T) {
	g, broken := goods{64}, errors.New("no picture")
	f := finder(t, Options{})
	list := func(yield func(Picture, error) bool) {
		for p, err := range g.pictures(5) {
			if p.Product == "2" {
				p.Load = func(context.Context) (vision.Image, error) { return vision.Image{}, broken }
			}
			if !yield(p, err) {
				return
			}
		}
	}
	p, err := f.Import(t.Context(), list, nil)
	if err != nil || p.Failed != 1 || p.Added != 4 || !errors.Is(p.Err, broken) {
		t.Errorf("%+v, %v", p, err)
	}
	if _, err := f.Import(t.Context(), func(yield func(Picture, error) bool) { yield(Picture{}, broken) }, nil); !errors.Is(err, broken) || f.Len() != 4 {
		t.Errorf("a list that breaks off: %d left, %v", f.Len(), err)
	}
}

func TestChoiceIsSureAsksOrAbstains(t *testing.T) {
	w := Weights{Calibrated: true, Bias: -10, Score: 10, Margin: 20, Sure: 0.9, Ask: 0.3}
	for name, c := range map[string]struct {
		hits []Hit
		want Verdict
		n    int
	}{
		"clear":   {[]Hit{{"a", "", 0.95}, {"b", "", 0.5}}, Sure, 1},
		"close":   {[]Hit{{"a", "", 0.95}, {"b", "", 0.93}, {"c", "", 0.9}, {"d", "", 0.9}}, Ask, 3},
		"far":     {[]Hit{{"a", "", 0.4}, {"b", "", 0.35}}, Nothing, 0},
		"nothing": {nil, Nothing, 0},
	} {
		got := w.Decide(c.hits)
		if got.Verdict != c.want || len(got.Hits) != c.n {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if got := (Weights{}).Decide([]Hit{{"a", "", 1}, {"b", "", 0}}); got.Verdict != Ask {
		t.Errorf("a network that was never calibrated is %s", got.Verdict)
	}
}

func TestFindingsOfAChoice(t *testing.T) {
	sure := Choice{Sure, 0.97, []Hit{{"P1", "", 0.9}}}.Findings()
	if len(sure) != 1 || sure[0].Label != "P1" || sure[0].Kind != vision.KindProduct || sure[0].Score != 0.97 {
		t.Errorf("%+v", sure)
	}
	ask := Choice{Ask, 0.6, []Hit{{"P1", "", 0.9}, {"P2", "", 0.8}}}.Findings()
	if len(ask) != 2 || ask[0].Score >= 0.5 || ask[0].Score <= ask[1].Score {
		t.Errorf("%+v", ask)
	}
	if none := (Choice{Verdict: Nothing}).Findings(); len(none) != 1 || none[0].Label != vision.LabelUnknown || none[0].Score != 0 {
		t.Errorf("%+v", none)
	}
}
