package opencv

import (
	"cmp"
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

// keepInside clears the mask outside a convex shape.
func keepInside(mask vision.Mask, shape []point) {
	for i := range mask.Pix {
		if !inside(shape, point{float64(i%mask.W) + 0.5, float64(i/mask.W) + 0.5}) {
			mask.Pix[i] = 0
		}
	}
}

func inside(shape []point, p point) bool {
	for i, a := range shape {
		if turn(a, shape[(i+1)%len(shape)], p) < 0 {
			return false
		}
	}
	return len(shape) > 2
}
