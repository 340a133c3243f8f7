package damage

import (
	"math"
	"slices"

	"waggle/vision"
)

// Differences between a photo and its aligned listing are judged at this size
// and with these tolerances, in steps of 8-bit values.
const (
	compareSide  = 384
	compareScale = 4   // the map is this much smaller
	lightRadius  = 40  // light changes slowly: half a window of it
	shiftMost    = 2   // pixels that alignment may be off
	grain        = 9.0 // difference that sensors and JPEG make
	edgeShare    = 0.5 // of the listing's own local contrast that alignment may miss
	worstPlaces  = 24  // places of the map that the score looks at
)

// Compare marks where a photo differs from the listing photo that was laid
// over it by more than light, grain and misalignment explain. The types come
// from seen, the network's view of the photo. The score is the mean excess of
// the worst places as a probability by slope and offset of listingScore.
func Compare(seen Map, photo, listing vision.Image, valid vision.Mask) Map {
	p, l := photo.Fit(compareSide), listing.Fit(compareSide)
	w, h := p.W/compareScale, p.H/compareScale
	mask := valid.Resize(p.W, p.H)
	excess := excesses(p, l, mask)
	out := Map{W: w, H: h, Damage: make([]float32, w*h), types: seen.types, kind: make([][]float32, len(seen.kind))}
	for y := range h {
		for x := range w {
			var sum float64
			for v := range compareScale {
				for u := range compareScale {
					sum += excess[(y*compareScale+v)*p.W+x*compareScale+u]
				}
			}
			out.Damage[y*w+x] = float32(sum / (compareScale * compareScale))
		}
	}
	for k := range out.kind {
		out.kind[k] = resample(seen.kind[k], seen.W, seen.H, w, h)
	}
	out.Score = listingScore(out.Damage)
	for i, e := range out.Damage {
		out.Damage[i] = float32(1 / (1 + math.Exp(-3*(float64(e)-1))))
	}
	return out
}

// listingScore was fitted on held-out photos with and without painted damage.
func listingScore(excess []float32) float64 {
	const slope, offset = 2.2, -0.97
	sorted := slices.Clone(excess)
	slices.Sort(sorted)
	worst := sorted[max(0, len(sorted)-worstPlaces):]
	var sum float64
	for _, e := range worst {
		sum += float64(e)
	}
	return 1 / (1 + math.Exp(-(slope*sum/float64(max(1, len(worst))) + offset)))
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

// resample reads a map at another size (nearest).
func resample(v []float32, w, h, tw, th int) []float32 {
	out := make([]float32, tw*th)
	for y := range th {
		for x := range tw {
			out[y*tw+x] = v[y*h/th*w+x*w/tw]
		}
	}
	return out
}
