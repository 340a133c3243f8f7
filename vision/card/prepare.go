package card

import (
	"math"

	"waggle/vision"
)

// Frame says where a photo lies in the network's input, so that what the
// network found can be put back on the photo.
type Frame struct {
	W, H int // of the input
	// X, Y, FilledW and FilledH are the part of the input that shows the photo.
	X, Y, FilledW, FilledH int
	// PhotoX, PhotoY, PhotoW and PhotoH are the part of the photo that is shown.
	PhotoX, PhotoY, PhotoW, PhotoH float64
}

// Photo maps a point of the input, in pixels, to the photo.
func (f Frame) Photo(x, y float64) (px, py float64) {
	return f.PhotoX + (x-float64(f.X))*f.PhotoW/float64(f.FilledW), f.PhotoY + (y-float64(f.Y))*f.PhotoH/float64(f.FilledH)
}

// Prepare makes the input tensor of a photo, in the card's layout.
func (in Input) Prepare(m vision.Image) ([]float32, Frame) {
	f := in.frame(m.W, m.H)
	small := resample(m, f)
	dst := make([]float32, 3*f.W*f.H)
	var gain, shift [3]float32
	for c := range 3 {
		gain[c] = float32(in.Scale / in.Std[c])
		shift[c] = float32(-in.Mean[c] / in.Std[c])
	}
	plane, step := f.W*f.H, 1 // between channels, between pixels
	if in.Layout == NHWC {
		plane, step = 1, 3
	}
	edge := in.Resize == ResizeFit || in.Resize == ResizeHeight
	rows, cols := sources(f.H, f.Y, f.FilledH, edge), sources(f.W, f.X, f.FilledW, edge)
	for c := range 3 {
		k, s := gain[c], shift[c]
		bar := float32(in.Pad)*k + s
		for y, sy := range rows {
			row := dst[c*plane+y*f.W*step:]
			line := small[3*max(0, sy)*f.FilledW+in.channel(c):]
			for x, sx := range cols {
				v := bar
				if sx >= 0 && sy >= 0 {
					v = line[3*sx]*k + s
				}
				row[x*step] = v
			}
		}
	}
	return dst, f
}

// sources are, for each of n pixels of the input, the pixel of the filled
// part that it shows, -1 for none; edge repeats the last one beyond it.
func sources(n, start, filled int, edge bool) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i - start
		if out[i] >= filled {
			out[i] = -1
			if edge {
				out[i] = filled - 1
			}
		}
	}
	return out
}

// channel is the photo's channel that feeds channel c of the input.
func (in Input) channel(c int) int {
	if in.Colour == BGR {
		return 2 - c
	}
	return c
}

func (in Input) frame(w, h int) Frame {
	f := Frame{W: in.Width, H: in.Height, FilledW: in.Width, FilledH: in.Height, PhotoW: float64(w), PhotoH: float64(h)}
	fw, fh := float64(w), float64(h)
	switch in.Resize {
	case ResizeCrop:
		k := math.Max(float64(f.W)/fw, float64(f.H)/fh)
		f.PhotoW, f.PhotoH = float64(f.W)/k, float64(f.H)/k
		f.PhotoX, f.PhotoY = (fw-f.PhotoW)/2, (fh-f.PhotoH)/2
	case ResizeLetterbox:
		k := math.Min(float64(f.W)/fw, float64(f.H)/fh)
		f.FilledW, f.FilledH = pixels(fw*k, f.W), pixels(fh*k, f.H)
		f.X, f.Y = (f.W-f.FilledW)/2, (f.H-f.FilledH)/2
	case ResizeFit:
		k := math.Min(1, float64(in.Longest)/math.Max(fw, fh))
		f.FilledW, f.FilledH = pixels(fw*k, in.Longest), pixels(fh*k, in.Longest)
		f.W, f.H = in.padded(f.FilledW), in.padded(f.FilledH)
	case ResizeHeight:
		f.FilledW = pixels(fw*float64(in.Height)/fh, in.Longest)
		f.W = in.padded(f.FilledW)
	}
	return f
}

func pixels(side float64, most int) int { return max(1, min(most, int(math.Round(side)))) }

func (in Input) padded(n int) int { return (n + in.MultipleOf - 1) / in.MultipleOf * in.MultipleOf }

// resample gives the shown part of the photo at FilledW x FilledH, three
// channels from 0 to 255. It averages with a triangle as wide as one target
// pixel when it makes smaller (no aliasing) and is bilinear when it makes larger.
func resample(m vision.Image, f Frame) []float32 {
	cols := taps(m.W, f.FilledW, f.PhotoX, f.PhotoW)
	rows := taps(m.H, f.FilledH, f.PhotoY, f.PhotoH)
	out := make([]float32, 3*f.FilledW*f.FilledH)
	lines := map[int][]float32{} // source rows, already narrowed
	var free [][]float32
	for y, row := range rows {
		for at, line := range lines { // rows above are done with
			if at < row.from {
				free = append(free, line)
				delete(lines, at)
			}
		}
		dst := out[3*f.FilledW*y : 3*f.FilledW*(y+1)]
		for i, wy := range row.weight {
			line, ok := lines[row.from+i]
			if !ok {
				if len(free) > 0 {
					line, free = free[len(free)-1], free[:len(free)-1]
				} else {
					line = make([]float32, 3*f.FilledW)
				}
				narrow(line, m.Pix[3*m.W*(row.from+i):], cols)
				lines[row.from+i] = line
			}
			for x, v := range line {
				dst[x] += wy * v
			}
		}
	}
	return out
}

func narrow(dst []float32, src []uint8, cols []tap) {
	for x, col := range cols {
		var r, g, b float32
		i := 3 * col.from
		for _, w := range col.weight {
			p := src[i : i+3 : i+3]
			r += w * float32(p[0])
			g += w * float32(p[1])
			b += w * float32(p[2])
			i += 3
		}
		dst[3*x], dst[3*x+1], dst[3*x+2] = r, g, b
	}
}

// tap is the source pixels of one target pixel, with weights that add up to 1.
type tap struct {
	from   int
	weight []float32
}

// taps spreads n target pixels over [start, start+length) of a line of size pixels.
func taps(size, n int, start, length float64) []tap {
	out := make([]tap, n)
	step := length / float64(n)
	reach := math.Max(1, step)
	for x := range out {
		centre := start + (float64(x)+0.5)*step - 0.5
		from := max(0, min(size-1, int(math.Ceil(centre-reach))))
		to := max(from, min(size-1, int(math.Floor(centre+reach))))
		t := tap{from: from, weight: make([]float32, to-from+1)}
		var sum float32
		for i := range t.weight {
			t.weight[i] = float32(math.Max(0, 1-math.Abs(float64(from+i)-centre)/reach))
			sum += t.weight[i]
		}
		if sum == 0 { // beyond the edge: the last pixel
			t.weight[0], sum = 1, 1
		}
		for i := range t.weight {
			t.weight[i] /= sum
		}
		out[x] = t
	}
	return out
}
