package damage

// blur takes means over square windows; it keeps its room between them.
type blur struct {
	w, h   int
	rows   []float32
	column []float32
}

func newBlur(w, h int) *blur {
	return &blur{w: w, h: h, rows: make([]float32, w*h), column: make([]float32, w)}
}

// mean is the mean over a window of 2*radius+1 pixels a side, by sums that
// move along rows and then down all columns at once; what lies outside is not
// missing: the window shrinks at the border.
func (b *blur) mean(v []float32, radius int) []float32 {
	for y := range b.h {
		alongRow(v[y*b.w:(y+1)*b.w], b.rows[y*b.w:(y+1)*b.w], radius)
	}
	out := make([]float32, len(v))
	clear(b.column)
	for y := range min(b.h, radius) {
		b.enter(y, 1)
	}
	for y := range b.h {
		if y+radius < b.h {
			b.enter(y+radius, 1)
		}
		if y > radius {
			b.enter(y-radius-1, -1)
		}
		scale := 1 / float32(min(b.h-1, y+radius)-max(0, y-radius)+1)
		dst := out[y*b.w : (y+1)*b.w]
		for x, sum := range b.column[:len(dst)] {
			dst[x] = sum * scale
		}
	}
	return out
}

// enter adds a row to the columns' sums, or takes it out again.
func (b *blur) enter(y int, sign float32) {
	for x, v := range b.rows[y*b.w : (y+1)*b.w][:len(b.column)] {
		b.column[x] += sign * v
	}
}

func alongRow(src, dst []float32, radius int) {
	var sum float32
	n := len(src)
	for _, v := range src[:min(n, radius)] {
		sum += v
	}
	for i := range dst {
		if i+radius < n {
			sum += src[i+radius]
		}
		if i > radius {
			sum -= src[i-radius-1]
		}
		dst[i] = sum / float32(min(n-1, i+radius)-max(0, i-radius)+1)
	}
}
