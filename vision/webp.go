package vision

import "encoding/binary"

// walkWebP reads the RIFF chunks (RFC 9649). Animations are refused.
func walkWebP(s *source, l Limits) (header, error) {
	h := header{format: "webp"}
	head, err := s.take(12)
	if err != nil {
		return header{}, err
	}
	size := int64(binary.LittleEndian.Uint32(head[4:])) + 8
	if size > s.limit {
		return header{}, refuse(ErrTooBig, "RIFF of %d bytes", size)
	}
	w := &webpWalk{s: s, l: l, h: h}
	for int64(s.at)+8 <= size {
		if err := w.chunk(size); err != nil {
			return header{}, err
		}
	}
	if w.pictures != 1 {
		return header{}, refuse(ErrUnreadable, "a WebP with %d pictures", w.pictures)
	}
	_, err = s.rest()
	return w.h, err
}

// webpWalk follows the chunks of one file.
type webpWalk struct {
	s                   *source
	l                   Limits
	h                   header
	ancillary, pictures int
}

// chunk reads one chunk and its padding; size is where the file ends.
func (w *webpWalk) chunk(size int64) error {
	name, n, err := webpHead(w.s)
	if err != nil {
		return err
	}
	switch name {
	case "VP8 ", "VP8L":
		w.pictures++
		fallthrough
	case "VP8X":
		err = webpSize(name, w.s, &w.h, w.l)
	case "ANIM", "ANMF":
		err = refuse(ErrAnimated, "animated WebP")
	case "ALPH":
	default:
		if w.ancillary += n; w.ancillary > w.l.Ancillary {
			err = refuse(ErrOverloaded, "over %d bytes beside the picture", w.l.Ancillary)
		}
	}
	if err != nil {
		return err
	}
	body, err := w.s.take(n)
	if err != nil {
		return err
	}
	webpExtra(name, body, &w.h)
	if n%2 == 1 && int64(w.s.at) < size {
		_, err = w.s.take(1)
	}
	return err
}

// webpHead reads the name and the length of a chunk.
func webpHead(s *source) (string, int, error) {
	head, err := s.take(8)
	if err != nil {
		return "", 0, err
	}
	name, n := string(head[:4]), int64(binary.LittleEndian.Uint32(head[4:]))
	if n > s.limit {
		return "", 0, refuse(ErrTooBig, "chunk %q of %d bytes", name, n)
	}
	return name, int(n), nil
}

// webpSize reads the dimensions at the start of a picture chunk, before the
// rest of it has arrived.
func webpSize(name string, s *source, h *header, l Limits) error {
	b, err := s.need(10)
	if err != nil {
		return err
	}
	switch name {
	case "VP8X":
		if b[0]&0x02 != 0 {
			return refuse(ErrAnimated, "animated WebP")
		}
		h.w, h.h = 1+int24(b[4:]), 1+int24(b[7:])
	case "VP8L":
		if b[0] != 0x2f {
			return refuse(ErrUnreadable, "VP8L signature")
		}
		bits := binary.LittleEndian.Uint32(b[1:])
		h.w, h.h = int(bits&0x3fff)+1, int(bits>>14&0x3fff)+1
	default:
		if b[3] != 0x9d || b[4] != 0x01 || b[5] != 0x2a {
			return refuse(ErrUnreadable, "VP8 start code")
		}
		h.w = int(binary.LittleEndian.Uint16(b[6:]) & 0x3fff)
		h.h = int(binary.LittleEndian.Uint16(b[8:]) & 0x3fff)
	}
	return l.size(h.w, h.h)
}

func webpExtra(name string, body []byte, h *header) {
	switch name {
	case "EXIF":
		h.orientation = orientation(body)
		h.noteEditor(body)
	case "XMP ":
		h.noteEditor(body)
	case "ICCP":
		if len(body) <= maxProfile {
			h.icc = body
		}
	}
}

func int24(b []byte) int { return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 }
