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
	from, to    int // whole source pixels [from, to)
	first, last float32
}

// spans cuts w pixels into tw equal stretches with the weights of their ends.
func spans(w, tw int) []span {
	out := make([]span, tw)
	for x := range out {
		a, b := float64(x)*float64(w)/float64(tw), float64(x+1)*float64(w)/float64(tw)
		from, to := int(a), min(w, int(b)+1)
		if float64(to-1) >= b-1e-9 && to-1 > from {
			to--
		}
		out[x] = span{from: from, to: to, first: float32(float64(from) + 1 - a), last: float32(b - float64(to-1))}
		if to-from == 1 {
			out[x].first, out[x].last = 1, 1
		}
	}
	return out
}

// average fills dst with the mean colour of each span of line.
func average(line []uint8, dst []float32, columns []span) {
	for x, s := range columns {
		var r, g, b, weight float32
		for i := s.from; i < s.to; i++ {
			k := float32(1)
			if i == s.from {
				k = s.first
			} else if i == s.to-1 {
				k = s.last
			}
			p := line[3*i : 3*i+3]
			r += k * float32(p[0])
			g += k * float32(p[1])
			b += k * float32(p[2])
			weight += k
		}
		dst[3*x], dst[3*x+1], dst[3*x+2] = r/weight, g/weight, b/weight
	}
}

func add(sum, row []float32, weight float32) {
	for i, v := range row {
		sum[i] += weight * v
	}
}

// emit writes the mean and clears the sum.
func emit(dst []uint8, sum []float32, weight float32) {
	for i, v := range sum {
		dst[i] = uint8(min(255, max(0, v/weight+0.5)))
		sum[i] = 0
	}
}
