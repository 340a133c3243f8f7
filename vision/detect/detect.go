// Package detect finds things on a photo with a network of the YOLO family
// that drops in by its card: both shapes of output that they use are read, and
// overlapping boxes are suppressed. It imports vision's plain types and
// vision/card.
package detect

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"waggle/vision"
	"waggle/vision/card"
)

// Figures for cards that do not give their own.
const (
	scoreLeast = 0.25 // "score"
	mostShared = 0.45 // "iou": boxes of a label that share more are one thing
	mostBoxes  = 100
)

// Detector holds one network. It is safe for concurrent use.
type Detector struct{ net *card.Network }

// Open loads the network of a card.
func Open(path string, o card.Options) (*Detector, error) {
	net, err := card.Open(path, o, card.Detector)
	if err != nil {
		return nil, fmt.Errorf("detect: %w", err)
	}
	return &Detector{net: net}, nil
}

// Close frees the network; no Find may be running.
func (d *Detector) Close() error { return d.net.Close() }

// Thing is one detection, in pixels of the photo.
type Thing struct {
	Label string
	Score float64
	Box   vision.Box
}

// Find lists the things on a photo, the surest first.
func (d *Detector) Find(ctx context.Context, m vision.Image) ([]Thing, error) {
	seen, err := d.net.Run(ctx, m)
	if err != nil {
		return nil, fmt.Errorf("detect: %w", err)
	}
	all, err := read(seen.Out["boxes"], len(d.net.Card.Labels), d.threshold("score", scoreLeast))
	if err != nil {
		return nil, err
	}
	var out []Thing
	for _, c := range suppress(all, d.threshold("iou", mostShared)) {
		if b, ok := c.onPhoto(seen.Frame, m); ok {
			out = append(out, Thing{Label: d.net.Card.Labels[c.class], Score: c.score, Box: b})
		}
	}
	return out, nil
}

func (d *Detector) threshold(name string, otherwise float64) float64 {
	if v, ok := d.net.Card.Threshold(name); ok {
		return v
	}
	return otherwise
}

// candidate is a box in pixels of the network's input.
type candidate struct {
	x0, y0, x1, y1, score float64
	class                 int
}

// read takes rows of middle, size and scores: [1, n, 5+C] with the score that
// there is a thing at all (v5), or [1, 4+C, n] without it (v8), also the other
// way round.
func read(o card.Output, classes int, least float64) ([]candidate, error) {
	d := o.Dims
	if len(d) != 3 || d[0] != 1 || classes < 1 || len(o.Data) != d[1]*d[2] {
		return nil, fmt.Errorf("detect: %w: boxes %v with %d labels", card.ErrGraph, d, classes)
	}
	n, stride, step, object := d[1], d[2], 1, false
	switch {
	case d[2] == 5+classes:
		object = true
	case d[1] == 4+classes:
		n, stride, step = d[2], 1, d[2]
	case d[2] == 4+classes:
	default:
		return nil, fmt.Errorf("detect: %w: boxes %v with %d labels", card.ErrGraph, d, classes)
	}
	var out []candidate
	for i := range n {
		at := func(k int) float64 { return float64(o.Data[i*stride+k*step]) }
		first, whole := 4, 1.0
		if object {
			first, whole = 5, at(4)
		}
		c := candidate{class: -1, score: least}
		for k := range classes {
			if s := whole * at(first+k); s >= c.score {
				c.score, c.class = s, k
			}
		}
		w, h := at(2)/2, at(3)/2
		if c.class < 0 || !(w > 0) || !(h > 0) || math.IsInf(w+h, 0) || math.IsNaN(at(0)+at(1)) {
			continue
		}
		c.x0, c.y0, c.x1, c.y1 = at(0)-w, at(1)-h, at(0)+w, at(1)+h
		out = append(out, c)
	}
	return out, nil
}

// suppress keeps the surest of overlapping boxes of one label.
func suppress(all []candidate, shared float64) []candidate {
	slices.SortStableFunc(all, func(a, b candidate) int { return cmp.Compare(b.score, a.score) })
	var out []candidate
	for _, c := range all {
		if len(out) == mostBoxes {
			break
		}
		if !slices.ContainsFunc(out, func(k candidate) bool { return k.class == c.class && iou(k, c) > shared }) {
			out = append(out, c)
		}
	}
	return out
}

// iou is what two boxes share of what they cover.
func iou(a, b candidate) float64 {
	w := min(a.x1, b.x1) - max(a.x0, b.x0)
	h := min(a.y1, b.y1) - max(a.y0, b.y0)
	if w <= 0 || h <= 0 {
		return 0
	}
	return w * h / ((a.x1-a.x0)*(a.y1-a.y0) + (b.x1-b.x0)*(b.y1-b.y0) - w*h)
}

// onPhoto puts a box back on the photo; not ok when nothing of it is there.
func (c candidate) onPhoto(f card.Frame, m vision.Image) (vision.Box, bool) {
	x0, y0 := f.Photo(c.x0, c.y0)
	x1, y1 := f.Photo(c.x1, c.y1)
	left, top := int(max(0, math.Round(x0))), int(max(0, math.Round(y0)))
	b := vision.Box{X: left, Y: top, W: int(min(float64(m.W), math.Round(x1))) - left, H: int(min(float64(m.H), math.Round(y1))) - top}
	return b, b.W > 0 && b.H > 0
}
