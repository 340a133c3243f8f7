package quality

import (
	"math"
	"slices"

	"waggle/vision"
)

const (
	side  = 512  // photos are measured at this size at most
	tile  = 32   // pixels of a tile's side
	edge  = 40.0 // mean square step under which a tile holds nothing but grain and rounding
	equal = 1    // luma steps that count as none
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
	x.Glare = glare(luma, m.W, m.H, item)
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

// directions to look for detail in: motion blurs along one and leaves others.
var directions = [4][2]int{{1, 0}, {0, 1}, {1, 1}, {1, -1}}

// sharpness compares, tile by tile and in each direction, the energy of second
// differences with that of steps over eight pixels: blur takes the first and
// leaves the second, and a plain shirt, which has little of both, is not
// called blurred for it. The sharpest tenth of the item's tiles counts, since
// a shallow focus is no fault, and the worst direction.
func sharpness(luma []float32, w, h int, item vision.Mask) float64 {
	worst := math.Inf(1)
	for _, d := range directions {
		c := newCells(luma, w, h, d[1]*w+d[0])
		var ratios []float64
		for y := range c.h - 1 {
			for x := range c.w - 1 {
				if item.Pix[(margin+(y+1)*cell)*w+margin+(x+1)*cell] < 128 {
					continue
				}
				if fine, coarse := c.tile(x, y); coarse > edge*tile*tile {
					ratios = append(ratios, float64(fine/coarse))
				}
			}
		}
		if len(ratios) > 0 {
			slices.Sort(ratios)
			worst = min(worst, ratios[len(ratios)*9/10])
		}
	}
	return min(1, worst) // 1 also where there is nothing to be sharp
}

const (
	cell   = tile / 2 // tiles overlap by half: what they share is summed once
	margin = 4        // pixels that a step may reach beyond a tile
)

// cells sums the squares of second differences and of steps over eight pixels,
// along one step of the index, over squares of half a tile's side.
type cells struct {
	luma    []float32
	width   int // of the photo
	step    int
	w, h    int // in cells
	details []detail
}

type detail struct {
	fine, coarse float32
	known        bool
}

func newCells(luma []float32, w, h, step int) cells {
	c := cells{luma: luma, width: w, step: step, w: max(1, (w-2*margin)/cell), h: max(1, (h-2*margin)/cell)}
	c.details = make([]detail, c.w*c.h)
	return c
}

// tile is the detail of the two by two cells from x and y on.
func (c cells) tile(x, y int) (fine, coarse float32) {
	for _, at := range [4]int{y*c.w + x, y*c.w + x + 1, (y+1)*c.w + x, (y+1)*c.w + x + 1} {
		d := &c.details[at]
		if !d.known {
			*d = c.sum(at%c.w, at/c.w)
		}
		fine, coarse = fine+d.fine, coarse+d.coarse
	}
	return fine, coarse
}

func (c cells) sum(x, y int) detail {
	d := detail{known: true}
	for v := range cell {
		at := (margin+y*cell+v)*c.width + margin + x*cell
		here := c.luma[at : at+cell]
		before, after := c.luma[at-c.step:][:len(here)], c.luma[at+c.step:][:len(here)]
		back, ahead := c.luma[at-4*c.step:][:len(here)], c.luma[at+4*c.step:][:len(here)]
		for i, l := range here {
			second, long := 2*l-before[i]-after[i], ahead[i]-back[i]
			d.fine += second * second
			d.coarse += long * long
		}
	}
	return d
}

// flatness is the part of pixels that equal their right and lower neighbour.
// Black and clipped ones count on neither side, unless there is nothing else.
func flatness(luma []float32, w, h int) float64 {
	same, all := 0, 0
	for y := range h - 1 {
		for x := range w - 1 {
			i := y*w + x
			if luma[i] < 8 || luma[i] > 250 {
				continue
			}
			all++
			if within(luma[i], luma[i+1]) && within(luma[i], luma[i+w]) {
				same++
			}
		}
	}
	if all <= w*h/50 {
		return 1
	}
	return float64(same) / float64(all)
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
