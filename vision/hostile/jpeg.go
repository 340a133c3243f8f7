package hostile

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"strconv"
)

// Picture is red, green, blue and white squares, in reading order.
func Picture(w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	colours := [4]color.NRGBA{{200, 30, 30, 255}, {30, 160, 60, 255}, {30, 60, 200, 255}, {255, 255, 255, 255}}
	for y := range h {
		for x := range w {
			m.SetNRGBA(x, y, colours[2*y/h*2+2*x/w])
		}
	}
	return m
}

// JPEG is a good photo.
func JPEG(w, h int) []byte {
	var b bytes.Buffer
	_ = jpeg.Encode(&b, Picture(w, h), &jpeg.Options{Quality: 95}) // a buffer takes everything
	return b.Bytes()
}

// WithSegment puts a marker segment right behind the start of a JPEG.
func WithSegment(file []byte, marker byte, body []byte) []byte {
	head := []byte{0xff, marker, 0, 0}
	binary.BigEndian.PutUint16(head[2:], uint16(len(body)+2))
	return join(file[:2], head, body, file[2:])
}

// Exif is a block with an orientation and, as phones write it, a place.
func Exif(orientation uint16) []byte {
	b := []byte("Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x02")
	b = append(b, 0x01, 0x12, 0, 3, 0, 0, 0, 1, byte(orientation>>8), byte(orientation), 0, 0)
	b = append(b, 0x88, 0x25, 0, 4, 0, 0, 0, 1, 0, 0, 0, 99)
	return append(b, "GPS 30.2741 120.1551"...)
}

// Resized overwrites the size in a JPEG's frame header.
func Resized(file []byte, w, h uint16) []byte {
	out := bytes.Clone(file)
	i := bytes.Index(out, []byte{0xff, 0xc0})
	binary.BigEndian.PutUint16(out[i+5:], h)
	binary.BigEndian.PutUint16(out[i+7:], w)
	return out
}

// CMYK is a JPEG of four channels, written by hand because no encoder at hand
// makes one: all coefficients are zero, one bit each for "no difference" and
// "end of block", so that every place of 8 x 8 pixels is one zero byte.
func CMYK(w, h int) []byte {
	frame := []byte{8, byte(h >> 8), byte(h), byte(w >> 8), byte(w), 4}
	scan := []byte{4}
	for c := byte(1); c <= 4; c++ {
		frame = append(frame, c, 0x11, 0)
		scan = append(scan, c, 0)
	}
	oneCode := append([]byte{1}, make([]byte, 16)...) // one code of one bit, for the symbol 0
	segment := func(marker byte, body []byte) []byte {
		return join([]byte{0xff, marker, byte((len(body) + 2) >> 8), byte(len(body) + 2)}, body)
	}
	return join(
		[]byte{0xff, 0xd8},
		segment(0xee, []byte("Adobe\x00\x64\x00\x00\x00\x00\x00")),
		segment(0xdb, append([]byte{0}, bytes.Repeat([]byte{1}, 64)...)),
		segment(0xc0, frame),
		segment(0xc4, append([]byte{0x00}, oneCode...)),
		segment(0xc4, append([]byte{0x10}, oneCode...)),
		segment(0xda, append(scan, 0, 63, 0)),
		make([]byte, (w+7)/8*((h+7)/8)),
		[]byte{0xff, 0xd9},
	)
}

func processed(file []byte, marker byte) []byte {
	return bytes.Replace(file, []byte{0xff, 0xc0}, []byte{0xff, marker}, 1)
}

func precision(file []byte, bits byte) []byte {
	out := bytes.Clone(file)
	out[bytes.Index(out, []byte{0xff, 0xc0})+4] = bits
	return out
}

func withComments(file []byte, n int) []byte {
	for range n {
		file = WithSegment(file, 0xfe, make([]byte, 65533))
	}
	return file
}

func withProfileParts(file []byte, n int) []byte {
	for i := range n {
		file = WithSegment(file, 0xe2, join([]byte("ICC_PROFILE\x00"), []byte{byte(i + 1), byte(n)}, make([]byte, 65000)))
	}
	return file
}

// scans repeats the same progressive scan.
func scans(n int) []byte {
	file := processed(JPEG(64, 48), 0xc2)
	from := bytes.Index(file, []byte{0xff, 0xda})
	scan := file[from : len(file)-2]
	return join(file[:from], bytes.Repeat(scan, n), file[len(file)-2:])
}

func doubled(file []byte) []byte {
	from := bytes.Index(file, []byte{0xff, 0xc0})
	n := 2 + int(binary.BigEndian.Uint16(file[from+2:]))
	return join(file[:from+n], file[from:])
}

// circular is a directory whose next one is itself.
func circular() []byte {
	return []byte("Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x0f\x01\x02\x00\x01\x00\x00\x00\x08\x00\x00\x00\x08\x00\x00\x00")
}

func profileOutside() []byte {
	b := make([]byte, 132+12)
	copy(b[16:], "RGB XYZ ")
	copy(b[36:], "acsp")
	b[131] = 1
	copy(b[132:], "rXYZ\xff\xff\xff\xf0\xff\xff\xff\xff")
	return b
}

func withoutTables(file []byte) []byte {
	before, _, _ := bytes.Cut(file, []byte{0xff, 0xc4})
	_, after, _ := bytes.Cut(file, []byte{0xff, 0xda})
	return join(before, []byte{0xff, 0xda}, after)
}

func flipped(b []byte, at int) []byte {
	out := bytes.Clone(b)
	out[at] ^= 0x10
	return out
}

func percent(n int) string { return strconv.Itoa(n) + " %" }

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
