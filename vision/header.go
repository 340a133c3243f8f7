package vision

import (
	"bytes"
	"errors"
	"io"
)

// header is what a walk over a file's structure learns before any pixel is
// decoded.
type header struct {
	format      string // jpeg, png, webp
	w, h        int    // as stored, before orientation
	orientation int    // EXIF 1..8, 0 when absent
	icc         []byte // profile, nil when absent
	progressive bool
	cmyk        bool
	editor      string // a program of editors that names itself, mostly empty
}

// noteEditor keeps the first editor that a piece of metadata names.
func (h *header) noteEditor(metadata []byte) {
	if h.editor == "" {
		h.editor = editorOf(metadata)
	}
}

// A source is the file as it streams in: reads are capped, and all that was
// read is kept for the decoder.
type source struct {
	r     io.Reader
	limit int64
	kept  []byte
	at    int
}

// need makes at least n more bytes available and returns them without
// consuming. Short files give ErrIncomplete, long ones ErrTooBig.
func (s *source) need(n int) ([]byte, error) {
	if err := s.grow(s.at + n); err != nil {
		return nil, err
	}
	if len(s.kept) < s.at+n {
		return nil, refuse(ErrIncomplete, "ends at byte %d", len(s.kept))
	}
	return s.kept[s.at : s.at+n], nil
}

// take is need that consumes.
func (s *source) take(n int) ([]byte, error) {
	b, err := s.need(n)
	if err == nil {
		s.at += n
	}
	return b, err
}

// grow reads until kept holds want bytes or the file ends.
func (s *source) grow(want int) error {
	const step = 64 << 10
	if int64(want) > s.limit {
		return refuse(ErrTooBig, "over %d bytes", s.limit)
	}
	for len(s.kept) < want {
		chunk := max(step, want-len(s.kept))
		have := len(s.kept)
		s.kept = append(s.kept, make([]byte, chunk)...)
		n, err := io.ReadAtLeast(s.r, s.kept[have:], min(chunk, want-have))
		s.kept = s.kept[:have+n]
		if int64(len(s.kept)) > s.limit {
			return refuse(ErrTooBig, "over %d bytes", s.limit)
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil
		}
		if err != nil {
			return &Refusal{Verdict: ErrIncomplete, Detail: err.Error()}
		}
	}
	return nil
}

// rest reads to the end of the file and returns everything from the start.
func (s *source) rest() ([]byte, error) {
	for {
		have := len(s.kept)
		want := min(int64(have+256<<10), s.limit)
		if int64(have) == s.limit { // one byte more would be too big
			var one [1]byte
			if n, _ := io.ReadFull(s.r, one[:]); n > 0 {
				return nil, refuse(ErrTooBig, "over %d bytes", s.limit)
			}
			return s.kept, nil
		}
		if err := s.grow(int(want)); err != nil {
			return nil, err
		}
		if len(s.kept) < int(want) {
			return s.kept, nil
		}
	}
}

// walk recognises the format by its magic bytes, whatever name or type came
// with the file, and checks its structure. When it returns, the whole file is
// in s.kept and is complete.
func walk(s *source, l Limits) (header, error) {
	magic, err := s.need(12)
	if err != nil {
		if errors.Is(err, ErrIncomplete) && !knownStart(s.kept) {
			return header{}, refuse(ErrUnsupported, "%d bytes", len(s.kept))
		}
		return header{}, err
	}
	switch {
	case bytes.HasPrefix(magic, []byte{0xff, 0xd8, 0xff}):
		return walkJPEG(s, l)
	case bytes.HasPrefix(magic, []byte(pngSignature)):
		return walkPNG(s, l)
	case bytes.HasPrefix(magic, []byte("RIFF")) && string(magic[8:12]) == "WEBP":
		return walkWebP(s, l)
	}
	return header{}, refuse(ErrUnsupported, "starts with % x", magic[:4])
}

// knownStart tells a cut-off photo from something else.
func knownStart(b []byte) bool {
	for _, magic := range []string{"\xff\xd8\xff", pngSignature, "RIFF"} {
		if n := min(len(b), len(magic)); n > 0 && string(b[:n]) == magic[:n] {
			return true
		}
	}
	return false
}
