package inspect

import (
	"context"
	"errors"

	"waggle/vision"
	"waggle/vision/card"
	"waggle/vision/detect"
	"waggle/vision/ocr"
)

// dropIns are networks that nothing ships for: each is off without its card.
type dropIns struct {
	finder *detect.Detector // of the item
	reader *ocr.Reader      // of screenshots
}

// openDropIns opens what the cards name.
func openDropIns(cards map[card.Kind]string, o card.Options) (d dropIns, err error) {
	if path := cards[card.Detector]; path != "" {
		if d.finder, err = detect.Open(path, o); err != nil {
			return d, err
		}
	}
	if d.reader, err = ocr.Open(cards, o); err != nil {
		return dropIns{}, errors.Join(err, d.close())
	}
	return d, nil
}

func (d dropIns) close() error {
	var errs []error
	if d.finder != nil {
		errs = append(errs, d.finder.Close())
	}
	if d.reader != nil {
		errs = append(errs, d.reader.Close())
	}
	return errors.Join(errs...)
}

// leastLeft is the part of an item that must lie in a found box.
const leastLeft = 0.3

// narrowed keeps of the item what lies in the surest thing that was found; a
// thing that is elsewhere is not the item, and then all is kept.
func (d dropIns) narrowed(ctx context.Context, work vision.Image, item vision.Mask) (vision.Mask, error) {
	if d.finder == nil {
		return item, nil
	}
	found, err := d.finder.Find(ctx, work)
	if err != nil || len(found) == 0 {
		return item, err
	}
	b := found[0].Box
	out := vision.Mask{Pix: make([]uint8, len(item.Pix)), W: item.W, H: item.H}
	for y := b.Y; y < min(item.H, b.Y+b.H); y++ {
		copy(out.Pix[y*item.W+b.X:y*item.W+min(item.W, b.X+b.W)], item.Pix[y*item.W+b.X:])
	}
	if out.Share() < leastLeft*item.Share() {
		return item, nil
	}
	return out, nil
}

// numbers reads a screenshot: the photo cannot be judged, but it may show
// which order is meant.
func (d dropIns) numbers(ctx context.Context, photo vision.Image, q vision.Quality) ([]vision.Finding, error) {
	if d.reader == nil || q.Label != vision.LabelNotAPhoto {
		return nil, nil
	}
	return d.reader.Findings(ctx, photo)
}
