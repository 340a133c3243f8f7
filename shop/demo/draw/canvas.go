package main

import (
	"image"
	"image/color"
	"image/draw"
	"slices"

	"golang.org/x/image/vector"
)

// canvas is a picture that is being painted.
type canvas struct{ img *image.RGBA }

func newCanvas(back color.Color) *canvas {
	c := &canvas{image.NewRGBA(image.Rect(0, 0, side, side))}
	draw.Draw(c.img, c.img.Bounds(), image.NewUniform(back), image.Point{}, draw.Src)
	return c
}

// fill paints the polygons with smooth edges. All turn the same way round, so
// that overlapping pieces of a line do not cancel each other.
func (c *canvas) fill(p path, col color.NRGBA) {
	r := vector.NewRasterizer(side, side)
	for _, line := range p {
		if area(line) < 0 {
			line = slices.Clone(line)
			slices.Reverse(line)
		}
		r.MoveTo(float32(line[0].x), float32(line[0].y))
		for _, a := range line[1:] {
			r.LineTo(float32(a.x), float32(a.y))
		}
		r.ClosePath()
	}
	r.Draw(c.img, c.img.Bounds(), image.NewUniform(col), image.Point{})
}

// area is twice the signed area of a polygon.
func area(line []point) float64 {
	var sum float64
	for i, a := range line {
		b := line[(i+1)%len(line)]
		sum += a.x*b.y - b.x*a.y
	}
	return sum
}

// reduced maps a drawing to a palette of its most frequent colours.
func reduced(img *image.RGBA) *image.Paletted {
	counts := make(map[color.RGBA]int)
	for y := range side {
		for x := range side {
			counts[img.RGBAAt(x, y)]++
		}
	}
	colours := make([]color.RGBA, 0, len(counts))
	for c := range counts {
		colours = append(colours, c)
	}
	slices.SortFunc(colours, func(a, b color.RGBA) int {
		if counts[a] != counts[b] {
			return counts[b] - counts[a]
		}
		return int(rank(a)) - int(rank(b))
	})
	const most = 64
	palette := make(color.Palette, 0, most)
	for _, c := range colours[:min(most, len(colours))] {
		palette = append(palette, c)
	}
	out := image.NewPaletted(img.Bounds(), palette)
	nearest := make(map[color.RGBA]uint8, len(counts))
	for c := range counts {
		nearest[c] = uint8(palette.Index(c))
	}
	for y := range side {
		for x := range side {
			out.SetColorIndex(x, y, nearest[img.RGBAAt(x, y)])
		}
	}
	return out
}

func rank(c color.RGBA) uint32 { return uint32(c.R)<<16 | uint32(c.G)<<8 | uint32(c.B) }
