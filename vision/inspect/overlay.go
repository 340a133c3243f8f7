package inspect

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"strings"

	"waggle/vision"
	"waggle/vision/damage"
	"waggle/vision/opencv"
)

// overlaySide is the longest side of an overlay.
const overlaySide = 1280

// Overlay draws what was found over a copy of the photo: the item's outline
// in white, damage in red, signs of editing in amber; with figures also the
// type, score and severity of each place, and the verdicts in a line below.
// places marks damage per pixel and may be empty: then the boxes alone show it.
func (in *Inspector) Overlay(ctx context.Context, photo vision.Image, found []vision.Finding, places vision.Mask, words vision.Captions) (*image.RGBA, error) {
	if err := in.enter(ctx); err != nil {
		return nil, err
	}
	defer in.leave()
	m := photo.Fit(overlaySide)
	item, sure, err := opencv.Item(m.Fit(workSide))
	if err != nil {
		return nil, fmt.Errorf("inspect: %w", err)
	}
	size := max(14, m.Long()/48)
	f, err := face(size)
	if err != nil {
		return nil, err
	}
	below := 2 * size
	if !words {
		below = 0
	}
	out := image.NewRGBA(image.Rect(0, 0, m.W, m.H+below))
	fill(out, out.Rect, inkPaper)
	copyTo(out, image.Point{}, m)
	if sure {
		outline(out, item.Resize(m.W, m.H), inkItem, max(1, size/10))
	}
	if len(places.Pix) > 0 {
		outline(out, places.Resize(m.W, m.H), inkDamage, max(1, size/10))
	}
	for _, s := range found {
		ink := inkDamage
		switch {
		case s.Box.W <= 0 || s.Box.H <= 0:
			continue
		case s.Kind == vision.KindOrigin:
			ink = inkReview
		case s.Kind != vision.KindDamage || s.Label == vision.LabelIntact || s.Label == vision.LabelCannotSee:
			continue
		}
		b := scaled(s.Box, photo, m)
		frame(out, b, max(2, size/8), ink)
		if !words {
			continue
		}
		label(out, f, b.X, b.Y-f.Metrics().Height.Ceil()-4, ink, strings.TrimSpace(fmt.Sprintf("%s %.2f %s", s.Label, s.Score, s.Severity)))
	}
	if words {
		write(out, f, size/2, m.H+size/3, inkText, summary(found))
	}
	return out, nil
}

// places marks where a judgement sees damage.
func places(j damage.Judgement) vision.Mask {
	m := vision.Mask{Pix: make([]uint8, len(j.Damage)), W: j.W, H: j.H}
	for i, p := range j.Damage {
		if float64(p) >= j.Limits.Pixel {
			m.Pix[i] = 255
		}
	}
	return m
}

// summary is one line of labels.
func summary(found []vision.Finding) string {
	var parts []string
	for _, s := range found {
		if n := len(parts); n == 0 || !strings.HasPrefix(parts[n-1], s.Kind+" "+s.Label) {
			parts = append(parts, s.Kind+" "+s.Label)
		}
	}
	return strings.Join(parts, "  |  ")
}

// copyTo lays a photo into a picture.
func copyTo(dst *image.RGBA, at image.Point, m vision.Image) {
	for y := range m.H {
		row := dst.Pix[dst.PixOffset(at.X, at.Y+y):]
		for x := range m.W {
			p := m.Pix[3*(y*m.W+x):]
			row[4*x], row[4*x+1], row[4*x+2], row[4*x+3] = p[0], p[1], p[2], 255
		}
	}
}

// outline draws the rim of a mask.
func outline(dst *image.RGBA, m vision.Mask, ink color.Color, wide int) {
	for y := range m.H {
		for x := range m.W {
			if m.Pix[y*m.W+x] < 128 {
				continue
			}
			if x == 0 || y == 0 || x == m.W-1 || y == m.H-1 || m.Pix[y*m.W+x-1] < 128 || m.Pix[y*m.W+x+1] < 128 || m.Pix[(y-1)*m.W+x] < 128 || m.Pix[(y+1)*m.W+x] < 128 {
				fill(dst, image.Rect(x-wide/2, y-wide/2, x-wide/2+wide, y-wide/2+wide), ink)
			}
		}
	}
}

// frame draws the four sides of a box around it.
func frame(dst *image.RGBA, b vision.Box, wide int, ink color.Color) {
	x0, y0, x1, y1 := b.X, b.Y, b.X+b.W, b.Y+b.H
	for _, side := range []image.Rectangle{
		image.Rect(x0-wide, y0-wide, x1+wide, y0), image.Rect(x0-wide, y1, x1+wide, y1+wide),
		image.Rect(x0-wide, y0, x0, y1), image.Rect(x1, y0, x1+wide, y1),
	} {
		fill(dst, side, ink)
	}
}
