package forensic

import (
	"math"
	"math/rand/v2"
	"testing"

	"waggle/vision"
)

// grained adds what add says to a square of a picture.
func grained(m vision.Image, x, y, side int, add func(x, y int) float64) vision.Image {
	out := m
	out.Pix = append([]uint8(nil), m.Pix...)
	for v := y; v < y+side; v++ {
		for u := x; u < x+side; u++ {
			for c := range 3 {
				i := 3*(v*m.W+u) + c
				out.Pix[i] = uint8(max(0, min(255, float64(out.Pix[i])+add(u, v))))
			}
		}
	}
	return out
}

func TestNoisyFindsAPlaceWithForeignNoise(t *testing.T) {
	for seed := range uint64(4) {
		rng := rand.New(rand.NewPCG(seed, 5))
		m := scene(seed, 0)
		if s, ok := Noisy(again(t, m, 92)); ok {
			t.Errorf("seed %d: an even photo is marked: %+v", seed, s)
		}
		noise := grained(m, 160, 96, 112, func(int, int) float64 { return 24 * rng.NormFloat64() })
		s, ok := Noisy(again(t, noise, 92))
		if !ok || math.Abs(float64(s.Box.X-160)) > 16 || math.Abs(float64(s.Box.Y-96)) > 16 || math.Abs(float64(s.Box.W-112)) > 32 {
			t.Errorf("seed %d: %v, %+v", seed, ok, s)
		}
	}
}

// A woven or printed place is as rough as noise, but it repeats.
func TestNoisyLeavesPatternsAlone(t *testing.T) {
	weave := grained(scene(7, 0), 160, 96, 112, func(x, y int) float64 { return 28 * float64((x/3+y/3)%2*2-1) })
	if s, ok := Noisy(again(t, weave, 92)); ok {
		t.Errorf("a weave is marked: %+v", s)
	}
	if _, ok := Noisy(vision.Image{Pix: make([]uint8, 3*40*40), W: 40, H: 40}); ok {
		t.Error("a small black picture is marked")
	}
}
