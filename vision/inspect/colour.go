package inspect

import (
	"context"
	"fmt"

	"waggle/vision"
	"waggle/vision/colour"
	"waggle/vision/opencv"
)

// looked is a photo at working size with its item, ready to be compared.
type looked struct {
	work vision.Image
	item vision.Mask
	view opencv.View // of work; listing photos only
	// sample is not usable where the colours of a file have an unknown meaning.
	sample colour.Sample
}

// look finds the item and reads its colours.
func look(m vision.Image) (looked, error) {
	l := looked{work: m.Fit(workSide)}
	var err error
	if l.item, _, err = opencv.Item(l.work); err != nil {
		return l, err
	}
	return l, l.take(m.Profile)
}

// take reads the colours of the item.
func (l *looked) take(profile vision.Profile) error {
	if profile == vision.ProfileUnknown {
		return nil
	}
	quads, err := opencv.Quads(l.work)
	if err != nil {
		return err
	}
	v := colour.View{Photo: l.work, Item: l.item}
	for _, q := range quads {
		v.Sheets = append(v.Sheets, q.Mask(l.work.W, l.work.H))
	}
	l.sample = colour.Take(v)
	return nil
}

// Colour compares the colours of one item on photos of a buyer's with those
// on the listing's photos. Several photos under other lights say more than one.
func (in *Inspector) Colour(ctx context.Context, photos, listing []vision.Image) (vision.Colour, error) {
	if err := in.enter(ctx); err != nil {
		return vision.Colour{}, err
	}
	defer in.leave()
	shown, err := in.listed.all(listing)
	if err != nil {
		return vision.Colour{}, fmt.Errorf("inspect: %w", err)
	}
	var all []colour.Judgement
	for _, p := range photos {
		l, err := look(p)
		if err != nil {
			return vision.Colour{}, fmt.Errorf("inspect: %w", err)
		}
		over, err := layOver(l.work, shown)
		if err != nil {
			return vision.Colour{}, fmt.Errorf("inspect: %w", err)
		}
		j, _, err := judge(l, shown, over)
		if err != nil {
			return vision.Colour{}, fmt.Errorf("inspect: %w", err)
		}
		all = append(all, j)
	}
	return colour.Together(all).Colour, nil
}

// compareColour judges one photo.
func compareColour(r *vision.Report, photo looked, shown []looked, over []layer) error {
	j, _, err := judge(photo, shown, over)
	r.Colour = &j.Colour
	return err
}

// judge compares a photo with each listing photo, which were laid over it;
// which is the one that counts, -1 for none.
func judge(photo looked, shown []looked, over []layer) (j colour.Judgement, which int, err error) {
	pairings := make([]colour.Pairing, len(shown))
	for i, s := range shown {
		pairings[i] = colour.Pairing{Listing: s.sample, Photo: photo.sample}
		if !photo.sample.Usable || !s.sample.Usable {
			continue
		}
		if over[i].fits {
			pairings[i].Ground = ground(photo, over[i].Alignment)
		}
	}
	j, which = colour.Nearest(pairings)
	return j, which, nil
}

// ground is the light that the same ground on both photos tells; nil where
// there is none.
func ground(photo looked, a opencv.Alignment) *colour.Linear {
	where := vision.Mask{Pix: make([]uint8, len(a.Valid.Pix)), W: a.Valid.W, H: a.Valid.H}
	reach := photo.work.Long() / 40 // masks are rough
	box := photo.item.Bounds()
	for i, p := range a.Valid.Pix {
		x, y := i%where.W, i/where.W
		if p > 127 && !near(photo.item, box, x, y, reach) {
			where.Pix[i] = 255
		}
	}
	if gain, ok := colour.Ground(a.Listing, photo.work, where); ok {
		return &gain
	}
	return nil
}

// near tells whether the item is at most reach pixels away, straight or
// across.
func near(item vision.Mask, box vision.Box, x, y, reach int) bool {
	if x < box.X-reach || y < box.Y-reach || x > box.X+box.W+reach || y > box.Y+box.H+reach {
		return false
	}
	for _, d := range [9][2]int{{0, 0}, {1, 0}, {-1, 0}, {0, 1}, {0, -1}, {1, 1}, {-1, 1}, {1, -1}, {-1, -1}} {
		u, v := x+d[0]*reach, y+d[1]*reach
		if u >= 0 && v >= 0 && u < item.W && v < item.H && item.Pix[v*item.W+u] > 127 {
			return true
		}
	}
	return false
}
