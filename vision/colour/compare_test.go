package colour

import (
	"math"
	"math/rand/v2"
	"testing"

	"waggle/vision"
)

// shot draws an item of one or two colours on a ground, under a light, with or
// without a sheet of paper beside it.
func shot(item, print [3]float64, light Linear, sheet bool) (vision.Image, vision.Mask) {
	const w, h = 160, 120
	rng := rand.New(rand.NewPCG(7, 8))
	m := vision.Image{Pix: make([]uint8, 3*w*h), W: w, H: h}
	mask := vision.Mask{Pix: make([]uint8, w*h), W: w, H: h}
	for y := range h {
		for x := range w {
			c := [3]float64{0.25, 0.2, 0.15}
			switch {
			case x > 50 && x < 110 && y > 30 && y < 100:
				c = item
				mask.Pix[y*w+x] = 255
				if x > 65 && x < 95 && y > 45 && y < 80 {
					c = print
				}
			case sheet && x > 115 && x < 150 && y > 10 && y < 50:
				c = [3]float64{0.85, 0.85, 0.85}
			}
			for k := range 3 {
				v := c[k] * light[k] * (1 + 0.03*rng.NormFloat64())
				m.Pix[3*(y*w+x)+k] = encode(v)
			}
		}
	}
	return m, mask
}

func encode(v float64) uint8 {
	v = min(1, max(0, v))
	if v <= 0.0031308 {
		return uint8(12.92*v*255 + 0.5)
	}
	return uint8((1.055*math.Pow(v, 1/2.4)-0.055)*255 + 0.5)
}

func sample(item, print [3]float64, light Linear, sheet bool) Sample {
	return Take(shot(item, print, light, sheet))
}

var (
	blue, navy, green, cream = [3]float64{0.08, 0.15, 0.5}, [3]float64{0.03, 0.04, 0.12}, [3]float64{0.08, 0.4, 0.15}, [3]float64{0.7, 0.62, 0.45}
	day                      = Linear{1, 1, 1}
	lamp                     = Linear{0.95, 0.8, 0.52} // a half corrected warm lamp
	shade                    = Linear{0.5, 0.55, 0.68}
)

func TestCompareSuspectsTheLightFirst(t *testing.T) {
	listing := sample(blue, cream, day, false)
	cases := []struct {
		name  string
		photo Sample
		want  []string
	}{
		{"same light", sample(blue, cream, day, false), []string{vision.LabelSame}},
		{"same item in the shade", sample(blue, cream, shade, false), []string{vision.LabelSame, vision.LabelCannotTell}},
		{"same item under a lamp", sample(blue, cream, lamp, false), []string{vision.LabelSame, vision.LabelCannotTell}},
		{"another item", sample(green, cream, day, false), []string{vision.LabelDifferent}},
		{"another item under a lamp with paper", sample(green, cream, lamp, true), []string{vision.LabelDifferent}},
		{"same item under a lamp with paper", sample(blue, cream, lamp, true), []string{vision.LabelSame}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := Compare(listing, c.photo)
			for _, w := range c.want {
				if got.Verdict == w {
					return
				}
			}
			t.Errorf("%+v, want one of %v", got, c.want)
		})
	}
}

func TestPaperTellsTheLight(t *testing.T) {
	s := sample(blue, cream, lamp, true)
	if !s.Paper {
		t.Fatal("the sheet was not found")
	}
	got := neutral(s.White)
	for k := range 3 {
		if want := 1 / lamp[k]; math.Abs(got[k]/want-1) > 0.15 {
			t.Errorf("channel %d: gain %.2f, want %.2f", k, got[k], want)
		}
	}
	if Compare(sample(blue, cream, day, false), s).Light != LightWhite {
		t.Error("the sheet was not used")
	}
}

func TestAWallIsNotPaper(t *testing.T) {
	m, mask := shot(blue, cream, day, false)
	for i := range mask.Pix { // a light wall all around
		if mask.Pix[i] == 0 {
			copy(m.Pix[3*i:], []uint8{215, 205, 190})
		}
	}
	if Take(m, mask).Paper {
		t.Error("the wall was taken for paper")
	}
}

func TestNothingIsToldWithoutColours(t *testing.T) {
	listing := sample(blue, cream, day, false)
	for name, s := range map[string]Sample{
		"black":   sample(navy, navy, Linear{0.01, 0.01, 0.01}, false),
		"burnt":   sample(cream, cream, Linear{9, 9, 9}, false),
		"no item": Take(vision.Image{Pix: make([]uint8, 300), W: 10, H: 10}, vision.Mask{Pix: make([]uint8, 100), W: 10, H: 10}),
	} {
		if got := Compare(listing, s); got.Verdict != vision.LabelCannotTell || got.Note == "" {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestBestTakesTheListingPhotoThatFits(t *testing.T) {
	got := Best([]Sample{sample(green, green, day, false), sample(blue, cream, day, false)}, sample(blue, cream, day, false))
	if got.Verdict != vision.LabelSame {
		t.Errorf("%+v", got)
	}
	if none := Best(nil, sample(blue, cream, day, false)); none.Verdict != vision.LabelCannotTell {
		t.Errorf("without listing: %+v", none)
	}
}
