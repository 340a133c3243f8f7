package vision

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"waggle/vision/hostile"
)

// fuzzWalk feeds a format's walk: whatever comes, it ends with a header inside
// the limits or a Refusal, and never reads beyond the file.
func fuzzWalk(f *testing.F, walk func(*source, Limits) (header, error), seeds ...[]byte) {
	for _, s := range seeds {
		f.Add(s)
		f.Add(s[:len(s)/2])
	}
	l := DefaultLimits()
	l.Bytes = 64 << 10
	f.Fuzz(func(t *testing.T, b []byte) {
		h, err := walk(&source{r: bytes.NewReader(b), limit: l.Bytes}, l)
		if err == nil {
			err = l.size(h.w, h.h)
		}
		var r *Refusal
		if err != nil && !errors.As(err, &r) {
			t.Fatalf("not a Refusal: %v", err)
		}
		if err == nil && len(h.icc) > l.Ancillary {
			t.Fatalf("profile of %d bytes", len(h.icc))
		}
	})
}

func FuzzJPEGHeader(f *testing.F) {
	plain := jpegFile(f, hostile.Picture(48, 32))
	icc := join([]byte("ICC_PROFILE\x00\x01\x01"), profile(2.2, srgbToXYZ))
	fuzzWalk(f, walkJPEG, plain, hostile.WithSegment(plain, markAPP1, hostile.Exif(6)), hostile.WithSegment(plain, markAPP2, icc), testFile(f, "progressive.jpg"))
}

func FuzzPNGHeader(f *testing.F) {
	plain := pngFile(f, hostile.Picture(48, 32))
	fuzzWalk(f, walkPNG, plain, withChunk(plain, "zTXt", deflated(1<<20)), withChunk(plain, "iCCP", join([]byte("p\x00\x00"), deflated(1<<20))), testFile(f, "animated.png"))
}

func FuzzWebPHeader(f *testing.F) {
	fuzzWalk(f, walkWebP, testFile(f, "lossy.webp"), testFile(f, "lossless.webp"), testFile(f, "exif.webp"), testFile(f, "animated.webp"))
}

func FuzzProfile(f *testing.F) {
	f.Add(profile(2.2, srgbToXYZ))
	f.Fuzz(func(t *testing.T, b []byte) {
		if p, ok := parseProfile(b); ok {
			p.convert(make([]uint8, 3))
		}
	})
}

func FuzzOrientation(f *testing.F) {
	f.Add(hostile.Exif(6)[6:])
	f.Fuzz(func(t *testing.T, b []byte) {
		if o := orientation(b); o < 0 || o > 8 {
			t.Fatalf("orientation %d", o)
		}
	})
}

// FuzzDecode goes through to the pixels of small files.
func FuzzDecode(f *testing.F) {
	f.Add(jpegFile(f, hostile.Picture(16, 16)))
	f.Add(pngFile(f, hostile.Picture(16, 16)))
	f.Add(testFile(f, "lossless.webp"))
	for _, c := range hostile.Corpus() {
		if len(c.File) < 16<<10 {
			f.Add(c.File)
		}
	}
	l := DefaultLimits()
	l.Bytes, l.Pixels, l.ProgressivePixels, l.Deadline = 32<<10, 1<<16, 1<<16, time.Second
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := Decode(bytes.NewReader(b), l)
		var r *Refusal
		if err != nil && !errors.As(err, &r) {
			t.Fatalf("not a Refusal: %v", err)
		}
		if err == nil && len(m.Pix) != 3*m.W*m.H {
			t.Fatalf("%d bytes for %d x %d", len(m.Pix), m.W, m.H)
		}
	})
}
