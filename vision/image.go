package vision

import (
	"image"
	"image/color"
	"image/jpeg"
	"io"
)

// Profile says how far the colours of an Image can be trusted.
type Profile string

// The profiles.
const (
	ProfileAssumed   Profile = "assumed"   // no profile in the file: sRGB taken for granted
	ProfileSRGB      Profile = "srgb"      // the file says sRGB
	ProfileConverted Profile = "converted" // another RGB profile, converted to sRGB
	ProfileUnknown   Profile = "unknown"   // CMYK or a profile that cannot be applied: no colour verdicts
)

// Image is a decoded photo: upright, 8-bit sRGB, free of everything but its
// pixels. It is read-only and may be shared.
type Image struct {
	// Pix holds W*H pixels of red, green, blue, row by row.
	Pix  []uint8
	W, H int
	// SourceW and SourceH are the upright size of the file; Decode keeps no
	// more than Limits.KeepSide of it.
	SourceW, SourceH int
	// Format is jpeg, png or webp.
	Format  string
	Profile Profile
	// Editor is an editing program that named itself in the file, mostly empty.
	Editor string
	// Coding is a sample of a JPEG's blocks as they were coded, nil elsewhere.
	Coding *Coding
}

// Long is the longer side in pixels.
func (m Image) Long() int { return max(m.W, m.H) }

// At returns one pixel; x and y must lie inside.
func (m Image) At(x, y int) (r, g, b uint8) {
	i := 3 * (y*m.W + x)
	return m.Pix[i], m.Pix[i+1], m.Pix[i+2]
}

// JPEG writes the photo anew, without any metadata. This, never the
// original, is what may be stored and shown.
func (m Image) JPEG(w io.Writer) error {
	return jpeg.Encode(w, m.RGBA(), &jpeg.Options{Quality: 90})
}

// RGBA copies the photo into the standard library's form.
func (m Image) RGBA() *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, m.W, m.H))
	for i, j := 0, 0; i < len(m.Pix); i, j = i+3, j+4 {
		out.Pix[j], out.Pix[j+1], out.Pix[j+2], out.Pix[j+3] = m.Pix[i], m.Pix[i+1], m.Pix[i+2], 255
	}
	return out
}

// FromImage makes an Image of a picture drawn or decoded elsewhere by code
// of ours. Pictures from strangers go through Decode.
func FromImage(src image.Image) Image {
	b := src.Bounds()
	m := Image{W: b.Dx(), H: b.Dy(), SourceW: b.Dx(), SourceH: b.Dy(), Profile: ProfileAssumed}
	m.Pix = make([]uint8, 0, 3*m.W*m.H)
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			c := color.RGBAModel.Convert(src.At(x, y)).(color.RGBA)
			m.Pix = append(m.Pix, c.R, c.G, c.B)
		}
	}
	return m
}

// Fit returns the photo with its longer side at most side pixels, by area
// averaging. A photo that fits already is returned as it is.
func (m Image) Fit(side int) Image {
	if m.Long() <= side {
		return m
	}
	w, h := fitted(m.W, m.H, side)
	out := m
	out.W, out.H = w, h
	out.Pix = shrink(m.W, m.H, w, h, func(y int, dst []uint8) { copy(dst, m.Pix[3*m.W*y:3*m.W*(y+1)]) })
	return out
}

// Mask marks pixels of a photo of the same size, 0 to 255.
type Mask struct {
	Pix  []uint8
	W, H int
}

// Share is the part of the picture that is marked, from 0 to 1.
func (m Mask) Share() float64 {
	if len(m.Pix) == 0 {
		return 0
	}
	var n int
	for _, p := range m.Pix {
		n += int(p)
	}
	return float64(n) / float64(255*len(m.Pix))
}

// Bounds is the smallest box around pixels above one half.
func (m Mask) Bounds() Box {
	x0, y0, x1, y1 := m.W, m.H, -1, -1
	for i, p := range m.Pix {
		if p > 127 {
			x, y := i%m.W, i/m.W
			x0, y0, x1, y1 = min(x0, x), min(y0, y), max(x1, x), max(y1, y)
		}
	}
	if x1 < 0 {
		return Box{}
	}
	return Box{X: x0, Y: y0, W: x1 - x0 + 1, H: y1 - y0 + 1}
}

// Resize samples the mask at another size (nearest pixel).
func (m Mask) Resize(w, h int) Mask {
	out := Mask{Pix: make([]uint8, w*h), W: w, H: h}
	for y := range h {
		row := m.Pix[y*m.H/h*m.W:]
		for x := range w {
			out.Pix[y*w+x] = row[x*m.W/w]
		}
	}
	return out
}

// fitted scales w and h so that the longer becomes side.
func fitted(w, h, side int) (int, int) {
	if long := max(w, h); long > side {
		return max(1, (w*side+long/2)/long), max(1, (h*side+long/2)/long)
	}
	return w, h
}
