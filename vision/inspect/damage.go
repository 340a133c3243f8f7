package inspect

import (
	"context"
	"fmt"

	"waggle/vision"
	"waggle/vision/damage"
	"waggle/vision/opencv"
)

const (
	// With a listing photo laid over the item the answer does not hang on the
	// network's thresholds: these hold for the difference, see
	// `waggle eval vision` with a listing column.
	listingAccuse = 0.90
	listingDoubt  = 0.50
	// covered is the part of the item that the listing must show.
	covered = 0.6
	// A difference in many places or over much of the item is a hand, a glare or
	// another side of the item: that is not damage but a photo that does not fit.
	mostPlaces = 4
	mostShare  = 0.2
)

// lookForDamage runs the network over the photo and, where a listing photo
// fits over it, compares the two: prints and seams are on both.
func (in *Inspector) lookForDamage(ctx context.Context, photo, work vision.Image, item vision.Mask, listing []vision.Image) (vision.Damage, error) {
	seen, err := in.damage.Look(ctx, work)
	if err != nil {
		return vision.Damage{}, err
	}
	card := in.damage.Card()
	accuse, doubt := card.Accuse, card.Doubt
	fit, compared, err := bestFit(work, item, listing)
	if err != nil {
		return vision.Damage{}, err
	}
	if compared {
		seen = damage.Compare(seen, work, fit.Listing, fit.Valid)
		accuse, doubt = listingAccuse, listingDoubt
	}
	spots := seen.Spots(item, card.Pixel, photo.W, photo.H)
	d := vision.Damage{Score: float32(seen.Score), Share: seen.Share(item, card.Pixel), Compared: compared, Spots: []vision.Finding{}}
	misfit := compared && (len(spots) > mostPlaces || d.Share > mostShare)
	switch {
	case seen.Score >= accuse && len(spots) > 0 && !misfit:
		d.Label, d.Spots = vision.LabelDamaged, describe(spots)
	case seen.Score >= doubt || misfit:
		d.Label = vision.LabelCannotSee
	default:
		d.Label = vision.LabelIntact
	}
	return d, nil
}

// bestFit lays every listing photo over the item and keeps the one that fits
// best, if it covers enough of the item.
func bestFit(work vision.Image, item vision.Mask, listing []vision.Image) (best opencv.Alignment, ok bool, err error) {
	for _, l := range listing {
		a, ok, err := opencv.Align(l.Fit(workSide), work)
		if err != nil {
			return best, false, err
		}
		if ok && a.Inliers > best.Inliers {
			best = a
		}
	}
	if best.Inliers == 0 {
		return best, false, nil
	}
	shown, all := 0, 0
	for i, p := range item.Pix {
		if p > 127 {
			all++
			if best.Valid.Pix[i] > 127 {
				shown++
			}
		}
	}
	return best, float64(shown) >= covered*float64(all), nil
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
