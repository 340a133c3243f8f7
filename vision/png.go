package vision

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"
)

const pngSignature = "\x89PNG\r\n\x1a\n"

// walkPNG reads the chunks up to IEND (W3C PNG, third edition). APNG is
// refused, and so are pictures whose data could not be a photo's.
func walkPNG(s *source, l Limits) (header, error) {
	h := header{format: "png"}
	s.at = len(pngSignature)
	ihdr, err := s.take(8 + 13 + 4)
	if err != nil {
		return header{}, err
	}
	raw, err := pngSize(ihdr, &h, l)
	if err != nil {
		return header{}, err
	}
	ancillary, idat := 0, 0
	for {
		name, body, err := pngChunk(s)
		if err != nil {
			return header{}, err
		}
		switch name {
		case "IEND":
			if idat == 0 {
				return header{}, refuse(ErrUnreadable, "a PNG without picture")
			}
			if raw > 1<<20 && raw/idat > l.Ratio {
				return header{}, refuse(ErrOverloaded, "%d bytes of pixels in %d", raw, idat)
			}
			_, err := s.rest()
			return h, err
		case "IDAT":
			idat += len(body)
		case "PLTE":
		case "acTL", "fcTL", "fdAT":
			return header{}, refuse(ErrAnimated, "APNG")
		default:
			if ancillary += len(body); ancillary > l.Ancillary {
				return header{}, refuse(ErrOverloaded, "over %d bytes beside the picture", l.Ancillary)
			}
			pngExtra(name, body, &h)
		}
	}
}

// pngSize reads IHDR and returns the number of bytes of the unpacked pixels.
func pngSize(b []byte, h *header, l Limits) (int, error) {
	if binary.BigEndian.Uint32(b) != 13 || string(b[4:8]) != "IHDR" {
		return 0, refuse(ErrUnreadable, "no IHDR")
	}
	w, ht := binary.BigEndian.Uint32(b[8:]), binary.BigEndian.Uint32(b[12:])
	h.w, h.h = int(min(w, 1<<30)), int(min(ht, 1<<30))
	if err := l.size(h.w, h.h); err != nil {
		return 0, err
	}
	channels, ok := map[byte]int{0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[b[17]]
	if !ok {
		return 0, refuse(ErrUnreadable, "colour type %d", b[17])
	}
	return h.h * (1 + (h.w*channels*int(b[16])+7)/8), nil
}

func pngChunk(s *source) (string, []byte, error) {
	head, err := s.take(8)
	if err != nil {
		return "", nil, err
	}
	n := binary.BigEndian.Uint32(head)
	if n > 1<<31-1 {
		return "", nil, refuse(ErrUnreadable, "chunk length %d", n)
	}
	name := string(head[4:8])
	if int64(n) > s.limit {
		return "", nil, refuse(ErrTooBig, "chunk %q of %d bytes", name, n)
	}
	body, err := s.take(int(n) + 4)
	if err != nil {
		return "", nil, err
	}
	return name, body[:n], nil
}

func pngExtra(name string, body []byte, h *header) {
	switch name {
	case "eXIf":
		h.orientation = orientation(body)
		h.noteEditor(body)
	case "tEXt", "iTXt": // compressed text is not unpacked
		h.noteEditor(body)
	case "iCCP":
		_, packed, ok := bytes.Cut(body, []byte{0})
		if ok && len(packed) > 1 && packed[0] == 0 {
			h.icc = unpack(packed[1:])
		}
	}
}

// unpack inflates a profile of at most maxProfile bytes; longer is not used.
func unpack(packed []byte) []byte {
	z, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil
	}
	out, err := io.ReadAll(io.LimitReader(z, maxProfile+1))
	if err != nil || len(out) > maxProfile {
		return nil
	}
	return out
}
