package embed

import (
	"math"

	"waggle/vision"
	"waggle/vision/colour"
)

// The histogram over CIE Lab: bins of lightness, green-red and blue-yellow,
// and the range that they cover. Pixels fall between bins softly, so that a
// slightly other light moves a little and not all.
const (
	binsL, binsA, binsB = 3, 7, 7
	bins                = binsL * binsA * binsB
	colourSide          = 96
)

// middle is the width of the bell that weighs pixels by their distance from
// the middle, in halves of the picture: the item lies there, the ground around.
const middle = 0.5

type axis struct {
	from, to float64
	n        int
}

var axes = [3]axis{{10, 95, binsL}, {-50, 60, binsA}, {-50, 75, binsB}}

// soft is the lower bin of a value and the share of the next one.
func (a axis) soft(v float64) (int, float32) {
	t := min(max(0, (v-a.from)/(a.to-a.from)*float64(a.n-1)), float64(a.n-1))
	i := min(int(t), a.n-2)
	return i, float32(t - float64(i))
}

// colours is the square root of the photo's histogram, of length 1: the scalar
// product of two is their Bhattacharyya coefficient.
func colours(m vision.Image) []float32 {
	m = m.Fit(colourSide)
	h := make([]float32, bins)
	for y := range m.H {
		dy := (2*float64(y)+1)/float64(m.H) - 1
		for x := range m.W {
			dx := (2*float64(x)+1)/float64(m.W) - 1
			w := float32(math.Exp(-(dx*dx + dy*dy) / (2 * middle * middle)))
			c := colour.FromSRGB(m.At(x, y)).Lab()
			spread(h, c, w)
		}
	}
	var sum float32
	for _, v := range h {
		sum += v
	}
	for i, v := range h {
		h[i] = float32(math.Sqrt(float64(v / max(sum, 1e-20))))
	}
	return h
}

func spread(h []float32, c colour.Lab, w float32) {
	l, fl := axes[0].soft(c.L)
	a, fa := axes[1].soft(c.A)
	b, fb := axes[2].soft(c.B)
	for i := range 8 {
		v := w
		at := ((l+i>>2)*binsA+a+i>>1&1)*binsB + b + i&1
		for _, f := range [3]struct {
			up    bool
			share float32
		}{{i&4 != 0, fl}, {i&2 != 0, fa}, {i&1 != 0, fb}} {
			if f.up {
				v *= f.share
			} else {
				v *= 1 - f.share
			}
		}
		h[at] += v
	}
}
