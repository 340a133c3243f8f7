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
			var sum float32
			for v := y0; v < y1; v++ {
				for _, e := range pixels[v*p.W+x0 : v*p.W+x1] {
					sum += e
				}
			}
			out[y*w+x] = sum / float32((x1-x0)*(y1-y0))
		}
	}
	return out
}

// excesses is, per pixel, the difference over what is tolerated there; 1 is
// just tolerated.
func excesses(p, l vision.Image, mask vision.Mask) []float32 {
	n := p.W * p.H
	d := differences{w: p.W, h: p.H, where: shrunk(mask, 6), diff: make([]int32, n), contrast: make([]int32, n)}
	shown, b := ones(mask), newBlur(p.W, p.H)
	for c := range 3 {
		photo, listing := b.mean(plane(p, c), 1), b.mean(plane(l, c), 1)
		all := gain(photo, listing, mask)
		alike := agreeing(photo, listing, shown, all)
		light := b.mean(alike, lightRadius)
		la, lb := b.mean(times(photo, alike), lightRadius), b.mean(times(listing, alike), lightRadius)
		for i := range listing {
			if light[i] > 0.05 {
				listing[i] *= min(4, max(0.25, (la[i]+1)/(lb[i]+1)))
			} else {
				listing[i] *= all
			}
		}
		d.add(photo, listing)
	}
	out := make([]float32, n)
	for i := range out {
		if d.where[i] {
			out[i] = float32(d.diff[i]) / (3*grain*fraction + edgeShare*float32(d.contrast[i]))
		}
	}
	return b.mean(out, 2)
}

// differences are sums over the channels, in 8-bit steps times fraction: whole
// numbers compare without branches.
type differences struct {
	w, h           int
	where          []bool // elsewhere nothing is asked
	diff, contrast []int32
}

const fraction = 64

// add adds the smallest difference within the shift and the listing's local
// range of values.
func (d differences) add(photo, listing []float32) {
	values := make([]int32, len(listing))
	for i, v := range listing {
		values[i] = int32(v*fraction + 0.5)
	}
	for y := range d.h {
		y0, y1 := max(0, y-shiftMost), min(d.h-1, y+shiftMost)
		for x := range d.w {
			i := y*d.w + x
			if !d.where[i] {
				continue
			}
			x0, x1 := max(0, x-shiftMost), min(d.w, x+shiftMost+1)
			own := int32(photo[i]*fraction + 0.5)
			least, low, high := int32(math.MaxInt32), int32(math.MaxInt32), int32(0)
			for v := y0; v <= y1; v++ {
				for _, r := range values[v*d.w+x0 : v*d.w+x1] {
					least, low, high = min(least, max(own-r, r-own)), min(low, r), max(high, r)
				}
			}
			d.diff[i] += least
			d.contrast[i] += high - low
		}
	}
}

func plane(m vision.Image, c int) []float32 {
	out := make([]float32, m.W*m.H)
	for i := range out {
		out[i] = float32(m.Pix[3*i+c])
	}
	return out
}

func ones(mask vision.Mask) []float32 {
	out := make([]float32, len(mask.Pix))
	for i, p := range mask.Pix {
		if p > 127 {
			out[i] = 1
		}
	}
	return out
}

func times(v, by []float32) []float32 {
	out := make([]float32, len(v))
	for i := range out {
		out[i] = v[i] * by[i]
	}
	return out
}

// gain is the ratio of the middle values under the mask.
func gain(a, b []float32, mask vision.Mask) float32 {
	var x, y []float32
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

// agreeing is 1 where one light for the whole photo, the gain g, explains the
// difference: only there the local light is read, so that damage does not pass
// for shade.
func agreeing(a, b, shown []float32, g float32) []float32 {
	const most = 45
	out := make([]float32, len(a))
	for i := range out {
		if d := a[i] - g*b[i]; d < most && d > -most {
			out[i] = shown[i]
		}
	}
	return out
}

// shrunk is the mask without its rim, where warped pixels are mixed with
// nothing.
func shrunk(mask vision.Mask, rim int) []bool {
	inside := newBlur(mask.W, mask.H).mean(ones(mask), rim)
	out := make([]bool, len(inside))
	for i, v := range inside {
		out[i] = v > 0.999
	}
	return out
}
