package hostile

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/png"
)

const signature = "\x89PNG\r\n\x1a\n"

// PNG is a good picture.
func PNG(w, h int) []byte { return encoded(Picture(w, h)) }

func encoded(m image.Image) []byte {
	var b bytes.Buffer
	_ = png.Encode(&b, m) // a buffer takes everything
	return b.Bytes()
}

// drawn lays Picture into another kind of picture.
func drawn(dst draw.Image) []byte {
	draw.Draw(dst, dst.Bounds(), Picture(dst.Bounds().Dx(), dst.Bounds().Dy()), image.Point{}, draw.Src)
	return encoded(dst)
}

func deep(w, h int) []byte   { return drawn(image.NewNRGBA64(image.Rect(0, 0, w, h))) }
func grey16(w, h int) []byte { return drawn(image.NewGray16(image.Rect(0, 0, w, h))) }

func paletted(w, h int) []byte {
	return drawn(image.NewPaletted(image.Rect(0, 0, w, h), color.Palette{
		color.NRGBA{200, 30, 30, 255}, color.NRGBA{30, 160, 60, 255}, color.NRGBA{30, 60, 200, 255}, color.White}))
}

func transparent(w, h int) []byte {
	m := Picture(w, h)
	for i := 3; i < len(m.Pix); i += 8 {
		m.Pix[i] = 128
	}
	return encoded(m)
}

// chunk is one PNG chunk with its CRC.
func chunk(name string, body []byte) []byte {
	b := make([]byte, 8, 12+len(body))
	binary.BigEndian.PutUint32(b, uint32(len(body)))
	copy(b[4:], name)
	b = append(b, body...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// WithChunk puts a chunk right behind IHDR.
func WithChunk(file []byte, name string, body []byte) []byte {
	const head = len(signature) + 25
	return join(file[:head], chunk(name, body), file[head:])
}

func ihdr(w, h uint32, depth, kind byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, w)
	b = binary.BigEndian.AppendUint32(b, h)
	return append(b, depth, kind, 0, 0, 0)
}

// pngOf announces a size and carries the given packed data.
func pngOf(w, h uint32, idat []byte) []byte {
	return join([]byte(signature), chunk("IHDR", ihdr(w, h, 8, 2)), chunk("IDAT", idat), chunk("IEND", nil))
}

func pngType(kind byte) []byte {
	return join([]byte(signature), chunk("IHDR", ihdr(8, 8, 8, kind)), chunk("IDAT", zeros(300)), chunk("IEND", nil))
}

func animatedPNG() []byte {
	return WithChunk(PNG(32, 32), "acTL", []byte{0, 0, 0, 2, 0, 0, 0, 0})
}

// zeros packs n of them, as bombs do.
func zeros(n int) []byte {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	piece := make([]byte, 64<<10)
	for left := n; left > 0; left -= len(piece) {
		_, _ = z.Write(piece[:min(left, len(piece))]) // a buffer takes everything
	}
	_ = z.Close()
	return b.Bytes()
}
