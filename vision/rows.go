package vision

import (
	"image"
	"image/color"
)

// rows reads any decoded picture row by row as RGB. Alpha is laid over white,
// as a shop's page shows it; 16 bits are rounded to 8; CMYK is taken by the
// plain formula, since its profile is not applied.
func rows(m image.Image, format string) func(y int, dst []uint8) {
	b := m.Bounds()
	switch src := m.(type) {
	case *image.YCbCr:
		if format == "webp" {
			return func(y int, dst []uint8) { rowStudio(src, nil, b.Min.Y+y, dst) }
		}
		return func(y int, dst []uint8) { rowYCbCr(src, b.Min.Y+y, dst) }
	case *image.NYCbCrA: // WebP only
		return func(y int, dst []uint8) { rowStudio(&src.YCbCr, src.A[y*src.AStride:], b.Min.Y+y, dst) }
	case *image.Gray:
		return func(y int, dst []uint8) {
			for x, v := range src.Pix[y*src.Stride : y*src.Stride+b.Dx()] {
				dst[3*x], dst[3*x+1], dst[3*x+2] = v, v, v
			}
		}
	case *image.RGBA:
		return func(y int, dst []uint8) { row4(src.Pix[y*src.Stride:], dst, true) }
	case *image.NRGBA:
		return func(y int, dst []uint8) { row4(src.Pix[y*src.Stride:], dst, false) }
	default:
		return func(y int, dst []uint8) {
			for x := range b.Dx() {
				r, g, bl := overWhite(m.At(b.Min.X+x, b.Min.Y+y))
				dst[3*x], dst[3*x+1], dst[3*x+2] = r, g, bl
			}
		}
	}
}

// rowYCbCr converts as color.YCbCrToRGB does (JFIF, in 16 bits of fraction),
// but works the chroma out once for the pixels that share it.
func rowYCbCr(src *image.YCbCr, y int, dst []uint8) {
	b := src.Rect
	luma := src.Y[src.YOffset(b.Min.X, y):][:b.Dx()]
	at, shared := src.COffset(b.Min.X, y), chromaWidth(src.SubsampleRatio)
	var red, green, blue int32
	for x, l := range luma {
		if x%shared == 0 {
			u, v := int32(src.Cb[at+x/shared])-128, int32(src.Cr[at+x/shared])-128
			red, green, blue = 91881*v, -22554*u-46802*v, 116130*u
		}
		base := int32(l) * 0x10101
		d := dst[3*x : 3*x+3 : 3*x+3]
		d[0], d[1], d[2] = whole(base+red), whole(base+green), whole(base+blue)
	}
}

// whole drops the fraction and stays in 0..255.
func whole(v int32) uint8 { return uint8(min(255<<16|0xffff, max(0, v)) >> 16) }

// chromaWidth is how many pixels of a row share one chroma sample; decoded
// pictures begin with the first of them.
func chromaWidth(r image.YCbCrSubsampleRatio) int {
	switch r {
	case image.YCbCrSubsampleRatio422, image.YCbCrSubsampleRatio420:
		return 2
	case image.YCbCrSubsampleRatio411, image.YCbCrSubsampleRatio410:
		return 4
	}
	return 1
}

// rowStudio reads VP8 samples, whose luma runs from 16 to 235 (RFC 6386,
// section 9.2), which image.YCbCr does not know. alpha may be nil.
func rowStudio(src *image.YCbCr, alpha []uint8, y int, dst []uint8) {
	b := src.Rect
	for x := range b.Dx() {
		yi, ci := src.YOffset(b.Min.X+x, y), src.COffset(b.Min.X+x, y)
		l := 76309 * (int32(src.Y[yi]) - 16) // 255/219 in 16 bits of fraction
		u, v := int32(src.Cb[ci])-128, int32(src.Cr[ci])-128
		rgb := [3]int32{l + 104597*v, l - 25675*u - 53279*v, l + 132201*u}
		for k, c := range rgb {
			c = min(255, max(0, (c+1<<15)>>16))
			if alpha != nil {
				a := int32(alpha[x])
				c = (c*a+127)/255 + 255 - a
			}
			dst[3*x+k] = uint8(c)
		}
	}
}

// row4 reads pixels of four bytes with alpha, premultiplied or not.
func row4(pix, dst []uint8, premultiplied bool) {
	for i, j := 0, 0; j < len(dst); i, j = i+4, j+3 {
		a := uint32(pix[i+3])
		for k := range 3 {
			v := uint32(pix[i+k])
			if !premultiplied {
				v = (v*a + 127) / 255
			}
			dst[j+k] = uint8(v + 255 - a)
		}
	}
}

func overWhite(c color.Color) (r, g, b uint8) {
	r16, g16, b16, a := c.RGBA()
	round := func(v uint32) uint8 { return uint8(((v+0xffff-a)*255 + 0x7fff) / 0xffff) }
	return round(r16), round(g16), round(b16)
}
