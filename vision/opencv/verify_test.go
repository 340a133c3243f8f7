package opencv

import (
	"math/rand/v2"
	"testing"

	"waggle/vision"
)

// printed is a picture of random blocks, as a label is to the features.
func printed(seed uint64, side int) vision.Image {
	rng := rand.New(rand.NewPCG(seed, 9))
	m := vision.Image{W: side, H: side, Pix: make([]uint8, 3*side*side)}
	for i := range m.Pix {
		m.Pix[i] = 200
	}
	for range 90 {
		x, y, w, h := rng.IntN(side), rng.IntN(side), 6+rng.IntN(side/6), 6+rng.IntN(side/6)
		c := [3]uint8{uint8(rng.IntN(256)), uint8(rng.IntN(256)), uint8(rng.IntN(256))}
		for v := y; v < min(side, y+h); v++ {
			for u := x; u < min(side, x+w); u++ {
				copy(m.Pix[3*(v*side+u):], c[:])
			}
		}
	}
	return m
}

// onItsSide is the picture on its side, in half the light.
func onItsSide(m vision.Image) vision.Image {
	out := m
	out.Pix = make([]uint8, len(m.Pix))
	for y := range m.H {
		for x := range m.W {
			for c := range 3 {
				out.Pix[3*(x*m.W+m.H-1-y)+c] = m.Pix[3*(y*m.W+x)+c]/2 + 20
			}
		}
	}
	return out
}

func TestPointsAgreeOnTheSamePrintOnly(t *testing.T) {
	points := func(m vision.Image) *Points {
		p, err := FindPoints(m)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = p.Close() })
		return p
	}
	a := points(printed(1, 300))
	same, err := Agree(a, points(onItsSide(printed(1, 300))))
	if err != nil || same < 60 {
		t.Errorf("the same print, turned: %d points, %v", same, err)
	}
	other, err := Agree(a, points(printed(2, 300)))
	if err != nil || other > 15 {
		t.Errorf("another print: %d points, %v", other, err)
	}
	if n, err := Agree(a, points(vision.Image{W: 50, H: 50, Pix: make([]uint8, 3*50*50)})); n != 0 || err != nil {
		t.Errorf("an empty picture: %d points, %v", n, err)
	}
}
