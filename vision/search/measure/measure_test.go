package measure

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"waggle/vision"
	"waggle/vision/card"
	"waggle/vision/embed"
	"waggle/vision/search"
)

// painted gives photo "product/n": blocks of the product's colours, in light
// and noise of the photo's own. Products 0 and 1 look the same.
func painted(_ context.Context, path string) (vision.Image, error) {
	var product, n uint64
	if _, err := fmt.Sscanf(path, "%d/%d", &product, &n); err != nil {
		return vision.Image{}, err
	}
	const side = 64
	colour, light := rand.New(rand.NewPCG(max(1, product), 1)), rand.New(rand.NewPCG(product, n))
	var blocks [16][3]float64
	for i := range blocks {
		for c := range 3 {
			blocks[i][c] = 40 + 160*colour.Float64()
		}
	}
	k := 0.85 + 0.2*light.Float64()
	m := vision.Image{W: side, H: side}
	for y := range side {
		for x := range side {
			for c := range 3 {
				v := blocks[y*4/side*4+x*4/side][c]*k + light.NormFloat64()*12
				m.Pix = append(m.Pix, uint8(min(max(0, v), 255)))
			}
		}
	}
	return m, nil
}

func labelled(products, gallery, queries int) (set []Photo) {
	for p := range products {
		for n := range gallery + queries {
			set = append(set, Photo{Path: fmt.Sprintf("%d/%d", p, n), Product: fmt.Sprint("p", p), Query: n >= gallery})
		}
	}
	return set
}

func evaluation(t *testing.T, set []Photo, o search.Options) Eval {
	t.Helper()
	d, err := embed.Open("../../embed/testdata/grid.json", card.Options{})
	if err != nil {
		t.Fatal(err)
	}
	f, err := search.Open(d, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = errors.Join(f.Close(), d.Close()) })
	if _, err := f.Import(t.Context(), Gallery(set, painted), nil); err != nil {
		t.Fatal(err)
	}
	return Eval{Finder: f, Weights: f.Weights(), Open: painted}
}

func TestEvalCountsWhatIsFound(t *testing.T) {
	set := labelled(12, 1, 3)
	e := evaluation(t, set, search.Options{Plain: true})
	var details bytes.Buffer
	r, err := e.Run(t.Context(), set, &details)
	if err != nil {
		t.Fatal(err)
	}
	// Of the twins, at most one can be right for each look: 10 of 12 products are clear.
	if r.Queries != 36 || r.Products != 12 || r.Gallery != 12 || r.Recall1 < 30./36 || r.Recall1 > 35./36 || r.Recall5 != 1 {
		t.Errorf("%+v", r)
	}
	if len(r.Order) != 3 || r.Order[0].N != 2 || r.Order[2].N != 10 || r.Open.Accuracy != r.Recall1 {
		t.Errorf("orders %+v, open %+v", r.Order, r.Open)
	}
	for _, o := range r.Order {
		if o.Sure != 0 || o.FalseSure != 0 || o.Accuracy < r.Recall1 {
			t.Errorf("an uncalibrated network: %+v", o)
		}
	}
	if n := bytes.Count(details.Bytes(), []byte("\n")); n != 36 {
		t.Errorf("%d lines of details", n)
	}
	var line struct{ Product string }
	if err := json.NewDecoder(&details).Decode(&line); err != nil || line.Product != "p0" {
		t.Errorf("%+v, %v", line, err)
	}
}

func TestCalibrationMakesSureRareAndRight(t *testing.T) {
	fit := labelled(30, 1, 3)
	e := evaluation(t, fit, search.Options{Plain: true})
	w, n, err := e.Calibrate(t.Context(), fit)
	if err != nil || n != 90 || !w.Calibrated {
		t.Fatalf("%+v, %d photos, %v", w, n, err)
	}
	e.Weights = w
	r, err := e.Run(t.Context(), fit, &bytes.Buffer{})
	if err != nil {
		t.Fatal(err)
	}
	if r.Open.Sure < 0.05 || r.Open.SureRight < 0.9 {
		t.Errorf("%+v with %+v", r.Open, w)
	}
	if _, _, err := e.Calibrate(t.Context(), labelled(3, 1, 1)); !errors.Is(err, ErrSet) {
		t.Errorf("a handful of photos: %v", err)
	}
	if _, err := e.Run(t.Context(), labelled(3, 1, 0), &bytes.Buffer{}); !errors.Is(err, ErrSet) {
		t.Errorf("no queries: %v", err)
	}
}

func TestLogisticRegressionFindsTheWeights(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	want := [3]float64{-2, 3, 5}
	var samples []sample
	for range 20000 {
		x := [3]float64{1, rng.Float64(), rng.Float64() - 0.3}
		samples = append(samples, sample{x, rng.Float64() < probability(want, x)})
	}
	got := logistic(samples)
	for i := range got {
		if math.Abs(got[i]-want[i]) > 0.4 {
			t.Errorf("weight %d is %.2f, want %.2f", i, got[i], want[i])
		}
	}
	sure := sureFrom(samples, got)
	right, all := 0, 0
	for _, s := range samples {
		if probability(got, s.x) >= sure {
			all++
			if s.right {
				right++
			}
		}
	}
	if all == 0 || float64(right)/float64(all) < surePrecision-0.001 {
		t.Errorf("from %.3f on %d of %d are right", sure, right, all)
	}
}

func TestBenchMeasuresTheIndex(t *testing.T) {
	var told []string
	s, err := Bench(t.Context(), BenchOptions{Vectors: 3000, Dim: 64, Queries: 20, Log: func(f string, _ ...any) { told = append(told, f) }})
	if err != nil {
		t.Fatal(err)
	}
	if s.Exact.Recall < 0.98 || s.Graph.Recall < 0.97 || s.Graph.P50 <= 0 || s.BytesPerMillion < 64_000_000 || s.Width == 0 || len(told) == 0 {
		t.Errorf("%+v", s)
	}
	w := newWorld(64)
	if !slices.Equal(w.photo(5, 1), newWorld(64).photo(5, 1)) || slices.Equal(w.photo(5, 1), w.photo(5, 2)) {
		t.Error("the vectors are not the same each time")
	}
}

func TestAPhotoOfTheGalleryIsFoundAmongTheOthers(t *testing.T) {
	set := labelled(6, 2, 0)
	for _, p := range set {
		set = append(set, Photo{p.Path, p.Product, true})
	}
	e := evaluation(t, set, search.Options{Plain: true})
	var details bytes.Buffer
	r, err := e.Run(t.Context(), set, &details)
	if err != nil || r.Queries != 12 || r.Recall1 < 8./12 || r.CPU <= 0 {
		t.Fatalf("%+v, %v", r, err)
	}
	dec := json.NewDecoder(&details)
	for dec.More() {
		var line struct {
			Path string
			Hits []search.Hit
		}
		if err := dec.Decode(&line); err != nil || line.Hits[0].Image == line.Path {
			t.Errorf("%+v, %v", line, err)
		}
	}
}

func TestAMixtureIsFittedToWhatHelps(t *testing.T) {
	set := labelled(20, 1, 3)
	e := evaluation(t, set, search.Options{})
	m, err := e.Mix(t.Context(), set)
	if err != nil {
		t.Fatal(err)
	}
	// The network of the tests speaks of no places.
	if m.Places != 0 || m.Points < 0 {
		t.Errorf("%+v", m)
	}
	if _, err := e.Mix(t.Context(), labelled(3, 1, 1)); !errors.Is(err, ErrSet) {
		t.Errorf("a handful of photos: %v", err)
	}
}
