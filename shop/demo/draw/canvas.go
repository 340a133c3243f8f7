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
	runs(img, func(_, n int, c color.RGBA) { counts[c] += n })
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
	runs(img, func(at, n int, c color.RGBA) {
		for i := range n {
			out.Pix[at+i] = nearest[c]
		}
	})
	return out
}

// runs calls with each run of equal pixels: where it begins, counted in pixels
// from the first, and how long it is. Drawings are mostly flat.
func runs(img *image.RGBA, each func(at, n int, c color.RGBA)) {
	at := func(i int) color.RGBA {
		p := img.Pix[4*i : 4*i+4]
		return color.RGBA{p[0], p[1], p[2], p[3]}
	}
	begin := 0
	for i := 1; i <= side*side; i++ {
		if i == side*side || at(i) != at(begin) {
			each(begin, i-begin, at(begin))
			begin = i
		}
	}
}

func rank(c color.RGBA) uint32 { return uint32(c.R)<<16 | uint32(c.G)<<8 | uint32(c.B) }
