package opencv

import (
	"image"
	"math"
	"math/rand/v2"
	"testing"

	"waggle/vision"
)

// still draws a disc of one colour on a ground of another, with some grain.
func still(w, h int, disc, ground [3]float64, seed uint64) vision.Image {
	rng := rand.New(rand.NewPCG(seed, 1))
	m := vision.Image{Pix: make([]uint8, 3*w*h), W: w, H: h}
	for y := range h {
		for x := range w {
			c := ground
			if math.Hypot(float64(x-w/2), float64(y-h/2)) < float64(min(w, h))/4 {
				c = disc
			}
			for k := range 3 {
				m.Pix[3*(y*w+x)+k] = uint8(max(0, min(255, c[k]+6*rng.NormFloat64())))
			}
		}
	}
	return m
}

func TestItemFindsTheThingInTheMiddle(t *testing.T) {
	m := still(320, 240, [3]float64{200, 60, 40}, [3]float64{90, 130, 90}, 1)
	mask, sure, err := Item(m)
	if err != nil || !sure {
		t.Fatalf("sure %v, %v", sure, err)
	}
	want := math.Pi * 60 * 60 / (320 * 240)
	if got := mask.Share(); math.Abs(got-want) > 0.03 {
		t.Errorf("item covers %.3f, want %.3f", got, want)
	}
	if b := mask.Bounds(); math.Abs(float64(b.X-100)) > 6 || math.Abs(float64(b.W-120)) > 12 {
		t.Errorf("bounds %+v", b)
	}
}

func TestItemTakesTheMiddleWhenThereIsNothing(t *testing.T) {
	for name, m := range map[string]vision.Image{
		"one colour": still(200, 200, [3]float64{120, 120, 120}, [3]float64{120, 120, 120}, 2),
		"a stripe":   still(400, 3, [3]float64{1, 2, 3}, [3]float64{1, 2, 3}, 3),
		"one pixel":  still(1, 1, [3]float64{1, 2, 3}, [3]float64{1, 2, 3}, 4),
	} {
		mask, _, err := Item(m)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if mask.W != m.W || mask.H != m.H {
			t.Errorf("%s: mask of %d x %d", name, mask.W, mask.H)
		}
	}
	if _, _, err := Item(vision.Image{W: 90, H: 90}); err == nil {
		t.Error("a picture without pixels was accepted")
	}
}

// poster is a picture full of corners.
func poster(seed uint64) vision.Image {
	rng := rand.New(rand.NewPCG(seed, 9))
	m := vision.Image{Pix: make([]uint8, 3*320*320), W: 320, H: 320}
	for range 160 {
		r := image.Rect(rng.IntN(320), rng.IntN(320), rng.IntN(320), rng.IntN(320)).Intersect(image.Rect(0, 0, 320, 320))
		r.Max = image.Pt(min(r.Max.X, r.Min.X+60), min(r.Max.Y, r.Min.Y+60))
		c := [3]uint8{uint8(rng.IntN(256)), uint8(rng.IntN(256)), uint8(rng.IntN(256))}
		for y := r.Min.Y; y < r.Max.Y; y++ {
			for x := r.Min.X; x < r.Max.X; x++ {
				copy(m.Pix[3*(y*320+x):], c[:])
			}
		}
	}
	return m
}

// turned looks at the picture from a little aside and nearer.
func turned(m vision.Image) vision.Image {
	out := m
	out.Pix = make([]uint8, len(m.Pix))
	sin, cos := math.Sincos(0.1)
	for y := range m.H {
		for x := range m.W {
			dx, dy := float64(x-m.W/2)/1.1, float64(y-m.H/2)/1.1
			sx, sy := int(cos*dx+sin*dy)+m.W/2, int(cos*dy-sin*dx)+m.H/2
			if sx >= 0 && sy >= 0 && sx < m.W && sy < m.H {
				copy(out.Pix[3*(y*m.W+x):], m.Pix[3*(sy*m.W+sx):3*(sy*m.W+sx)+3])
			}
		}
	}
	return out
}

