package vision

import "time"

// Limits bound what one photo may cost.
type Limits struct {
	// Bytes caps the file, counted while it streams in.
	Bytes int64
	// Pixels and Side cap the size that the header announces.
	Pixels int
	Side   int
	// ProgressivePixels caps progressive JPEGs, which need four times the
	// memory while they decode.
	ProgressivePixels int
	// Ancillary caps what is not pixels: profiles, EXIF, texts, thumbnails.
	Ancillary int
	// Ratio caps how often the pixels of a PNG exceed its compressed data, once
	// they exceed a megabyte.
	Ratio int
	// Scans caps the passes of a progressive JPEG.
	Scans int
	// Deadline caps the time of decoding.
	Deadline time.Duration
	// KeepSide is the longest side that is kept; larger photos are averaged down
	// while they decode.
	KeepSide int
}

// DefaultLimits suit photos of phones, also as messengers pass them on.
func DefaultLimits() Limits {
	return Limits{
		Bytes:             10 << 20,
		Pixels:            24_000_000,
		Side:              8192,
		ProgressivePixels: 12_000_000,
		Ancillary:         1 << 20,
		Ratio:             250,
		Scans:             64,
		Deadline:          5 * time.Second,
		KeepSide:          2048,
	}
}

// size checks what a header announces.
func (l Limits) size(w, h int) error {
	switch {
	case w <= 0 || h <= 0:
		return refuse(ErrUnreadable, "size %d x %d", w, h)
	case w > l.Side || h > l.Side || w*h > l.Pixels:
		return refuse(ErrTooManyPix, "%d x %d", w, h)
	}
	return nil
}
