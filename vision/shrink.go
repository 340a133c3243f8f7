package vision

// shrink reads rows of w RGB pixels and returns a picture of tw by th by area
// averaging. It holds one source row and one target row at a time, so a huge
// photo is never there in full twice. tw <= w and th <= h.
func shrink(w, h, tw, th int, row func(y int, dst []uint8)) []uint8 {
	out := make([]uint8, 3*tw*th)
	line := make([]uint8, 3*w)
	if tw == w && th == h {
		for y := range h {
			row(y, out[3*w*y:3*w*(y+1)])
		}
		return out
	}
	narrow := make([]float32, 3*tw)
	sum := make([]float32, 3*tw)
	columns := spans(w, tw)
	step := float32(h) / float32(th)
	ty, end := 0, step
	for y := range h {
		row(y, line)
		average(line, narrow, columns)
		below := float32(y+1) - end
		if below < 0 {
			add(sum, narrow, 1)
			continue
		}
		add(sum, narrow, 1-below)
		emit(out[3*tw*ty:3*tw*(ty+1)], sum, step)
		if ty++; ty == th {
			break
		}
		end = step * float32(ty+1)
		add(sum, narrow, below)
	}
	if ty < th { // rounding left the last row open
		emit(out[3*tw*ty:], sum, step)
	}
	return out
}

// span is the stretch of source pixels that one target pixel covers.
type span struct {
	from, to    int    // whole source pixels [from, to)
	first, last uint32 // weights of the ends, of wholePixel; last is 0 where the span is one pixel
	scale       float32
}

// wholePixel is the weight of a pixel that lies wholly in a span: 8,192 pixels
// of 255 stay below 2^31.
const wholePixel = 1 << 10

// spans cuts w pixels into tw equal stretches with the weights of their ends.
func spans(w, tw int) []span {
	out := make([]span, tw)
	for x := range out {
		a, b := float64(x)*float64(w)/float64(tw), float64(x+1)*float64(w)/float64(tw)
		from, to := int(a), min(w, int(b)+1)
		if float64(to-1) >= b-1e-9 && to-1 > from {
			to--
		}
		s := span{from: from, to: to, first: wholePixel}
		if to-from > 1 {
			s.first = uint32((float64(from)+1-a)*wholePixel + 0.5)
			if s.last = uint32((b-float64(to-1))*wholePixel + 0.5); s.last == 0 { // a sliver
				s.to, s.last = to-1, wholePixel
			}
		}
		s.scale = 1 / float32(s.first+s.last+uint32(max(0, s.to-from-2))*wholePixel)
		out[x] = s
	}
	return out
}

// average fills dst with the mean colour of each span of line.
func average(line []uint8, dst []float32, columns []span) {
	for x, s := range columns {
		p := line[3*s.from : 3*s.to]
		r, g, b := s.first*uint32(p[0]), s.first*uint32(p[1]), s.first*uint32(p[2])
		if s.last > 0 {
			q := p[len(p)-3:]
			r, g, b = r+s.last*uint32(q[0]), g+s.last*uint32(q[1]), b+s.last*uint32(q[2])
			for p = p[3:]; len(p) > 3; p = p[3:] {
				r, g, b = r+wholePixel*uint32(p[0]), g+wholePixel*uint32(p[1]), b+wholePixel*uint32(p[2])
			}
		}
		d := dst[3*x : 3*x+3 : 3*x+3]
		// Spans of a picture's side stay below 2^31: signed numbers convert faster.
		d[0], d[1], d[2] = float32(int32(r))*s.scale, float32(int32(g))*s.scale, float32(int32(b))*s.scale
	}
}

func add(sum, row []float32, weight float32) {
	row = row[:len(sum)]
	for i, v := range row {
		sum[i] += weight * v
	}
}

// emit writes the mean and clears the sum.
func emit(dst []uint8, sum []float32, weight float32) {
	scale := 1 / weight
	dst = dst[:len(sum)]
	for i, v := range sum {
		dst[i] = uint8(min(255, int32(v*scale+0.5)))
		sum[i] = 0
	}
}
