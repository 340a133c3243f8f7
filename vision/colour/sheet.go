package colour

import (
	"math"
	"slices"

	"waggle/vision"
)

// What counts as a sheet of paper, a parcel label or a price tag that can
// stand for white: evenly bright, brighter than nearly all else and of a
// colour that a light in a room can have. A wall or a table cloth has no four
// corners in the frame and is never offered.
const (
	sheetChroma  = 30.0 // Lab chroma: room light is strongly yellow
	sheetLight   = 60.0 // L*, at least
	sheetPlain   = 0.60 // of its pixels are the paper itself, the rest is print
	sheetStep    = 5.0  // L* from the paper's own, still the paper
	sheetClipped = 0.3  // of its pixels; a clipped channel hides the light's colour
	sheetBrighter,
	sheetMargin = 0.10, 6.0 // this part of the photo may be brighter by so much L*
)

// paperIn finds the brightest region that can stand for white among those
// offered: its colour and its place.
func paperIn(m vision.Image, offered []vision.Mask) (best Linear, place vision.Mask, ok bool) {
	if len(offered) == 0 {
		return best, place, false
	}
	labs := make([]Lab, m.W*m.H)
	for i := range labs {
		labs[i] = FromSRGB(m.Pix[3*i], m.Pix[3*i+1], m.Pix[3*i+2]).Lab()
	}
	lightest := 0.0
	middle := withMiddle(vision.Mask{Pix: make([]uint8, m.W*m.H), W: m.W, H: m.H})
	for _, o := range offered {
		if o = o.Resize(m.W, m.H); mostlyIn(o, middle) {
			continue // a white side of the thing itself
		}
		if c, l, paper := sheet(m, labs, o); paper && l > lightest {
			best, place, lightest, ok = c, o, l, true
		}
	}
	return best, place, ok
}

// mostlyIn tells whether more than half of a region lies in another.
func mostlyIn(region, other vision.Mask) bool {
	in, all := 0, 0
	for i, p := range region.Pix {
		if p > 127 {
			all++
			if other.Pix[i] > 127 {
				in++
			}
		}
	}
	return 2*in > all
}

// sheet judges one region and returns the paper's mean colour and lightness.
func sheet(m vision.Image, labs []Lab, region vision.Mask) (mean Linear, lightness float64, ok bool) {
	var ls []float64
	for i, p := range region.Pix {
		if p > 127 {
			ls = append(ls, labs[i].L)
		}
	}
	if len(ls) < 40 {
		return mean, 0, false
	}
	slices.Sort(ls)
	own := ls[len(ls)*7/10]
	var plain, clipped float64
	for i, p := range region.Pix {
		if p < 128 || math.Abs(labs[i].L-own) > sheetStep {
			continue
		}
		c := FromSRGB(m.Pix[3*i], m.Pix[3*i+1], m.Pix[3*i+2])
		plain++
		for k := range mean {
			mean[k] += c[k]
		}
		if max(c[0], c[1], c[2]) > 0.97 {
			clipped++
		}
	}
	if plain < sheetPlain*float64(len(ls)) || clipped > sheetClipped*plain {
		return mean, 0, false
	}
	for k := range mean {
		mean[k] /= plain
	}
	lab := mean.Lab()
	fits := lab.L > sheetLight && math.Hypot(lab.A, lab.B) < sheetChroma && lightOf(mean).likely(3.5)
	return mean, lab.L, fits && darkerThanMost(labs, lab.L)
}

// darkerThanMost: hardly anything in a photo is brighter than paper.
func darkerThanMost(labs []Lab, l float64) bool {
	n := 0
	for _, p := range labs {
		if p.L > l+sheetMargin {
			n++
		}
	}
	return float64(n) < sheetBrighter*float64(len(labs))
}
