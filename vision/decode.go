package vision

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"time"

	"golang.org/x/image/webp"
)

// Decode reads one photo from a stranger: bounded bytes, magic, header and
// structure first, then the pixels under a deadline, upright and in sRGB. All
// errors are *Refusal. It holds no lock; Intake bounds how many run at once.
func Decode(r io.Reader, l Limits) (Image, error) {
	raw, h, err := read(r, l)
	if err != nil {
		return Image{}, err
	}
	return raw.decode(h, l)
}

// file is a whole file whose structure was checked.
type file []byte

// read takes the whole file in and walks its structure.
func read(r io.Reader, l Limits) (file, header, error) {
	s := &source{r: r, limit: l.Bytes}
	h, err := walk(s, l)
	if err != nil {
		return nil, header{}, err
	}
	return s.kept, h, nil
}

// decode turns checked bytes into pixels.
func (f file) decode(h header, l Limits) (out Image, err error) {
	defer func() { // a decoder's panic on a crafted file must not end the process
		if p := recover(); p != nil {
			out, err = Image{}, refuse(ErrUnreadable, "decoder: %v", p)
		}
	}()
	src := &timed{r: bytes.NewReader(f), until: time.Now().Add(l.Deadline)}
	var m image.Image
	switch h.format {
	case "jpeg":
		m, err = jpeg.Decode(src)
	case "png":
		m, err = png.Decode(src)
	default:
		m, err = webp.Decode(src)
	}
	switch {
	case errors.Is(err, ErrTooSlow):
		return Image{}, refuse(ErrTooSlow, "over %v", l.Deadline)
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return Image{}, refuse(ErrIncomplete, "%v", err)
	case err != nil:
		return Image{}, refuse(ErrUnreadable, "%v", err)
	case m.Bounds().Dx() != h.w || m.Bounds().Dy() != h.h:
		return Image{}, refuse(ErrUnreadable, "the header announces %d x %d, the data has %v", h.w, h.h, m.Bounds().Size())
	}
	return finish(m, h, l), nil
}

// finish shrinks, converts to sRGB and turns upright.
func finish(m image.Image, h header, l Limits) Image {
	w, ht := fitted(h.w, h.h, l.KeepSide)
	out := Image{W: w, H: ht, SourceW: h.w, SourceH: h.h, Format: h.format, Profile: ProfileAssumed, Editor: h.editor}
	if y, ok := m.(*image.YCbCr); ok && h.format == "jpeg" && h.orientation < 2 {
		out.Coding = sampleBlocks(y)
	}
	out.Pix = shrink(h.w, h.h, w, ht, rows(m, h.format))
	switch p, ok := parseProfile(h.icc); {
	case h.cmyk:
		out.Profile = ProfileUnknown
	case h.icc == nil:
	case !ok:
		out.Profile = ProfileUnknown
	case p.isSRGB():
		out.Profile = ProfileSRGB
	default:
		p.convert(out.Pix)
		out.Profile = ProfileConverted
	}
	return upright(out, h.orientation)
}

// timed hands out a file in small pieces and stops at a deadline, so that a
// decoder that spends long on few bytes is stopped too.
type timed struct {
	r     *bytes.Reader
	until time.Time
}

func (t *timed) Read(p []byte) (int, error) {
	if time.Now().After(t.until) {
		return 0, fmt.Errorf("vision: %w", ErrTooSlow)
	}
	const piece = 1024
	if len(p) > piece {
		p = p[:piece]
	}
	return t.r.Read(p)
}
