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
	m, mask := shot(item, print, light, sheet)
	v := View{Photo: m, Item: mask}
	if sheet {
		v.Sheets = []vision.Mask{corner}
	}
	return Take(v)
}

// corner is where shot lays the sheet.
var corner = func() vision.Mask {
	m := vision.Mask{Pix: make([]uint8, 160*120), W: 160, H: 120}
	for y := 13; y < 48; y++ {
		for x := 118; x < 148; x++ {
			m.Pix[y*160+x] = 255
		}
	}
	return m
}()

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
			got := Compare(Pairing{Listing: listing, Photo: c.photo})
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
	got := lightOf(s.White)
	want := lightOf(lamp)
	if math.Abs(got.warm-want.warm) > 0.05 || math.Abs(got.tint-want.tint) > 0.05 {
		t.Errorf("light %+v, want %+v", got, want)
	}
	if Compare(Pairing{Listing: sample(blue, cream, day, false), Photo: s}).Light != LightWhite {
		t.Error("the sheet was not used")
	}
}

func TestWhatIsNotWhiteIsNoPaper(t *testing.T) {
	m, mask := shot(blue, cream, day, true)
	for name, c := range map[string][3]uint8{"a red card": {200, 40, 40}, "a dark card": {60, 60, 60}, "a clipped one": {255, 255, 255}, "a green one": {150, 230, 150}} {
		for i, p := range corner.Pix {
			if p > 0 {
				copy(m.Pix[3*i:], c[:])
			}
		}
		if Take(View{Photo: m, Item: mask, Sheets: []vision.Mask{corner}}).Paper {
			t.Errorf("%s was taken for paper", name)
		}
	}
}

func TestPaperIsNotPartOfTheItem(t *testing.T) {
	m, mask := shot(blue, blue, day, true)
	for i, p := range corner.Pix {
		mask.Pix[i] |= p
	}
	for _, c := range Take(View{Photo: m, Item: mask, Sheets: []vision.Mask{corner}}).Clusters {
		if CIEDE2000(c.Colour.Lab(), Linear(blue).Lab()) > 15 && c.Share > leastShare {
			t.Errorf("colour %v with share %.2f", c.Colour, c.Share)
		}
	}
}

func TestTheGroundTellsTheLight(t *testing.T) {
	listing, mask := shot(blue, cream, day, false)
	photo, _ := shot(green, cream, lamp, false)
	ground := vision.Mask{Pix: make([]uint8, len(mask.Pix)), W: mask.W, H: mask.H}
	for i, p := range mask.Pix {
		ground.Pix[i] = 255 - p
	}
	gain, ok := Ground(listing, photo, ground)
	if !ok {
		t.Fatal("the same ground was not recognised")
	}
	for k := range gain {
		if math.Abs(gain[k]*lamp[k]-1) > 0.05 {
			t.Errorf("channel %d: gain %.3f, want %.3f", k, gain[k], 1/lamp[k])
		}
	}
	if _, ok := Ground(listing, photo, mask); ok {
		t.Error("two items of different colours were taken for the same ground")
	}
	j := Compare(Pairing{Listing: sample(blue, cream, day, false), Photo: sample(green, cream, lamp, false), Ground: &gain})
	if j.Verdict != vision.LabelDifferent || j.Light != LightScene {
		t.Errorf("%+v", j)
	}
}

func TestSeveralPhotosSayMoreThanOne(t *testing.T) {
	listing := sample(blue, cream, day, false)
	of := func(item [3]float64, light Linear) Judgement {
		return Compare(Pairing{Listing: listing, Photo: sample(item, cream, light, false)})
	}
	if j := Together([]Judgement{of(green, day), of(green, lamp), of(green, shade)}); j.Verdict != vision.LabelDifferent {
		t.Errorf("green three times: %+v", j)
	}
	if j := Together([]Judgement{of(green, day), of(blue, day)}); j.Verdict == vision.LabelDifferent {
		t.Errorf("a photo that shows the listing's colour was overruled: %+v", j)
	}
	if j := Together(nil); j.Verdict != vision.LabelCannotTell {
		t.Errorf("no photo: %+v", j)
	}
}

func TestNothingIsToldWithoutColours(t *testing.T) {
	listing := sample(blue, cream, day, false)
	for name, s := range map[string]Sample{
		"black":   sample(navy, navy, Linear{0.01, 0.01, 0.01}, false),
		"burnt":   sample(cream, cream, Linear{9, 9, 9}, false),
		"no item": Take(View{Photo: vision.Image{Pix: make([]uint8, 300), W: 10, H: 10}, Item: vision.Mask{Pix: make([]uint8, 100), W: 10, H: 10}}),
	} {
		if got := Compare(Pairing{Listing: listing, Photo: s}); got.Verdict != vision.LabelCannotTell || got.Note == "" {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestTheListingPhotoThatFitsCounts(t *testing.T) {
	photo := sample(blue, cream, day, false)
	got, which := Nearest([]Pairing{{Listing: sample(green, green, day, false), Photo: photo}, {Listing: sample(blue, cream, day, false), Photo: photo}})
	if got.Verdict != vision.LabelSame || which != 1 {
		t.Errorf("%+v %d", got, which)
	}
	if none, which := Nearest(nil); none.Verdict != vision.LabelCannotTell || which != -1 {
		t.Errorf("without listing: %+v %d", none, which)
	}
}
