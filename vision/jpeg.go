package vision

import (
	"bytes"
	"encoding/binary"
)

// JPEG markers (ITU-T T.81, table B.1).
const (
	markSOF0 = 0xc0
	markSOF1 = 0xc1
	markSOF2 = 0xc2
	markDHT  = 0xc4
	markJPG  = 0xc8
	markDAC  = 0xcc
	markRST0 = 0xd0
	markSOI  = 0xd8
	markEOI  = 0xd9
	markSOS  = 0xda
	markAPP1 = 0xe1
	markAPP2 = 0xe2
	markAPPD = 0xed
	markAPPF = 0xef
	markCOM  = 0xfe
)

// jpegWalk follows the markers of one file.
type jpegWalk struct {
	s         *source
	l         Limits
	h         header
	seenSOF   bool
	scans     int
	ancillary int
	icc       map[byte][]byte // parts by number
	iccParts  byte
}

// walkJPEG reads markers up to EOI. Bytes behind EOI (motion photos) are
// ignored: what is stored is re-encoded anyway.
func walkJPEG(s *source, l Limits) (header, error) {
	w := &jpegWalk{s: s, l: l, h: header{format: "jpeg"}, icc: map[byte][]byte{}}
	s.at = 2
	for {
		m, err := w.marker()
		if err != nil {
			return header{}, err
		}
		if m == markEOI {
			break
		}
		if err := w.segment(m); err != nil {
			return header{}, err
		}
	}
	if !w.seenSOF || w.scans == 0 {
		return header{}, refuse(ErrUnreadable, "a JPEG without picture")
	}
	w.h.icc = w.profile()
	_, err := s.rest()
	return w.h, err
}

// marker finds the next marker; fill bytes may precede it.
func (w *jpegWalk) marker() (byte, error) {
	b, err := w.s.take(2)
	if err != nil {
		return 0, err
	}
	if b[0] != 0xff {
		return 0, refuse(ErrUnreadable, "no marker at byte %d", w.s.at-2)
	}
	m := b[1]
	for m == 0xff {
		if b, err = w.s.take(1); err != nil {
			return 0, err
		}
		m = b[0]
	}
	return m, nil
}

// segment reads one marker segment and, after SOS, the coded data.
func (w *jpegWalk) segment(m byte) error {
	if m >= markRST0 && m <= markSOI || m == 0x01 {
		return nil // no payload
	}
	b, err := w.s.take(2)
	if err != nil {
		return err
	}
	n := int(binary.BigEndian.Uint16(b)) - 2
	if n < 0 {
		return refuse(ErrUnreadable, "segment length %d", n+2)
	}
	body, err := w.s.take(n)
	if err != nil {
		return err
	}
	switch {
	case m == markSOS:
		return w.scan()
	case m >= markSOF0 && m <= 0xcf && m != markDHT && m != markJPG && m != markDAC:
		return w.frame(m, body)
	case m >= 0xe0 && m <= markAPPF || m == markCOM:
		return w.extra(m, body)
	}
	return nil
}

// frame reads the size; only baseline and progressive Huffman with 8 bits are
// photos.
func (w *jpegWalk) frame(m byte, b []byte) error {
	if m > markSOF2 {
		return refuse(ErrUnsupported, "JPEG process %x", m)
	}
	if w.seenSOF || len(b) < 6 {
		return refuse(ErrUnreadable, "frame header")
	}
	w.seenSOF = true
	if b[0] != 8 {
		return refuse(ErrUnsupported, "JPEG with %d bits", b[0])
	}
	w.h.h, w.h.w = int(binary.BigEndian.Uint16(b[1:])), int(binary.BigEndian.Uint16(b[3:]))
	w.h.progressive, w.h.cmyk = m == markSOF2, b[5] == 4
	if w.h.progressive && w.h.w*w.h.h > w.l.ProgressivePixels {
		return refuse(ErrTooManyPix, "progressive, %d x %d", w.h.w, w.h.h)
	}
	return w.l.size(w.h.w, w.h.h)
}

// extra keeps orientation and profile of the ancillary segments.
func (w *jpegWalk) extra(m byte, b []byte) error {
	if w.ancillary += len(b); w.ancillary > w.l.Ancillary {
		return refuse(ErrOverloaded, "over %d bytes beside the picture", w.l.Ancillary)
	}
	switch {
	case m == markAPP1 && bytes.HasPrefix(b, []byte("Exif\x00\x00")):
		if o := orientation(b[6:]); o != 0 {
			w.h.orientation = o
		}
		w.h.noteEditor(b)
	case m == markAPP1, m == markAPPD, m == markCOM: // XMP, Photoshop's own block, comment
		w.h.noteEditor(b)
	case m == markAPP2 && bytes.HasPrefix(b, []byte("ICC_PROFILE\x00")) && len(b) > 14:
		w.icc[b[12]] = bytes.Clone(b[14:])
		w.iccParts = b[13]
	}
	return nil
}

// scan skips entropy-coded data up to the next marker that ends it.
func (w *jpegWalk) scan() error {
	if w.scans++; w.scans > w.l.Scans {
		return refuse(ErrOverloaded, "over %d scans", w.l.Scans)
	}
	if !w.seenSOF {
		return refuse(ErrUnreadable, "data before the frame header")
	}
	const step = 32 << 10
	for {
		if err := w.s.grow(int(min(int64(w.s.at+step), w.s.limit))); err != nil {
			return err
		}
		data := w.s.kept[w.s.at:]
		if i := scanEnd(data); i >= 0 {
			w.s.at += i
			return nil
		}
		if len(data) < 2 {
			return refuse(ErrIncomplete, "no end of picture")
		}
		w.s.at += len(data) - 1 // the last byte may be the first of a marker
	}
}

// scanEnd is the index of the first marker that is neither stuffing nor a
// restart, or -1.
func scanEnd(b []byte) int {
	for from := 0; ; {
		i := bytes.IndexByte(b[from:], 0xff)
		if i < 0 || from+i+1 >= len(b) {
			return -1
		}
		i += from
		if m := b[i+1]; m != 0 && m != 0xff && (m < markRST0 || m > 0xd7) {
			return i
		}
		from = i + 1
	}
}

// profile joins the ICC parts (ICC.1:2010, annex B.4).
func (w *jpegWalk) profile() []byte {
	var out []byte
	for i := byte(1); i != 0 && i <= w.iccParts; i++ {
		part, ok := w.icc[i]
		if !ok {
			return nil
		}
		out = append(out, part...)
	}
	return out
}
