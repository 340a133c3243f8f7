package ocr

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"waggle/vision"
	"waggle/vision/card"
)

// Figures of DBNet's post-processing (Liao 2020, section 3.4), for cards that
// do not give their own: the network is trained on shrunk text, so that what
// is found is grown by area x ratio / outline.
const (
	pixelLeast  = 0.3 // "pixel": probability that a pixel is text
	boxLeast    = 0.6 // "box": mean over the place
	unclipRatio = 1.5 // "unclip"
	sideLeast   = 3.0 // pixels of the map
)

// A place is a turned rectangle on the photo: middle, direction of its longer
// reading side, half width and half height.
type place struct {
	x, y, cos, sin, w, h float64
}

func (r *Reader) threshold(name string, otherwise float64) float64 {
	if v, ok := r.detector.Card.Threshold(name); ok {
		return v
	}
	return otherwise
}

// boxes finds the connected places of the map, top to bottom.
func (r *Reader) boxes(seen card.Result) ([]place, error) {
	o := seen.Out["map"]
	if d := o.Dims; len(d) != 4 || d[0] != 1 || d[1] != 1 || len(o.Data) != d[2]*d[3] {
		return nil, fmt.Errorf("ocr: %w: map %v", card.ErrGraph, o.Dims)
	}
	h, w := o.Dims[2], o.Dims[3]
	pixel, box, ratio := r.threshold("pixel", pixelLeast), r.threshold("box", boxLeast), r.threshold("unclip", unclipRatio)
	scale := float64(seen.Frame.W) / float64(w)
	done := make([]bool, len(o.Data))
	var out []place
	for i, p := range o.Data {
		if done[i] || float64(p) < pixel {
			continue
		}
		region, mean := flood(o.Data, w, h, i, pixel, done)
		b := enclose(region, w)
		if mean < box || 2*min(b.w, b.h) < sideLeast {
			continue
		}
		grow := 2 * b.w * 2 * b.h * ratio / (4 * (b.w + b.h))
		b.w, b.h = b.w+grow, b.h+grow
		out = append(out, b.onPhoto(seen.Frame, scale))
	}
	slices.SortStableFunc(out, func(a, b place) int {
		return cmp.Or(cmp.Compare(math.Round(a.y/8), math.Round(b.y/8)), cmp.Compare(a.x, b.x))
	})
	return out, nil
}

func flood(m []float32, w, h, start int, pixel float64, done []bool) (region []int, mean float64) {
	region = []int{start}
	done[start] = true
	for at := 0; at < len(region); at++ {
		mean += float64(m[region[at]])
		x, y := region[at]%w, region[at]/w
		for v := max(0, y-1); v <= min(h-1, y+1); v++ {
			for u := max(0, x-1); u <= min(w-1, x+1); u++ {
				if j := v*w + u; !done[j] && float64(m[j]) >= pixel {
					done[j] = true
					region = append(region, j)
				}
			}
		}
	}
	return region, mean / float64(len(region))
}

// enclose is the rectangle along the region's own axes, its longer side
// turned to the right.
func enclose(region []int, w int) place {
	var mx, my, xx, yy, xy float64
	n := float64(len(region))
	for _, i := range region {
		mx, my = mx+(float64(i%w)+0.5)/n, my+(float64(i/w)+0.5)/n
	}
	for _, i := range region {
		dx, dy := float64(i%w)+0.5-mx, float64(i/w)+0.5-my
		xx, yy, xy = xx+dx*dx, yy+dy*dy, xy+dx*dy
	}
	angle := math.Atan2(2*xy, xx-yy) / 2 // from -90 to 90 degrees: never upside down
	if angle < -5*math.Pi/12 {
		angle += math.Pi // what stands upright is read from top to bottom
	}
	b := place{cos: math.Cos(angle), sin: math.Sin(angle)}
	u0, u1, v0, v1 := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	for _, i := range region {
		dx, dy := float64(i%w)+0.5-mx, float64(i/w)+0.5-my
		u, v := b.cos*dx+b.sin*dy, b.cos*dy-b.sin*dx
		u0, u1, v0, v1 = min(u0, u), max(u1, u), min(v0, v), max(v1, v)
	}
	b.w, b.h = (u1-u0+1)/2, (v1-v0+1)/2
	b.x, b.y = mx+b.cos*(u0+u1)/2-b.sin*(v0+v1)/2, my+b.sin*(u0+u1)/2+b.cos*(v0+v1)/2
	return b
}

// onPhoto moves a place of the map, whose pixels are scale wide, to the photo.
func (b place) onPhoto(f card.Frame, scale float64) place {
	kx, ky := f.PhotoW/float64(f.FilledW), f.PhotoH/float64(f.FilledH)
	b.x, b.y = f.Photo(b.x*scale, b.y*scale)
	b.w, b.h = b.w*scale*math.Hypot(b.cos*kx, b.sin*ky), b.h*scale*math.Hypot(b.sin*kx, b.cos*ky)
	return b
}

// cut takes the place out of the photo, text from left to right.
func (b place) cut(m vision.Image) vision.Image {
	const most = 2048
	w, h := int(min(most, math.Round(2*b.w))), int(min(most, math.Round(2*b.h)))
	out := vision.Image{W: max(1, w), H: max(1, h)}
	out.SourceW, out.SourceH = out.W, out.H
	out.Pix = make([]uint8, 3*out.W*out.H)
	for y := range out.H {
		for x := range out.W {
			u, v := float64(x)+0.5-float64(out.W)/2, float64(y)+0.5-float64(out.H)/2
			sx := min(m.W-1, max(0, int(b.x+b.cos*u-b.sin*v)))
			sy := min(m.H-1, max(0, int(b.y+b.sin*u+b.cos*v)))
			copy(out.Pix[3*(y*out.W+x):3*(y*out.W+x)+3], m.Pix[3*(sy*m.W+sx):])
		}
	}
	return out
}

// bounds is the upright box around a place, inside the photo.
func (b place) bounds(m vision.Image) vision.Box {
	dx, dy := math.Abs(b.cos)*b.w+math.Abs(b.sin)*b.h, math.Abs(b.sin)*b.w+math.Abs(b.cos)*b.h
	x0, y0 := max(0, int(b.x-dx)), max(0, int(b.y-dy))
	return vision.Box{X: x0, Y: y0, W: max(0, min(m.W, int(b.x+dx)+1)-x0), H: max(0, min(m.H, int(b.y+dy)+1)-y0)}
}
