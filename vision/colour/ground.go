package colour

import (
	"math"
	"slices"

	"waggle/vision"
)

const (
	groundLeast  = 0.03 // of the frame must be ground on both photos
	groundSpread = 0.16 // median departure from one light, natural logarithm
)

// Ground compares what lies around the item on two photos of which one is
// laid over the other: where marks the ground that both show. All of it must
// agree on one light, otherwise it is not the same ground. The result is what
// the photo must be multiplied with to be under the listing's light.
func Ground(listing, photo vision.Image, where vision.Mask) (gain Linear, ok bool) {
	if listing.W != photo.W || listing.H != photo.H || where.W != photo.W || where.H != photo.H {
		return gain, false
	}
	var ratios [3][]float64
	for y := 0; y < photo.H; y += 2 {
		for x := 0; x < photo.W; x += 2 {
			if where.Pix[y*photo.W+x] < 128 {
				continue
			}
			a, b := FromSRGB(listing.At(x, y)), FromSRGB(photo.At(x, y))
			if min(a[0], a[1], a[2], b[0], b[1], b[2]) < 0.01 || max(a[0], a[1], a[2], b[0], b[1], b[2]) > 0.95 {
				continue
			}
			for k := range ratios {
				ratios[k] = append(ratios[k], math.Log(a[k]/b[k]))
			}
		}
	}
	if float64(4*len(ratios[0])) < groundLeast*float64(photo.W*photo.H) {
		return gain, false
	}
	for k, r := range ratios {
		middle := median(r)
		for i := range r {
			r[i] = math.Abs(r[i] - middle)
		}
		if median(r) > groundSpread {
			return gain, false
		}
		gain[k] = math.Exp(middle)
	}
	return gain, lightOf(gain).likely(4)
}

func median(v []float64) float64 {
	slices.Sort(v)
	return v[len(v)/2]
}
