package forensic

import (
	"bytes"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"testing"

	"waggle/vision"
)

// scene is a picture with shapes and grain; period repeats its pattern, each
// time with grain of its own.
func scene(seed uint64, period int) vision.Image {
	const w, h = 480, 360
	rng, grain := rand.New(rand.NewPCG(seed, 1)), rand.New(rand.NewPCG(seed, 2))
	var waves [6][4]float64
	for i := range waves {
		waves[i] = [4]float64{rng.Float64() / 12, rng.Float64() / 12, 6 * rng.Float64(), 12 + 12*rng.Float64()}
	}
	m := vision.Image{Pix: make([]uint8, 3*w*h), W: w, H: h}
	for y := range h {
		for x := range w {
			u := x
			if period > 0 {
				u = x % period
			}
			v := 128.0
			for _, k := range waves {
				v += k[3] * math.Sin(k[0]*float64(u)+k[1]*float64(y)+k[2])
			}
			v += 5 * grain.NormFloat64()
			for c := range 3 {
				m.Pix[3*(y*w+x)+c] = uint8(max(0, min(255, v)))
			}
		}
	}
	return m
}

// again is what a messenger makes of a photo.
func again(t *testing.T, m vision.Image, quality int) vision.Image {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m.RGBA(), &jpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	out, err := vision.Decode(&b, vision.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// pasted copies a square within the photo.
func pasted(m vision.Image, x, y, u, v, side int) vision.Image {
	out := m
	out.Pix = append([]uint8(nil), m.Pix...)
	for r := range side {
		copy(out.Pix[3*((v+r)*m.W+u):3*((v+r)*m.W+u+side)], m.Pix[3*((y+r)*m.W+x):])
	}
	return out
}

// shifts are what features would report for a thing that moved.
func shifts(x, y, u, v, side int) (out []Shift) {
	for dy := 15; dy < side-15; dy += 12 {
		for dx := 15; dx < side-15; dx += 12 {
			out = append(out, Shift{float64(x + dx), float64(y + dy), float64(u + dx), float64(v + dy)})
		}
	}
	return out
}

func TestACopiedPlaceIsSeenAndARepeatedPatternIsNot(t *testing.T) {
	at := shifts(40, 60, 300, 180, 90)
	copied := again(t, pasted(scene(1, 0), 40, 60, 300, 180, 90), 96)
	s, ok := Copied(copied, at)
	if !ok || s.Name != vision.SignCopied || s.Score < 0.5 || s.Box.X < 290 || s.Box.X+s.Box.W > 400 {
		t.Errorf("copied: %+v %v", s, ok)
	}
	pattern := again(t, scene(2, 120), 96)
	if s, ok := Copied(pattern, shifts(40, 60, 280, 60, 90)); ok {
		t.Errorf("a pattern that repeats: %+v", s)
	}
	woven := scene(7, 0)
	for i := range woven.Pix {
		if x, y := i/3%480, i/3/480; (x*7+y*5)%13 < 6 { // the same everywhere
			woven.Pix[i] -= 12
		}
	}
	if s, ok := Copied(pasted(woven, 40, 60, 300, 190, 90), shifts(40, 60, 301, 190, 90)); ok {
		t.Errorf("a weave: %+v", s)
	}
	flat := vision.Image{Pix: make([]uint8, 3*480*360), W: 480, H: 360}
	if s, ok := Copied(flat, at); ok {
		t.Errorf("a black photo: %+v", s)
	}
	if s, ok := Copied(copied, append(shifts(0, 0, 470, 350, 60), Shift{-5, -5, 900, 900})); ok {
		t.Errorf("places outside the photo: %+v", s)
	}
}

func TestAFingerprintOutlivesAMessengerAndTellsPhotosApart(t *testing.T) {
	first, ok := Take(scene(3, 0))
	if !ok {
		t.Fatal("no fingerprint")
	}
	small := again(t, scene(3, 0).Fit(300), 55)
	for i, p := range small.Pix {
		small.Pix[i] = uint8(min(255, int(p)*11/10+6))
	}
	if f, ok := Take(small); !ok || !first.Near(f) {
		t.Errorf("shrunk, compressed and brightened: %+v, first %+v", f, first)
	}
	for seed := uint64(4); seed < 24; seed++ {
		if f, ok := Take(scene(seed, 0)); !ok || first.Near(f) {
			t.Errorf("photo %d: %v %+v", seed, ok, f)
		}
	}
	grey := vision.Image{Pix: bytes.Repeat([]byte{90}, 3*200*200), W: 200, H: 200}
	if _, ok := Take(grey); ok {
		t.Error("a grey wall has a fingerprint")
	}
}

func TestAPlaceThatWasCompressedBeforeIsSeen(t *testing.T) {
	photo := scene(5, 0)
	low := again(t, photo, 55)
	mixed := photo
	mixed.Pix = append([]uint8(nil), photo.Pix...)
	for y := 96; y < 232; y++ {
		copy(mixed.Pix[3*(y*photo.W+160):3*(y*photo.W+320)], low.Pix[3*(y*photo.W+160):])
	}
	s, ok := Patched(again(t, mixed, 93))
	if !ok || s.Name != vision.SignPatched {
		t.Fatalf("%+v %v", s, ok)
	}
	if b := s.Box; b.X < 120 || b.Y < 60 || b.X+b.W > 360 || b.Y+b.H > 270 {
		t.Errorf("box %+v", b)
	}
	for name, m := range map[string]vision.Image{
		"fresh": again(t, photo, 90), "compressed twice as a whole": again(t, low, 93), "not a JPEG": photo,
		"tiny": again(t, vision.Image{Pix: photo.Pix[:3*64*32], W: 64, H: 32}, 80),
	} {
		if s, ok := Patched(m); ok {
			t.Errorf("%s: %+v", name, s)
		}
	}
}

func TestExamineNamesTheEditor(t *testing.T) {
	m := scene(6, 0)
	if s := Examine(m, nil); len(s) != 0 {
		t.Errorf("a plain photo: %+v", s)
	}
	m.Editor = "GIMP"
	if s := Examine(m, nil); len(s) != 1 || s[0].Name != vision.SignEditor || s[0].Note == "" {
		t.Errorf("%+v", s)
	}
}
