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

func TestPointsAreTheStrongestAndInShares(t *testing.T) {
	all, err := Points(printed(1, 300), 1000)
	if err != nil || len(all) < 100 {
		t.Fatalf("%d points, %v", len(all), err)
	}
	some, err := Points(printed(1, 300), 40)
	if err != nil || len(some) != 40 {
		t.Fatalf("%d points, %v", len(some), err)
	}
	for i, p := range some {
		if p != all[i] {
			t.Fatalf("point %d of 40 is none of the strongest", i)
		}
		if p.X < 0 || p.X > 1 || p.Y < 0 || p.Y > 1 || p.Size <= 0 || p.Size > 1 || p.Angle < 0 || p.Angle > 360 {
			t.Errorf("%+v", p)
		}
	}
	// The same print at half the size has the same places.
	half, err := Points(printed(1, 300).Fit(150), 300)
	if err != nil {
		t.Fatal(err)
	}
	near := 0
	for _, p := range some {
		for _, q := range half {
			if dx, dy := p.X-q.X, p.Y-q.Y; dx*dx+dy*dy < 0.01*0.01 {
				near++
				break
			}
		}
	}
	if near < 25 {
		t.Errorf("%d of 40 places are there at half the size", near)
	}
}

func TestAnEmptyPictureHasNoPoints(t *testing.T) {
	if p, err := Points(vision.Image{W: 50, H: 50, Pix: make([]uint8, 3*50*50)}, 100); len(p) != 0 || err != nil {
		t.Errorf("%d points, %v", len(p), err)
	}
	if _, err := Points(vision.Image{W: 50, H: 50}, 100); err == nil {
		t.Error("a picture without pixels")
	}
}
