package forensic

import (
	"math"
	"slices"

	"waggle/vision"
)

// A place that was compressed before it was pasted keeps the grid of that
// compression in its cosine coefficients: at the right step they are nearly
// whole numbers, while the rest of the photo is not (JPEG ghosts, Farid 2009,
// on coefficients). A photo that was compressed twice as a whole, as every
// messenger does, is the same everywhere and is not meant.
const (
	ghostWindow = 3    // blocks on either side that are judged together
	ghostLeast  = 24   // coefficients of a window that can tell
	ghostFits   = 0.40 // of the error of chance, at most, inside the place
	ghostRest   = 0.80 // and at least elsewhere, in the middle
	ghostPlace  = 0.03 // of the windows are such a place, at least
	ghostMost   = 0.45 // and at most
	ghostFilled = 0.50 // of its box
)

// ghostQualities are IJG qualities that cameras, phones and messengers use.
var ghostQualities = []int{45, 50, 55, 60, 65, 70, 75, 80, 85}

// zigzag lists the coefficients that are looked at: the lowest without the
// mean, as row and column, with their step at quality 50 (T.81, table K.1).
var zigzag = [][3]int{{0, 1, 11}, {1, 0, 12}, {2, 0, 14}, {1, 1, 12}, {0, 2, 10}, {0, 3, 16}, {1, 2, 14}, {2, 1, 13}, {3, 0, 14}, {0, 4, 24}, {1, 3, 19}, {2, 2, 16}, {3, 1, 17}, {4, 0, 18}}

// Patched looks for one place that was compressed otherwise before.
func Patched(m vision.Image) (vision.Sign, bool) {
	c := m.Coding
	if c == nil {
		return vision.Sign{}, false
	}
	all := transform(c)
	for _, q := range ghostQualities {
		if b, ok := ghost(all, c, q); ok {
			fx, fy := float64(m.W)/float64(m.SourceW), float64(m.H)/float64(m.SourceH)
			side := float64(vision.BlockSide * c.Step)
			return vision.Sign{
				Name: vision.SignPatched, Score: 0.8, Note: "照片里有一块的压缩痕迹和别处不一样，可能是拼上去的。",
				Box: vision.Box{X: int(float64(b.X) * side * fx), Y: int(float64(b.Y) * side * fy), W: int(float64(b.W) * side * fx), H: int(float64(b.H) * side * fy)},
			}, true
		}
	}
	return vision.Sign{}, false
}

// transform is the cosine transform of each block, the coefficients of zigzag
// only.
func transform(c *vision.Coding) []float32 {
	const n = vision.BlockSide
	var base [n][n]float32
	for k := range n {
		scale := math.Sqrt(2.0 / n)
		if k == 0 {
			scale = math.Sqrt(1.0 / n)
		}
		for i := range n {
			base[k][i] = float32(scale * math.Cos(math.Pi/n*(float64(i)+0.5)*float64(k)))
		}
	}
	out := make([]float32, 0, c.W*c.H*len(zigzag))
	for b := range c.W * c.H {
		block := c.Luma[b*n*n:][:n*n]
		var rows [5][n]float32 // cosine over x, up to the fifth
		for k := range rows {
			for y := range n {
				for x := range n {
					rows[k][y] += base[k][x] * float32(block[y*n+x])
				}
			}
		}
		for _, z := range zigzag {
			var v float32
			for y := range n {
				v += base[z[0]][y] * rows[z[1]][y]
			}
			out = append(out, v)
		}
	}
	return out
}

// step is a coefficient's at a quality, by the IJG's rule.
func step(base, quality int) float32 {
	scale := 200 - 2*quality
	if quality < 50 {
		scale = 5000 / quality
	}
	return float32(max(1, (base*scale+50)/100))
}

// ghost judges windows of blocks at one quality.
func ghost(all []float32, c *vision.Coding, quality int) (vision.Box, bool) {
	errs, votes := make([]float32, c.W*c.H), make([]float32, c.W*c.H)
	for i, z := range zigzag {
		t := step(z[2], quality)
		if t < 4 {
			continue
		}
		least, scale := 0.75*t, 1/t // near zero all steps fit
		for b := range errs {
			v := all[b*len(zigzag)+i]
			if v < 0 {
				v = -v
			}
			if v < least {
				continue
			}
			r := v*scale + 0.5
			d := r - float32(int32(r)) - 0.5
			if d < 0 {
				d = -d
			}
			errs[b] += 4 * d // one on the average by chance
			votes[b]++
		}
	}
	return place(windows(errs, votes, c.W, c.H), c.W, c.H)
}

// windows are means over the neighbourhood of each block, NaN where too little
// can tell.
func windows(errs, votes []float32, w, h int) []float64 {
	e, n := summed(errs, w, h), summed(votes, w, h)
	out := make([]float64, w*h)
	for y := range h {
		for x := range w {
			x0, y0, x1, y1 := max(0, x-ghostWindow), max(0, y-ghostWindow), min(w, x+ghostWindow+1), min(h, y+ghostWindow+1)
			at := func(s []float64) float64 {
				return s[y1*(w+1)+x1] - s[y0*(w+1)+x1] - s[y1*(w+1)+x0] + s[y0*(w+1)+x0]
			}
			if k := at(n); k >= ghostLeast {
				out[y*w+x] = at(e) / k
			} else {
				out[y*w+x] = math.NaN()
			}
		}
	}
	return out
}

// summed is the integral picture, one row and column larger.
func summed(v []float32, w, h int) []float64 {
	out := make([]float64, (w+1)*(h+1))
	for y := range h {
		row := 0.0
		for x := range w {
			row += float64(v[y*w+x])
			out[(y+1)*(w+1)+x+1] = out[y*(w+1)+x+1] + row
		}
	}
	return out
}

// place finds the box of what fits while the rest does not.
func place(fit []float64, w, h int) (vision.Box, bool) {
	var rest []float64
	b := bounds{x0: w, y0: h, x1: -1, y1: -1}
	in, all := 0, 0
	for i, f := range fit {
		if math.IsNaN(f) {
			continue
		}
		all++
		if f <= ghostFits {
			in++
			b.add(i%w, i/w)
			continue
		}
		rest = append(rest, f)
	}
	if all < 64 || float64(in) < max(12, ghostPlace*float64(all)) || float64(in) > ghostMost*float64(all) || median(rest) < ghostRest {
		return vision.Box{}, false
	}
	box := vision.Box{X: b.x0, Y: b.y0, W: b.x1 - b.x0 + 1, H: b.y1 - b.y0 + 1}
	return box, float64(in) >= ghostFilled*float64(box.W*box.H)
}

func median(v []float64) float64 {
	if len(v) == 0 {
		return 0
	}
	s := slices.Clone(v)
	slices.Sort(s)
	return s[len(s)/2]
}
