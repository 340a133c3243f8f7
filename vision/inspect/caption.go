package inspect

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gomedium"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// The inks of evidence pictures.
var (
	inkItem   = color.RGBA{255, 255, 255, 255}
	inkDamage = color.RGBA{230, 30, 30, 255}
	inkReview = color.RGBA{250, 170, 0, 255}
	inkText   = color.RGBA{20, 20, 20, 255}
	inkPaper  = color.RGBA{255, 255, 255, 255}
)

// The typeface comes with golang.org/x/image and has Latin letters only:
// captions are labels and figures, the sentences are in the findings.
var typeface = sync.OnceValues(func() (*opentype.Font, error) { return opentype.Parse(gomedium.TTF) })

// face is the typeface at a size in pixels.
func face(size int) (font.Face, error) {
	f, err := typeface()
	if err != nil {
		return nil, fmt.Errorf("inspect: typeface: %w", err)
	}
	return opentype.NewFace(f, &opentype.FaceOptions{Size: float64(size), DPI: 72, Hinting: font.HintingFull})
}

// write puts a line of text with its top left corner at x, y and returns how
// wide it is.
func write(dst *image.RGBA, f font.Face, x, y int, ink color.Color, text string) int {
	d := font.Drawer{Dst: dst, Src: image.NewUniform(ink), Face: f, Dot: fixed.P(x, y+f.Metrics().Ascent.Ceil())}
	d.DrawString(text)
	return d.Dot.X.Ceil() - x
}

// label is text on a filled ground, kept inside the picture.
func label(dst *image.RGBA, f font.Face, x, y int, ground color.Color, text string) {
	w, h := font.MeasureString(f, text).Ceil()+8, f.Metrics().Height.Ceil()+2
	x = max(dst.Rect.Min.X, min(x, dst.Rect.Max.X-w))
	y = max(dst.Rect.Min.Y, min(y, dst.Rect.Max.Y-h))
	fill(dst, image.Rect(x, y, x+w, y+h), ground)
	write(dst, f, x+4, y+1, color.White, text)
}

func fill(dst *image.RGBA, r image.Rectangle, ink color.Color) {
	draw.Draw(dst, r.Intersect(dst.Rect), image.NewUniform(ink), image.Point{}, draw.Src)
}
