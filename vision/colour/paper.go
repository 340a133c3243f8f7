package colour

import (
	"math"

	"waggle/vision"
)

// What counts as a sheet of paper, a parcel label or a price tag that can
// stand for white: outside the item, evenly bright, brighter than nearly all
// else, nearly without colour, and of a rectangle's compactness. A wall or a
// table cloth runs out of the frame on several sides and is refused, because
// nobody knows that it is white.
const (
	paperLeast     = 0.015 // of the frame
	paperMost      = 0.5
	paperChroma    = 28.0 // Lab chroma: room light is strongly yellow
	paperBright    = 0.25 // luminance, linear
	paperStep      = 4.0  // L* between neighbours inside a sheet
	paperCompact   = 0.72 // share of its turned bounding box
	paperBorder    = 0.5  // of the side of the frame that it may touch
	paperClipped   = 0.3  // of its pixels
	paperDeviation = 5.0  // L* within the sheet
)

// paper looks for the largest region that can stand for white.
func paper(m vision.Image, item vision.Mask) (Linear, bool) {
	labs := make([]Lab, m.W*m.H)
	for i := range labs {
		labs[i] = FromSRGB(m.Pix[3*i], m.Pix[3*i+1], m.Pix[3*i+2]).Lab()
	}
	seen := make([]bool, len(labs))
	best, white := 0, Linear{}
	for i := range labs {
		if seen[i] || !candidate(m, item, labs, i) {
			continue
		}
		region := grow(m, item, labs, seen, i)
		if len(region) <= best {
			continue
		}
		if w, ok := sheet(m, labs, region); ok {
			best, white = len(region), w
		}
	}
	return white, best > 0
}

func candidate(m vision.Image, item vision.Mask, labs []Lab, i int) bool {
	if item.Pix[i] > 127 || math.Hypot(labs[i].A, labs[i].B) > paperChroma {
		return false
	}
	return FromSRGB(m.Pix[3*i], m.Pix[3*i+1], m.Pix[3*i+2]).Luminance() > paperBright
}

// grow floods from one pixel over neighbours of nearly the same lightness.
func grow(m vision.Image, item vision.Mask, labs []Lab, seen []bool, start int) []int {
	region := []int{start}
	seen[start] = true
	for at := 0; at < len(region); at++ {
		i := region[at]
		x, y := i%m.W, i/m.W
		for _, d := range [4][2]int{{1, 0}, {-1, 0}, {0, 1}, {0, -1}} {
			nx, ny := x+d[0], y+d[1]
			if nx < 0 || ny < 0 || nx >= m.W || ny >= m.H {
				continue
			}
			j := ny*m.W + nx
			if !seen[j] && math.Abs(labs[j].L-labs[i].L) < paperStep && candidate(m, item, labs, j) {
				seen[j] = true
				region = append(region, j)
			}
		}
	}
	return region
}

// sheet checks shape and evenness and returns the mean colour.
func sheet(m vision.Image, labs []Lab, region []int) (Linear, bool) {
	n, all := float64(len(region)), float64(m.W*m.H)
	if n < paperLeast*all || n > paperMost*all || !compact(m, region) {
		return Linear{}, false
	}
	var sum Linear
	var l, l2, clipped float64
	for _, i := range region {
		c := FromSRGB(m.Pix[3*i], m.Pix[3*i+1], m.Pix[3*i+2])
		for j := range 3 {
			sum[j] += c[j] / n
		}
		if max(c[0], c[1], c[2]) > 0.97 {
			clipped++
		}
		l += labs[i].L / n
		l2 += labs[i].L * labs[i].L / n
	}
	even := math.Sqrt(max(0, l2-l*l)) < paperDeviation
	return sum, even && clipped < paperClipped*n && brighterThanMost(labs, l)
}

// brighterThanMost: nothing much in a photo is brighter than paper.
func brighterThanMost(labs []Lab, l float64) bool {
	n := 0
	for _, p := range labs {
		if p.L > l+6 {
			n++
		}
	}
	return float64(n) < 0.05*float64(len(labs))
}

// compact compares the area with that of the box turned along the region's
// own axes, and refuses what runs along the frame.
func compact(m vision.Image, region []int) bool {
	var cx, cy, touch float64
	n := float64(len(region))
	for _, i := range region {
		x, y := i%m.W, i/m.W
		cx, cy = cx+float64(x)/n, cy+float64(y)/n
		if x == 0 || y == 0 || x == m.W-1 || y == m.H-1 {
			touch++
		}
	}
	if touch > paperBorder*float64(min(m.W, m.H)) {
		return false
	}
	least := math.Inf(1)
	for turn := 0.0; turn < 90; turn += 7.5 {
		sin, cos := math.Sincos(turn * math.Pi / 180)
		u0, u1, v0, v1 := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
		for _, i := range region {
			dx, dy := float64(i%m.W)-cx, float64(i/m.W)-cy
			u, v := cos*dx+sin*dy, cos*dy-sin*dx
			u0, u1, v0, v1 = min(u0, u), max(u1, u), min(v0, v), max(v1, v)
		}
		least = min(least, (u1-u0+1)*(v1-v0+1))
	}
	return n >= paperCompact*least
}
