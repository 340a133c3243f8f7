package damage

import (
	"math"
	"slices"

	"waggle/vision"
)

// Differences between a photo and a reference are measured at this size and
// with these tolerances, in steps of 8-bit values.
const (
	compareSide = 256
	lightRadius = 27  // light changes slowly: half a window of it
	shiftMost   = 2   // pixels that alignment may be off
	grain       = 9.0 // difference that sensors and JPEG make
	edgeShare   = 0.5 // of the listing's own local contrast that alignment may miss
)

// excess marks where a photo differs from a reference that was laid over it by
// more than light, grain and misalignment explain: 1 is just tolerated, 0
// where the reference shows nothing. [h, w] places.
func excess(p, l vision.Image, valid vision.Mask, w, h int) []float32 {
	p, l = p.Fit(compareSide), l.Fit(compareSide)
	pixels := excesses(p, l, valid.Resize(p.W, p.H))
	out := make([]float32, w*h)
	for y := range h {
		for x := range w {
			x0, x1 := x*p.W/w, max(x*p.W/w+1, (x+1)*p.W/w)
			y0, y1 := y*p.H/h, max(y*p.H/h+1, (y+1)*p.H/h)
			var sum float64
			for v := y0; v < y1; v++ {
				for u := x0; u < x1; u++ {
					sum += pixels[v*p.W+u]
				}
			}
			out[y*w+x] = float32(sum / float64((x1-x0)*(y1-y0)))
		}
	}
	return out
}

// excesses is, per pixel, the difference over what is tolerated there; 1 is
// just tolerated.
func excesses(p, l vision.Image, mask vision.Mask) []float64 {
	n := p.W * p.H
	diff, contrast := make([]float64, n), make([]float64, n)
	margin := shrunk(mask, 6)
	for c := range 3 {
		a, b := plane(p, c), plane(l, c)
		a, b = box(a, p.W, p.H, 1), box(b, p.W, p.H, 1)
		alike := agreeing(a, b, mask)
		light := box(alike, p.W, p.H, lightRadius)
		la, lb := box(times(a, alike), p.W, p.H, lightRadius), box(times(b, alike), p.W, p.H, lightRadius)
		all := gain(a, b, mask)
		for i := range b {
			if light[i] > 0.05 {
				b[i] *= min(4, max(0.25, (la[i]+1)/(lb[i]+1)))
			} else {
				b[i] *= all
			}
		}
		nearest(diff, contrast, a, b, p.W, p.H)
	}
	for i := range diff {
		if margin[i] {
			diff[i] /= 3*grain + edgeShare*contrast[i]
		} else {
			diff[i] = 0
		}
	}
	return box(diff, p.W, p.H, 2)
}

// nearest adds the smallest difference within the shift and the listing's
// local range of values.
func nearest(diff, contrast, a, b []float64, w, h int) {
	for y := range h {
		for x := range w {
			least, low, high := math.Inf(1), math.Inf(1), math.Inf(-1)
			for v := max(0, y-shiftMost); v <= min(h-1, y+shiftMost); v++ {
				for u := max(0, x-shiftMost); u <= min(w-1, x+shiftMost); u++ {
					r := b[v*w+u]
					least, low, high = min(least, math.Abs(a[y*w+x]-r)), min(low, r), max(high, r)
				}
			}
			diff[y*w+x] += least
			contrast[y*w+x] += high - low
		}
	}
}

func plane(m vision.Image, c int) []float64 {
	out := make([]float64, m.W*m.H)
	for i := range out {
		out[i] = float64(m.Pix[3*i+c])
	}
	return out
}

func ones(mask vision.Mask) []float64 {
	out := make([]float64, len(mask.Pix))
	for i, p := range mask.Pix {
		if p > 127 {
			out[i] = 1
		}
	}
	return out
}

func times(v, by []float64) []float64 {
	out := make([]float64, len(v))
	for i := range out {
		out[i] = v[i] * by[i]
	}
	return out
}

// gain is the ratio of the middle values under the mask.
func gain(a, b []float64, mask vision.Mask) float64 {
	var x, y []float64
	for i := 0; i < len(a); i += 5 {
		if mask.Pix[i] > 127 {
			x, y = append(x, a[i]), append(y, b[i])
		}
	}
	if len(x) == 0 {
		return 1
	}
	slices.Sort(x)
	slices.Sort(y)
	return min(4, max(0.25, (x[len(x)/2]+4)/(y[len(y)/2]+4)))
}

// agreeing is 1 where one light for the whole photo explains the difference:
// only there the local light is read, so that damage does not pass for shade.
func agreeing(a, b []float64, mask vision.Mask) []float64 {
	const most = 45
	g := gain(a, b, mask)
	out := make([]float64, len(a))
	for i := range out {
		if mask.Pix[i] > 127 && math.Abs(a[i]-g*b[i]) < most {
			out[i] = 1
		}
	}
	return out
}

// shrunk is the mask without its rim, where warped pixels are mixed with
// nothing.
func shrunk(mask vision.Mask, rim int) []bool {
	inside := box(ones(mask), mask.W, mask.H, rim)
	out := make([]bool, len(inside))
	for i, v := range inside {
		out[i] = v > 0.999
	}
	return out
}

// box is the mean over a square window, by sums along rows and then columns;
// outside counts as nothing missing: the window shrinks at the border.
func box(v []float64, w, h, radius int) []float64 {
	rows := make([]float64, len(v))
	for y := range h {
		slide(v[y*w:], rows[y*w:], w, 1, radius)
	}
	out := make([]float64, len(v))
	for x := range w {
		slide(rows[x:], out[x:], h, w, radius)
	}
	return out
}

func slide(src, dst []float64, n, step, radius int) {
	var sum float64
	for i := range min(n, radius) {
		sum += src[i*step]
	}
	for i := range n {
		if i+radius < n {
			sum += src[(i+radius)*step]
		}
		if i-radius-1 >= 0 {
			sum -= src[(i-radius-1)*step]
		}
		dst[i*step] = sum / float64(min(n-1, i+radius)-max(0, i-radius)+1)
	}
}