func seen(t *testing.T, m vision.Image) View {
	t.Helper()
	v, err := Look(m)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestMarkedIsWhatLiesInAllShapes(t *testing.T) {
	diamond := []point{{50, 10}, {90, 50}, {50, 90}, {10, 50}}
	left := []point{{0, 0}, {40, 0}, {40, 100}, {0, 100}}
	m := marked(100, 100, diamond, left)
	for i, p := range m.Pix {
		x, y := float64(i%100)+0.5, float64(i/100)+0.5
		if want := math.Abs(x-50)+math.Abs(y-50) <= 40 && x <= 40; (p > 0) != want {
			t.Fatalf("at %.1f,%.1f: marked %v, want %v", x, y, p > 0, want)
		}
	}
}

func TestAlignLaysTheListingOverThePhoto(t *testing.T) {
	listing := poster(5)
	photo := turned(listing)
	a, ok, err := Align(seen(t, listing), seen(t, photo))
	if err != nil || !ok {
		t.Fatalf("ok %v, %v", ok, err)
	}
	var diff, n float64
	for y := 40; y < 280; y++ {
		for x := 40; x < 280; x++ {
			r1, _, _ := a.Listing.At(x, y)
			r2, _, _ := photo.At(x, y)
			diff += math.Abs(float64(r1) - float64(r2))
			n++
		}
	}
	if diff/n > 12 {
		t.Errorf("mean difference %.1f after alignment", diff/n)
	}
}

func TestAlignRefusesOtherThings(t *testing.T) {
	if _, ok, err := Align(seen(t, poster(6)), seen(t, poster(7))); ok || err != nil {
		t.Errorf("another poster was aligned: %v, %v", ok, err)
	}
	flat := still(200, 200, [3]float64{120, 120, 120}, [3]float64{120, 120, 120}, 2)
	if _, ok, err := Align(seen(t, flat), seen(t, poster(7))); ok || err != nil {
		t.Errorf("a plain surface was aligned: %v, %v", ok, err)
	}
}

func TestHullKeepsWhatLiesBetweenThePoints(t *testing.T) {
	var square []pair
	for _, p := range [][2]float32{{10, 10}, {30, 10}, {30, 30}, {10, 30}, {20, 20}, {20, 10}} {
		square = append(square, pair{u: p[0], v: p[1]})
	}
	if m := marked(40, 40, hull(square)); m.Bounds() != (vision.Box{X: 10, Y: 10, W: 20, H: 20}) || m.Share() != 0.25 {
		t.Errorf("kept %+v, %.3f of all", m.Bounds(), m.Share())
	}
	if m := marked(40, 40, hull(square[:2])); m.Share() != 0 {
		t.Error("two points enclose something")
	}
}

func TestQuadsFindsASheetAndNoWall(t *testing.T) {
	m := vision.Image{Pix: make([]uint8, 3*320*240), W: 320, H: 240}
	for i := range m.Pix {
		m.Pix[i] = 90
	}
	if q, err := Quads(m); err != nil || len(q) != 0 {
		t.Errorf("a wall: %v, %v", q, err)
	}
	for y := range 240 {
		for x := range 320 { // leaning a little
			if u, v := x-200+y/8, y-40-x/10; u >= 0 && u < 80 && v >= 0 && v < 60 {
				copy(m.Pix[3*(y*320+x):], []uint8{235, 230, 220})
			}
		}
	}
	found, err := Quads(m)
	if err != nil || len(found) == 0 {
		t.Fatalf("%v, %v", found, err)
	}
	mask := found[0].Mask(320, 240)
	if b := mask.Bounds(); b.X < 180 || b.Y < 50 || b.X+b.W > 280 || b.Y+b.H > 135 || mask.Share() < 0.03 {
		t.Errorf("quad %v, mask %+v, share %.3f", found[0], b, mask.Share())
	}
	for i, p := range mask.Pix {
		if p > 0 && m.Pix[3*i] != 235 {
			t.Fatalf("pixel %d is not of the sheet", i)
		}
	}
}
