package damage

import (
	"math"
	"math/rand/v2"
	"testing"

	"waggle/vision"
)

func TestFitFindsTheWeightsThatMadeTheLabels(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	want := weights{1.5, -0.8, 0, 0.4}
	var facts [][]float64
	var truth []bool
	for range 20000 {
		f := []float64{rng.NormFloat64(), 3 + 2*rng.NormFloat64(), rng.NormFloat64()}
		facts, truth = append(facts, f), append(truth, rng.Float64() < sigmoid(want.at(f)))
	}
	got := fit(facts, truth)
	for i := range want {
		if math.Abs(got[i]-want[i]) > 0.15 {
			t.Fatalf("weights %.3f, want %.3f", got, want)
		}
	}
	for _, w := range fit(facts[:10], make([]bool, 10)) {
		if w != 0 {
			t.Errorf("one class only: weight %v", w)
		}
	}
}

func TestAFactNeverSpeaksTheWrongWay(t *testing.T) {
	rng := rand.New(rand.NewPCG(15, 16))
	var facts [][]float64
	var truth []bool
	for range 4000 {
		f := []float64{rng.NormFloat64(), rng.NormFloat64()}
		facts, truth = append(facts, f), append(truth, rng.Float64() < sigmoid(f[0]-2*f[1]))
	}
	got := fitSigned(facts, truth, []int{1, 1})
	if got[0] < 0.4 || got[1] != 0 {
		t.Errorf("weights %.3f", got)
	}
	if got = fitSigned(facts, truth, []int{1, 0}); got[1] > -1.5 {
		t.Errorf("a free fact: weights %.3f", got)
	}
	if facts[0][1] == 0 {
		t.Error("the facts were changed")
	}
}

// flat is a map without descriptions, with one probability everywhere and a
// patch of another.
func flat(p, patch float32, score float64) Map {
	m := Map{W: 16, H: 16, Damage: make([]float32, 256), types: []string{"damaged"}, logit: score}
	for i := range m.Damage {
		m.Damage[i] = p
		if x, y := i%16, i/16; x >= 4 && x < 8 && y >= 4 && y < 8 {
			m.Damage[i] = patch
		}
	}
	return m
}

// calibrated is a set on which one score in ten overlaps.
func calibrated(n int) *Calibration {
	rng := rand.New(rand.NewPCG(7, 8))
	where := vision.Mask{Pix: make([]uint8, 256), W: 16, H: 16}
	for y := 4; y < 8; y++ {
		for x := 4; x < 8; x++ {
			where.Pix[y*16+x] = 255
		}
	}
	var c Calibration
	for range n {
		photo := page(64, 64)
		c.Add(flat(0.05, float32(sigmoid(-2+rng.NormFloat64())), 0), photo, whole(64, 64), false, nil, nil)
		c.Add(flat(0.05, float32(sigmoid(1+rng.NormFloat64())), 0), photo, whole(64, 64), true, &where, nil)
	}
	return &c
}

func TestCalibrationAccusesNoMoreThanAllowed(t *testing.T) {
	c := calibrated(200)
	for _, allowed := range []int{0, 4} {
		limits := c.Thresholds(func(int) int { return allowed })
		w := weights{limits["alone_rise"], limits["alone_bias"]}
		accused, found := 0, 0
		for i, f := range c.alone.facts {
			if sigmoid(w.at(f)) >= limits[keyAccuse] {
				accused += b2i(!c.alone.truth[i])
				found += b2i(c.alone.truth[i])
			}
		}
		if accused > allowed || found < 50 {
			t.Errorf("%d allowed: %d accused, %d found", allowed, accused, found)
		}
		if limits[keyDoubt] > limits[keyAccuse] || limits[keyPixel] < 0.06 || limits[keyPixel] > 0.7 {
			t.Errorf("limits %v", limits)
		}
		if _, there := limits[besidePrefix+keyAccuse]; there {
			t.Error("a threshold beside a reference without any")
		}
	}
}

func TestTooFewPhotosGiveNoThresholds(t *testing.T) {
	if got := calibrated(LeastDamaged - 1).Thresholds(func(int) int { return 0 }); len(got) != 0 {
		t.Errorf("%v", got)
	}
}

func TestCalibrationBesideReferencesWeighsWhatDiffers(t *testing.T) {
	const side = 128
	d := dark(t)
	rng := rand.New(rand.NewPCG(9, 10))
	item := whole(side, side)
	var c Calibration
	for range LeastIntact {
		listing := page(side, side, vision.Box{X: 10 + rng.IntN(30), Y: 10, W: 20, H: 15})
		b := vision.Box{X: 60 + rng.IntN(30), Y: 60 + rng.IntN(30), W: 10 + rng.IntN(15), H: 10}
		photo := vision.Image{Pix: append([]uint8(nil), listing.Pix...), W: side, H: side}
		where := vision.Mask{Pix: make([]uint8, side*side), W: side, H: side}
		for y := b.Y; y < b.Y+b.H; y++ {
			for x := b.X; x < b.X+b.W; x++ {
				copy(photo.Pix[3*(y*side+x):], []uint8{0, 0, 0})
				where.Pix[y*side+x] = 255
			}
		}
		seen := look(t, d, listing)
		c.Add(seen, listing, item, false, nil, []Reference{{Image: listing, Valid: item, Seen: seen}})
		c.Add(look(t, d, photo), photo, item, true, &where, []Reference{{Image: listing, Valid: item, Seen: seen}})
	}
	d.Calibrate(c.Thresholds(func(int) int { return 0 }), "drawn pages")
	print, hole := vision.Box{X: 20, Y: 20, W: 20, H: 15}, vision.Box{X: 75, Y: 75, W: 15, H: 10}
	listing, photo := page(side, side, print), page(side, side, print, hole)
	j := d.Beside(look(t, d, photo), photo, item, []Reference{{Image: listing, Valid: item, Seen: look(t, d, listing)}})
	if j.Limits == nil {
		t.Fatal("not calibrated")
	}
	spots := j.Spots(item, j.Limits.Pixel, side, side)
	if j.Score < j.Limits.Accuse || len(spots) != 1 || spots[0].Box.Y < 60 {
		t.Errorf("score %.3f, limits %+v, spots %+v", j.Score, *j.Limits, spots)
	}
}
