package inspect

import (
	"context"
	"fmt"
	"sort"

	"waggle/vision"
	"waggle/vision/damage"
	"waggle/vision/opencv"
)

const (
	// covered is the part of the item that a reference must show.
	covered = 0.6
	// mostReferences bounds what one photo may cost: each one that fits goes
	// through the network too.
	mostReferences = 3
	// A difference in many places or over much of the item is a hand, a glare or
	// another side of the item: that is not damage but a photo that does not fit.
	mostPlaces = 4
	mostShare  = 0.35
)

// Damage is the network in use: its card, and what calibration changes.
func (in *Inspector) Damage() *damage.Detector { return in.damage }

// Evidence is what a verdict on damage rests on, for calibration.
type Evidence struct {
	Work vision.Image // the photo at the size at which all is compared
	Item vision.Mask
	Seen damage.Map
	Refs []damage.Reference // listing photos that could be laid over the item
}

// Gather looks at a photo and lays the listing's photos over it, without
// judging.
func (in *Inspector) Gather(ctx context.Context, photo vision.Image, listing []vision.Image) (Evidence, error) {
	e := Evidence{Work: photo.Fit(workSide)}
	var err error
	if e.Item, _, err = opencv.Item(e.Work); err != nil {
		return e, fmt.Errorf("inspect: %w", err)
	}
	shown, err := in.listed.all(listing)
	if err != nil {
		return e, fmt.Errorf("inspect: %w", err)
	}
	over, err := layOver(e.Work, shown)
	if err != nil {
		return e, fmt.Errorf("inspect: %w", err)
	}
	return e, in.gather(ctx, &e, over)
}

func (in *Inspector) gather(ctx context.Context, e *Evidence, over []layer) (err error) {
	if e.Seen, err = in.damage.Look(ctx, e.Work); err != nil {
		return fmt.Errorf("inspect: %w", err)
	}
	for _, f := range fitting(e.Item, over) {
		seen, err := in.damage.Look(ctx, f.Listing)
		if err != nil {
			return fmt.Errorf("inspect: %w", err)
		}
		e.Refs = append(e.Refs, damage.Reference{Image: f.Listing, Valid: f.Valid, Seen: seen})
	}
	return nil
}

// lookForDamage judges by comparison where a listing photo fits over the item,
// and by the network alone elsewhere.
func (in *Inspector) lookForDamage(ctx context.Context, photo, work vision.Image, item vision.Mask, over []layer) (vision.Damage, error) {
	e := Evidence{Work: work, Item: item}
	if err := in.gather(ctx, &e, over); err != nil {
		return vision.Damage{}, err
	}
	j, compared := in.damage.Alone(e.Seen), false
	if len(e.Refs) > 0 {
		if b := in.damage.Beside(e.Seen, work, item, e.Refs); b.Limits != nil {
			j, compared = b, true
		}
	}
	return verdict(j, item, compared, photo.W, photo.H), nil
}

// verdict puts a judgement into an answer.
func verdict(j damage.Judgement, item vision.Mask, compared bool, w, h int) vision.Damage {
	d := vision.Damage{Label: vision.LabelCannotSee, Score: float32(j.Score), Compared: compared, Spots: []vision.Finding{}}
	if j.Limits == nil {
		return d
	}
	spots := j.Spots(item, j.Limits.Pixel, w, h)
	d.Share = j.Share(item, j.Limits.Pixel)
	misfit := compared && (len(spots) > mostPlaces || d.Share > mostShare)
	switch {
	case j.Score >= j.Limits.Accuse && len(spots) > 0 && !misfit:
		d.Label, d.Spots, d.Places = vision.LabelDamaged, describe(spots), places(j)
	case j.Score >= j.Limits.Doubt || misfit:
	default:
		d.Label = vision.LabelIntact
	}
	return d
}

// layer is a listing photo laid over the buyer's, where that could be done.
type layer struct {
	opencv.Alignment
	fits bool
}

// layOver lays every listing photo over the buyer's, for damage and colour
// alike: finding the same points on both costs more than either.
func layOver(work vision.Image, listing []looked) ([]layer, error) {
	if len(listing) == 0 {
		return nil, nil
	}
	view, err := opencv.Look(work)
	if err != nil {
		return nil, err
	}
	out := make([]layer, len(listing))
	for i, l := range listing {
		if out[i].Alignment, out[i].fits, err = opencv.Align(l.view, view); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// fitting keeps the photos that fit and cover enough of the item, the best
// first.
func fitting(item vision.Mask, over []layer) (fits []opencv.Alignment) {
	for _, l := range over {
		if l.fits && covers(l.Valid, item) {
			fits = append(fits, l.Alignment)
		}
	}
	sort.SliceStable(fits, func(a, b int) bool { return fits[a].Inliers > fits[b].Inliers })
	return fits[:min(len(fits), mostReferences)]
}

func covers(valid, item vision.Mask) bool {
	shown, all := 0, 0
	for i, p := range item.Pix {
		if p > 127 {
			all++
			if valid.Pix[i] > 127 {
				shown++
			}
		}
	}
	return float64(shown) >= covered*float64(all)
}

// describe puts each spot into words.
func describe(spots []vision.Finding) []vision.Finding {
	names := map[string]string{
		"crack": "裂纹", "scratch": "划痕", "stain": "污渍", "hole": "破洞或缺口",
		"tear": "撕裂", "dent": "凹陷", "wet": "水渍", "crush": "压坏的地方",
	}
	for i, s := range spots {
		name, ok := names[s.Label]
		if !ok {
			name = "破损"
		}
		spots[i].Note = fmt.Sprintf("照片上好像有%s%s。", extent(s.Severity), name)
	}
	return spots
}

func extent(s vision.Severity) string {
	switch s {
	case vision.SeverityMinor:
		return "一处很小的"
	case vision.SeverityMajor:
		return "一大片"
	}
	return "一处"
}
