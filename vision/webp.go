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
	ancillary, pictures := 0, 0
	for int64(s.at)+8 <= size {
		name, n, err := webpHead(s)
		if err != nil {
			return header{}, err
		}
		switch name {
		case "VP8 ", "VP8L":
			pictures++
			fallthrough
		case "VP8X":
			err = webpSize(name, s, &h, l)
		case "ANIM", "ANMF":
			err = refuse(ErrAnimated, "animated WebP")
		case "ALPH":
		default:
			if ancillary += n; ancillary > l.Ancillary {
				err = refuse(ErrOverloaded, "over %d bytes beside the picture", l.Ancillary)
			}
		}
		if err != nil {
			return header{}, err
		}
		body, err := s.take(n)
		if err != nil {
			return header{}, err
		}
		webpExtra(name, body, &h)
		if n%2 == 1 && int64(s.at) < size { // padding
			if _, err := s.take(1); err != nil {
				return header{}, err
			}
		}
	}
	if pictures != 1 {
		return header{}, refuse(ErrUnreadable, "a WebP with %d pictures", pictures)
	}
	_, err = s.rest()
	return h, err
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
	case "ICCP":
		if len(body) <= maxProfile {
			h.icc = body
		}
	}
}

func int24(b []byte) int { return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 }
