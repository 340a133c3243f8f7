package search

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"path/filepath"
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
	f := finder(t, Options{})
	if p, err := f.Import(t.Context(), g.pictures(20), nil); err != nil || p.Added != 20 || f.Len() != 20 {
		t.Fatalf("%+v, %v", p, err)
	}
	for n := 0; n < 20; n += 4 {
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
	f := finder(t, Options{Dir: dir, Plain: true})
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
	f = finder(t, Options{Dir: dir, Plain: true})
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
		"clear":   {[]Hit{{Product: "a", Score: 0.95}, {Product: "b", Score: 0.5}}, Sure, 1},
		"close":   {[]Hit{{Product: "a", Score: 0.95}, {Product: "b", Score: 0.93}, {Product: "c", Score: 0.9}, {Product: "d", Score: 0.9}}, Ask, 3},
		"far":     {[]Hit{{Product: "a", Score: 0.4}, {Product: "b", Score: 0.35}}, Nothing, 0},
		"nothing": {nil, Nothing, 0},
	} {
		got := w.Decide(c.hits)
		if got.Verdict != c.want || len(got.Hits) != c.n {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if got := (Weights{}).Decide([]Hit{{Product: "a", Score: 1}, {Product: "b", Score: 0}}); got.Verdict != Ask {
		t.Errorf("a network that was never calibrated is %s", got.Verdict)
	}
}

func TestFindingsOfAChoice(t *testing.T) {
	sure := Choice{Sure, 0.97, []Hit{{Product: "P1", Score: 0.9}}}.Findings()
	if len(sure) != 1 || sure[0].Label != "P1" || sure[0].Kind != vision.KindProduct || sure[0].Score != 0.97 {
		t.Errorf("%+v", sure)
	}
	ask := Choice{Ask, 0.6, []Hit{{Product: "P1", Score: 0.9}, {Product: "P2", Score: 0.8}}}.Findings()
	if len(ask) != 2 || ask[0].Score >= 0.5 || ask[0].Score <= ask[1].Score {
		t.Errorf("%+v", ask)
	}
	if none := (Choice{Verdict: Nothing}).Findings(); len(none) != 1 || none[0].Label != vision.LabelUnknown || none[0].Score != 0 {
		t.Errorf("%+v", none)
	}
}

// striped is a photo of upright or lying stripes: the same colours either way.
func striped(lying bool, light float64) vision.Image {
	const side = 128
	m := vision.Image{W: side, H: side, Pix: make([]uint8, 0, 3*side*side)}
	for y := range side {
		for x := range side {
			at := x
			if lying {
				at = y
			}
			c := [3]float64{220, 40, 40}
			if at/8%2 == 0 {
				c = [3]float64{40, 40, 220}
			}
			m.Pix = append(m.Pix, uint8(c[0]*light), uint8(c[1]*light), uint8(c[2]*light))
		}
	}
	return m
}

func TestPlacesTellApartWhatTheWholeDoesNot(t *testing.T) {
	d, err := embed.Open("../embed/testdata/placed.json", card.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	f, err := Open(d, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	list := func(yield func(Picture, error) bool) {
		for _, name := range []string{"upright", "lying"} {
			load := func(context.Context) (vision.Image, error) { return striped(name == "lying", 1), nil }
			if !yield(Picture{Key: name, Product: name, Load: load}, nil) {
				return
			}
		}
	}
	if _, err := f.Import(t.Context(), list, nil); err != nil {
		t.Fatal(err)
	}
	lead := func(lying bool) (string, float32) {
		hits, err := f.Search(t.Context(), striped(lying, 0.9), 2, nil)
		if err != nil || len(hits) != 2 {
			t.Fatalf("%v, %v", hits, err)
		}
		return hits[0].Product, hits[0].Score - hits[1].Score
	}
	f.Use(Mixture{})
	if _, by := lead(true); by > 0.02 {
		t.Errorf("the whole alone tells them apart by %.3f: the test shows nothing", by)
	}
	f.Use(Mixture{Places: 2})
	for name, lying := range map[string]bool{"upright": false, "lying": true} {
		if got, by := lead(lying); got != name || by < 0.1 {
			t.Errorf("%s: %s by %.3f", name, got, by)
		}
	}
	hits, err := f.SearchOthers(t.Context(), striped(true, 1), 2, "lying")
	if err != nil || len(hits) != 1 || hits[0].Product != "upright" {
		t.Errorf("without its own picture: %v, %v", hits, err)
	}
}

func TestWhatIsComparedIsMadeAgainWhenItIsLost(t *testing.T) {
	g, dir := goods{96}, t.TempDir()
	f := finder(t, Options{Dir: dir})
	if p, err := f.Import(t.Context(), g.pictures(5), nil); err != nil || p.Added != 5 {
		t.Fatalf("%+v, %v", p, err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, localsFile)); err != nil {
		t.Fatal(err)
	}
	f = finder(t, Options{Dir: dir})
	if hits, err := f.Search(t.Context(), g.picture(3, 1), 1, nil); err != nil || len(hits) != 1 || hits[0].Product != "3" || hits[0].Parts.Points != 0 {
		t.Errorf("by the descriptor alone: %+v, %v", hits, err)
	}
	if p, err := f.Import(t.Context(), g.pictures(5), nil); err != nil || p.Added != 5 || f.Len() != 5 {
		t.Fatalf("%+v, %d pictures, %v", p, f.Len(), err)
	}
	if hits, err := f.Search(t.Context(), g.picture(3, 1), 1, nil); err != nil || len(hits) != 1 || hits[0].Parts.Points < 2 {
		t.Errorf("point by point: %+v, %v", hits, err)
	}
}

func TestAMixtureIsKeptInACard(t *testing.T) {
	var c card.Card
	Mixture{Places: 1.5, Points: 0.07}.Into(&c)
	if m := MixtureOf(c); m != (Mixture{Places: 1.5, Points: 0.07}) {
		t.Errorf("%+v", m)
	}
	if m := MixtureOf(card.Card{}); m.Places != 0 || m.Points <= 0 {
		t.Errorf("a card that says nothing: %+v", m)
	}
	m := Mixture{Places: 1, Points: 0.1}
	if s := m.Score(Parts{Whole: 0.6, Places: 0.4, Points: 1}); s < 0.549 || s > 0.551 {
		t.Errorf("%.3f", s)
	}
}
