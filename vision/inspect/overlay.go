package inspect

import (
	"image"
	"image/color"
	"image/draw"

	"waggle/vision"
)

// Overlay draws the item's box in white and each spot of damage in red over a
// copy of the photo.
func Overlay(photo vision.Image, r vision.Report) *image.RGBA {
	out := photo.RGBA()
	wide := max(2, photo.Long()/200)
	frame(out, r.Item, wide/2, color.RGBA{255, 255, 255, 255})
	for _, s := range r.Damage.Spots {
		frame(out, s.Box, wide, color.RGBA{220, 20, 20, 255})
	}
	return out
}

func frame(dst *image.RGBA, b vision.Box, wide int, c color.RGBA) {
	if b.W <= 0 || b.H <= 0 {
		return
	}
	ink := image.NewUniform(c)
	x0, y0, x1, y1 := b.X, b.Y, b.X+b.W, b.Y+b.H
	for _, side := range []image.Rectangle{
		image.Rect(x0-wide, y0-wide, x1+wide, y0), image.Rect(x0-wide, y1, x1+wide, y1+wide),
		image.Rect(x0-wide, y0, x0, y1), image.Rect(x1, y0, x1+wide, y1),
	} {
		draw.Draw(dst, side.Intersect(dst.Bounds()), ink, image.Point{}, draw.Src)
	}
}
