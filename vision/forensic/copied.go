package forensic

import (
	"math"

	"waggle/vision"
)

// A Shift is a pair of places of one photo that look alike: X, Y and U, V in
// pixels.
type Shift struct{ X, Y, U, V float64 }

// A copied place carries its grain with it, while things that merely repeat
// (prints, checks, bottles in a row) have grain of their own: the high
// frequencies of both places must be one (after Fridrich, Soukal and Lukas
// 2003, with the residual instead of the quantised blocks).
const (
	copiedVotes = 5    // places that moved the same way
	copiedLoose = 2.0  // pixels by which the way may differ
	copiedAlike = 0.55 // correlation of the residuals; recompression takes the rest
	copiedMost  = 0.70 // part of the places that must reach it
	copiedPatch = 9    // pixels around each place on either side
	copiedNear  = 16   // pixels within which a pattern that repeats is looked for
	copiedGrain = 0.8  // least deviation of a residual; flat places prove nothing
)

// Copied looks for a place that is a copy of another, given places that look
// alike.
func Copied(m vision.Image, alike []Shift) (s vision.Sign, ok bool) {
	return copied(m, residual(m.W, m.H, lumaOf(m)), alike)
}

func copied(m vision.Image, r grain, alike []Shift) (s vision.Sign, ok bool) {
	best := sameWay(alike)
	if len(best) < copiedVotes {
		return s, false
	}
	dx, dy := way(best)
	var one, sum float64
	n := 0
	b := bounds{x0: m.W, y0: m.H}
	for _, a := range best {
		c, grainy := r.correlation(int(a.X), int(a.Y), dx, dy)
		if !grainy || c >= copiedAlike && r.repeats(int(a.X), int(a.Y)) {
			continue
		}
		n++
		if c >= copiedAlike {
			one++
			sum += c
			b.add(int(a.U), int(a.V))
		}
	}
	if n < copiedVotes || one < copiedMost*float64(n) {
		return s, false
	}
	return vision.Sign{
		Name: vision.SignCopied, Score: float32(min(1, sum/one)), Box: b.box(m),
		Note: "照片里有一块和另一块完全一样，可能是复制过去的。",
	}, true
}

// sameWay keeps the largest set of shifts of one direction and length.
func sameWay(all []Shift) (best []Shift) {
	for _, a := range all {
		var same []Shift
		for _, b := range all {
			if math.Abs(a.U-a.X-b.U+b.X) <= copiedLoose && math.Abs(a.V-a.Y-b.V+b.Y) <= copiedLoose {
				same = append(same, b)
			}
		}
		if len(same) > len(best) {
			best = same
		}
	}
	return best
}

func way(all []Shift) (dx, dy int) {
	var x, y float64
	for _, a := range all {
		x, y = x+a.U-a.X, y+a.V-a.Y
	}
	n := float64(len(all))
	return int(math.Round(x / n)), int(math.Round(y / n))
}

// grain is luma without what its neighbours foretell.
type grain struct {
	w, h int
	v    []float32
}

func residual(w, h int, luma []float32) grain {
	g := grain{w: w, h: h, v: make([]float32, len(luma))}
	for y := 1; y < h-1; y++ {
		out := g.v[y*w : (y+1)*w]
		up, row, down := luma[(y-1)*w:][:len(out)], luma[y*w:][:len(out)], luma[(y+1)*w:][:len(out)]
		for x := 1; x < len(out)-1; x++ {
			near := 2*(row[x-1]+row[x+1]+up[x]+down[x]) - up[x-1] - up[x+1] - down[x-1] - down[x+1]
			out[x] = row[x] - near/4
		}
	}
	return g
}

// lumaOf is Rec. 601 luma from 0 to 255.
func lumaOf(m vision.Image) []float32 {
	out := make([]float32, m.W*m.H)
	pix := m.Pix[:3*len(out)]
	for i := range out {
		p := pix[3*i : 3*i+3 : 3*i+3]
		out[i] = 0.299*float32(p[0]) + 0.587*float32(p[1]) + 0.114*float32(p[2])
	}
	return out
}

// correlation is the best one between the surroundings of two places, dx, dy
// apart give or take a pixel; grainy tells whether there is anything to
// compare.
func (g grain) correlation(x, y, dx, dy int) (best float64, grainy bool) {
	best = -1
	for oy := -1; oy <= 1; oy++ {
		for ox := -1; ox <= 1; ox++ {
			c, ok := g.at(x, y, dx+ox, dy+oy)
			if ok {
				best, grainy = max(best, c), true
			}
		}
	}
	return best, grainy
}

// repeats tells whether the grain of a place is a fine pattern, which is like
// itself everywhere: woven, printed or drawn, not copied.
func (g grain) repeats(x, y int) bool {
	for oy := 0; oy <= copiedNear; oy++ {
		for ox := -copiedNear; ox <= copiedNear; ox++ {
			if oy < 3 && ox > -3 && ox < 3 {
				continue // the same place
			}
			if c, ok := g.at(x, y, ox, oy); ok && c >= copiedAlike {
				return true
			}
		}
	}
	return false
}

func (g grain) at(x, y, dx, dy int) (float64, bool) {
	const p = copiedPatch
	if min(x, x+dx, y, y+dy) < p+1 || max(x, x+dx) >= g.w-p-1 || max(y, y+dy) >= g.h-p-1 {
		return 0, false
	}
	var aa, bb, ab float64
	for v := y - p; v <= y+p; v++ {
		for u := x - p; u <= x+p; u++ {
			a, b := float64(g.v[v*g.w+u]), float64(g.v[(v+dy)*g.w+u+dx])
			aa, bb, ab = aa+a*a, bb+b*b, ab+a*b
		}
	}
	const n = (2*p + 1) * (2*p + 1)
	if min(aa, bb) < copiedGrain*copiedGrain*n {
		return 0, false
	}
	return ab / math.Sqrt(aa*bb), true
}

// bounds grow around places.
type bounds struct{ x0, y0, x1, y1 int }

func (b *bounds) add(x, y int) {
	b.x0, b.y0, b.x1, b.y1 = min(b.x0, x), min(b.y0, y), max(b.x1, x), max(b.y1, y)
}

// box is the place with the patches around it, inside the photo.
func (b bounds) box(m vision.Image) vision.Box {
	x0, y0 := max(0, b.x0-copiedPatch), max(0, b.y0-copiedPatch)
	return vision.Box{X: x0, Y: y0, W: min(m.W, b.x1+copiedPatch+1) - x0, H: min(m.H, b.y1+copiedPatch+1) - y0}
}
