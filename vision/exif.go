package vision

import (
	"bytes"
	"encoding/binary"
)

// orientation reads tag 0x0112 of the first directory of an EXIF block
// (CIPA DC-008). 0 means: none that makes sense. Beside it only the
// name of an editing program is looked for (editorOf); nothing else is kept.
func orientation(b []byte) int {
	b = bytes.TrimPrefix(b, []byte("Exif\x00\x00"))
	if len(b) < 8 {
		return 0
	}
	var order binary.ByteOrder
	switch string(b[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return 0
	}
	at := uint64(order.Uint32(b[4:]))
	if at+2 > uint64(len(b)) {
		return 0
	}
	n := uint64(order.Uint16(b[at:]))
	for i := range n {
		e := at + 2 + 12*i
		if e+12 > uint64(len(b)) {
			return 0
		}
		if order.Uint16(b[e:]) == 0x0112 && order.Uint16(b[e+2:]) == 3 {
			if o := int(order.Uint16(b[e+8:])); o >= 1 && o <= 8 {
				return o
			}
			return 0
		}
	}
	return 0
}

// upright turns a picture stored with the given EXIF orientation.
func upright(m Image, orientation int) Image {
	if orientation < 2 || orientation > 8 {
		return m
	}
	out := m
	if orientation >= 5 { // the sides change places
		out.W, out.H = m.H, m.W
		out.SourceW, out.SourceH = m.SourceH, m.SourceW
	}
	out.Pix = make([]uint8, len(m.Pix))
	for y := range out.H {
		for x := range out.W {
			sx, sy := stored(orientation, x, y, m.W, m.H)
			copy(out.Pix[3*(y*out.W+x):], m.Pix[3*(sy*m.W+sx):3*(sy*m.W+sx)+3])
		}
	}
	return out
}

// stored says where the upright pixel x, y lies in a stored picture of w by h.
func stored(orientation, x, y, w, h int) (int, int) {
	switch orientation {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return y, h - 1 - x
	case 7:
		return w - 1 - y, h - 1 - x
	case 8:
		return w - 1 - y, x
	}
	return x, y
}
