package vision

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"testing"
)

// ratios are all that image/jpeg decodes to.
var ratios = []image.YCbCrSubsampleRatio{
	image.YCbCrSubsampleRatio444, image.YCbCrSubsampleRatio422, image.YCbCrSubsampleRatio420,
	image.YCbCrSubsampleRatio440, image.YCbCrSubsampleRatio411, image.YCbCrSubsampleRatio410,
}

func TestRowsOfYCbCrAreTheStandardLibrarys(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for _, ratio := range ratios {
		src := image.NewYCbCr(image.Rect(0, 0, 37, 19), ratio)
		for _, plane := range [][]uint8{src.Y, src.Cb, src.Cr} {
			for i := range plane {
				plane[i] = uint8(rng.IntN(256))
			}
		}
		read, line := rows(src, "jpeg"), make([]uint8, 3*37)
		for y := range 19 {
			read(y, line)
			for x := range 37 {
				want := color.RGBAModel.Convert(src.At(x, y)).(color.RGBA)
				if got := [3]uint8(line[3*x:]); got != [3]uint8{want.R, want.G, want.B} {
					t.Fatalf("%v at %d,%d: %v, want %v", ratio, x, y, got, want)
				}
			}
		}
	}
}

// area is the mean over a target pixel's area, in plain sums.
func area(m Image, tw, th, x, y, c int) float64 {
	x0, x1 := float64(x)*float64(m.W)/float64(tw), float64(x+1)*float64(m.W)/float64(tw)
	y0, y1 := float64(y)*float64(m.H)/float64(th), float64(y+1)*float64(m.H)/float64(th)
	var sum, weight float64
	for v := int(y0); v < m.H && float64(v) < y1; v++ {
		for u := int(x0); u < m.W && float64(u) < x1; u++ {
			k := (math.Min(x1, float64(u+1)) - math.Max(x0, float64(u))) * (math.Min(y1, float64(v+1)) - math.Max(y0, float64(v)))
			sum, weight = sum+k*float64(m.Pix[3*(v*m.W+u)+c]), weight+k
		}
	}
	return sum / weight
}

func TestFitIsTheMeanOfTheArea(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for _, size := range [][3]int{{640, 480, 639}, {97, 61, 40}, {300, 200, 100}, {8192, 3, 5}, {64, 64, 64}, {7, 5, 1}} {
		m := Image{W: size[0], H: size[1], Pix: make([]uint8, 3*size[0]*size[1])}
		for i := range m.Pix {
			m.Pix[i] = uint8(rng.IntN(256))
		}
		got := m.Fit(size[2])
		for i, v := range got.Pix {
			x, y, c := i/3%got.W, i/3/got.W, i%3
			if want := area(m, got.W, got.H, x, y, c); math.Abs(float64(v)-want) > 1 {
				t.Fatalf("%v: channel %d of %d,%d is %d, want %.2f", size, c, x, y, v, want)
			}
		}
	}
}
