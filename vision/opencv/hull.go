package opencv

import (
	"cmp"
	"math"
	"slices"

	"waggle/vision"
)

// point is a place in the photo.
type point struct{ x, y float64 }

// hull is the convex hull of the pairs' places in the photo, clockwise on the
// screen (Andrew's monotone chain).
func hull(pairs []pair) []point {
	pts := make([]point, len(pairs))
	for i, p := range pairs {
		pts[i] = point{float64(p.u), float64(p.v)}
	}
	slices.SortFunc(pts, func(a, b point) int { return cmp.Or(cmp.Compare(a.x, b.x), cmp.Compare(a.y, b.y)) })
	half := func(pts []point) []point {
		var out []point
		for _, p := range pts {
			for len(out) > 1 && turn(out[len(out)-2], out[len(out)-1], p) <= 0 {
				out = out[:len(out)-1]
			}
			out = append(out, p)
		}
		return out[:max(0, len(out)-1)]
	}
	lower := half(pts)
	slices.Reverse(pts)
	return append(lower, half(pts)...)
}

// turn is positive when c lies to the right of the way from a to b, with y
// downwards.
func turn(a, b, c point) float64 { return (b.x-a.x)*(c.y-a.y) - (b.y-a.y)*(c.x-a.x) }

// marked marks the pixels whose middle lies in all of some convex shapes: row
// by row, between the sides that cross it.
func marked(w, h int, shapes ...[]point) vision.Mask {
	m := vision.Mask{Pix: make([]uint8, w*h), W: w, H: h}
	for y := range h {
		from, to := 0.0, float64(w)
		for _, s := range shapes {
			a, b := crossed(s, float64(y)+0.5)
			from, to = max(from, a), min(to, b)
		}
		if from > to {
			continue
		}
		for x := int(math.Ceil(from - 0.5)); x < w && float64(x)+0.5 <= to; x++ {
			m.Pix[y*w+x] = 255
		}
	}
	return m
}

// crossed is the stretch of the line at height y that lies in a convex shape;
// from > to for none.
func crossed(shape []point, y float64) (from, to float64) {
	from, to = math.Inf(1), math.Inf(-1)
	for i, a := range shape {
		b := shape[(i+1)%len(shape)]
		if low, high := min(a.y, b.y), max(a.y, b.y); y < low || y > high || low == high {
			continue
		}
		x := a.x + (b.x-a.x)*(y-a.y)/(b.y-a.y)
		from, to = min(from, x), max(to, x)
	}
	return from, to
}
