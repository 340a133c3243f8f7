package quality

import (
	"slices"

	"waggle/vision"
)

const (
	side  = 512 // photos are measured at this size at most
	tile  = 32  // pixels of a tile's side
	edge  = 3.0 // coarse detail (variance of luma steps) under which a tile is empty
	equal = 1   // luma steps that count as none
)

// Measure computes all measures of a photo.
func Measure(m vision.Image, item vision.Mask) Measures {
	m = m.Fit(side)
	if len(item.Pix) == 0 {
		item = middle(m.W, m.H)
	} else {
		item = item.Resize(m.W, m.H)
	}
	luma := lumaOf(m)
	x := Measures{Sharpness: sharpness(luma, m.W, m.H, item), Flat: flatness(luma, m.W, m.H)}
	x.Brightness, x.Clipped = light(luma, item)
	return x
}

func middle(w, h int) vision.Mask {
	mask := vision.Mask{Pix: make([]uint8, w*h), W: w, H: h}
	for y := h / 8; y < h-h/8; y++ {
		for x := w / 8; x < w-w/8; x++ {
			mask.Pix[y*w+x] = 255
		}
	}
	return mask
}

// lumaOf is Rec. 601 luma from 0 to 255.
func lumaOf(m vision.Image) []float32 {
	out := make([]float32, m.W*m.H)
	for i := range out {
		p := m.Pix[3*i : 3*i+3]
		out[i] = 0.299*float32(p[0]) + 0.587*float32(p[1]) + 0.114*float32(p[2])
	}
	return out
}

// sharpness compares, tile by tile, the energy of the Laplacian with that of
// the steps over four pixels: blur takes the first and leaves the second,
// and a plain shirt, which has little of both, is not called blurred for it.
// The sharpest tenth of the item's tiles counts: a shallow focus is no fault.
func sharpness(luma []float32, w, h int, item vision.Mask) float64 {
	var ratios []float64
	for y := 4; y+tile+4 <= h; y += tile / 2 {
		for x := 4; x+tile+4 <= w; x += tile / 2 {
			if item.Pix[(y+tile/2)*w+x+tile/2] < 128 {
				continue
			}
			fine, coarse := detail(luma, w, x, y)
			if coarse > edge {
				ratios = append(ratios, fine/coarse)
			}
		}
	}
	if len(ratios) == 0 {
		return 1 // nothing to be sharp: a plain surface is not refused
	}
	slices.Sort(ratios)
	return ratios[len(ratios)*9/10]
}

// detail is the mean square of the Laplacian and of steps over four pixels in
// one tile.
func detail(luma []float32, w, x0, y0 int) (fine, coarse float64) {
	for y := y0; y < y0+tile; y++ {
		for x := x0; x < x0+tile; x++ {
			i := y*w + x
			l := float64(4*luma[i] - luma[i-1] - luma[i+1] - luma[i-w] - luma[i+w])
			dx, dy := float64(luma[i+4]-luma[i-4]), float64(luma[i+4*w]-luma[i-4*w])
			fine += l * l
			coarse += dx*dx + dy*dy
		}
	}
	return fine / (tile * tile), coarse / (tile * tile)
}

// flatness is the part of pixels that equal their right and lower neighbour,
// clipped ones left out.
func flatness(luma []float32, w, h int) float64 {
	same, all := 0, 0
	for y := range h - 1 {
		for x := range w - 1 {
			i := y*w + x
			all++
			if within(luma[i], luma[i+1]) && within(luma[i], luma[i+w]) {
				same++
			}
		}
	}
	return float64(same) / float64(max(1, all))
}

func within(a, b float32) bool { return a-b <= equal && b-a <= equal }

// light is the 90th percentile of luma and the clipped share of the item.
func light(luma []float32, item vision.Mask) (bright, clipped float64) {
	var histogram [256]int
	n := 0
	for i, v := range luma {
		if item.Pix[i] > 127 {
			histogram[int(min(255, v))]++
			n++
		}
	}
	if n == 0 {
		return 0, 0
	}
	over := 0
	for v := 250; v < 256; v++ {
		over += histogram[v]
	}
	left := n / 10
	for v := 255; v >= 0; v-- {
		if left -= histogram[v]; left < 0 {
			return float64(v) / 255, float64(over) / float64(n)
		}
	}
	return 0, 0
}
