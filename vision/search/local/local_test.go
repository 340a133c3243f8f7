package local

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"waggle/vision"
)

// printed is a picture of random blocks, as a label is.
func printed(seed uint64, side int) vision.Image {
	rng := rand.New(rand.NewPCG(seed, 9))
	m := vision.Image{W: side, H: side, Pix: make([]uint8, 3*side*side)}
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

func describe(t *testing.T, m vision.Image, cells Cells) *Description {
	t.Helper()
	d, err := Describe(m, cells, QueryPoints)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestPointsAgreeOnTheSamePrintOnly(t *testing.T) {
	a := describe(t, printed(1, 300), Cells{})
	if n := Agree(a, describe(t, onItsSide(printed(1, 300)), Cells{})); n < 60 {
		t.Errorf("the same print, turned: %d points", n)
	}
	if n := Agree(a, describe(t, printed(1, 300).Fit(140), Cells{})); n < 20 {
		t.Errorf("the same print, small: %d points", n)
	}
	for seed := range uint64(5) {
		if n := Agree(a, describe(t, printed(seed+2, 300), Cells{})); n > 8 {
			t.Errorf("another print: %d points", n)
		}
	}
	if n := Agree(a, describe(t, vision.Image{W: 50, H: 50, Pix: make([]uint8, 3*50*50)}, Cells{})); n != 0 {
		t.Errorf("an empty picture: %d points", n)
	}
}

// grid is h x w cells, each one of the kinds: a direction of its own and noise.
func grid(kinds []int, h, w int, noise float64, seed uint64) Cells {
	const width = 48
	rng := rand.New(rand.NewPCG(seed, 4))
	c := Cells{Width: width, H: h, W: w, Data: make([]float32, width*h*w)}
	for at := range h * w {
		own := rand.New(rand.NewPCG(uint64(kinds[at%len(kinds)]), 5))
		for k := range width {
			c.Data[k*h*w+at] = float32(7 * (own.NormFloat64() + noise*rng.NormFloat64()))
		}
	}
	return c
}

func TestCellsFindEachOtherWhereverTheyLie(t *testing.T) {
	empty := vision.Image{W: 8, H: 8, Pix: make([]uint8, 3*8*8)}
	a := describe(t, empty, grid([]int{1, 2, 3, 4, 5}, 6, 7, 0.1, 1))
	if v := Alike(a, a); v < 0.99 || v > 1.01 {
		t.Errorf("itself: %.3f", v)
	}
	moved := Alike(a, describe(t, empty, grid([]int{4, 5, 1, 2, 3}, 6, 7, 0.1, 2)))
	some := Alike(a, describe(t, empty, grid([]int{1, 2, 9, 10, 11}, 6, 7, 0.1, 3)))
	none := Alike(a, describe(t, empty, grid([]int{7, 8, 9, 10, 11}, 5, 4, 0.1, 4)))
	if moved < 0.95 || some > moved-0.2 || none > some-0.2 {
		t.Errorf("moved %.3f, two of five %.3f, none %.3f", moved, some, none)
	}
	if v := Alike(a, describe(t, empty, Cells{})); v != 0 {
		t.Errorf("without cells: %.3f", v)
	}
	if v := Alike(describe(t, empty, Cells{Width: 48, H: 1, W: 1, Data: make([]float32, 48)}), a); v > 0 {
		t.Errorf("a cell of zeros: %.3f", v)
	}
}

func TestADescriptionSurvivesItsBytes(t *testing.T) {
	a := describe(t, printed(3, 200), grid([]int{1, 2, 3}, 10, 10, 0.1, 1))
	raw := a.Append(nil)
	b, err := Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	if v := Alike(a, b); v < 0.99 || len(b.points) != len(a.points) || Agree(a, b) < len(a.points)*9/10 {
		t.Errorf("cells %.3f alike, %d of %d points", v, Agree(a, b), len(a.points))
	}
	if !slices.Equal(b.Append(nil), raw) {
		t.Error("the bytes change when they are read and written")
	}
	for n := range raw {
		if n%97 == 0 || n < 16 || n > len(raw)-4 {
			if _, err := Parse(raw[:n]); !errors.Is(err, ErrDescription) {
				t.Fatalf("cut off at %d: %v", n, err)
			}
		}
	}
}

func TestCellsThatCannotBeAreRefused(t *testing.T) {
	empty := vision.Image{W: 8, H: 8, Pix: make([]uint8, 3*8*8)}
	for name, c := range map[string]Cells{
		"too few numbers": {Width: 4, H: 2, W: 2, Data: make([]float32, 15)},
		"no rows":         {Width: 4, H: 0, W: 2, Data: make([]float32, 8)},
		"too wide":        {Width: maxWidth + 1, H: 1, W: 1, Data: make([]float32, maxWidth+1)},
		"too many":        {Width: 1, H: maxSide + 1, W: 1, Data: make([]float32, maxSide+1)},
	} {
		if _, err := Describe(empty, c, 10); !errors.Is(err, ErrDescription) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	d, err := Describe(printed(3, 100), grid([]int{1, 2}, 2, 2, 0.1, 1), 4)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(d.Append(nil))
	f.Add([]byte{Version, 1, 1, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := Parse(b)
		if err != nil {
			return
		}
		Alike(d, d)
		Agree(d, d)
	})
}
