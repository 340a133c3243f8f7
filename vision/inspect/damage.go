package inspect

import (
	"context"
	"fmt"

	"waggle/vision"
	"waggle/vision/damage"
	"waggle/vision/opencv"
)

const (
	// near is how far, in pixels of the damage map, the same print may lie apart
	// on photo and aligned listing.
	near = 2
	// calmed is the part of the damage that must survive the listing for the
	// photo to stay suspicious.
	calmed = 0.35
)

// lookForDamage runs the network over the photo and, where a listing photo
// fits over it, over that too.
func (in *Inspector) lookForDamage(ctx context.Context, photo, work vision.Image, item vision.Mask, listing []vision.Image) (vision.Damage, error) {
	seen, err := in.damage.Look(ctx, work)
	if err != nil {
		return vision.Damage{}, err
	}
	left, compared, err := in.against(ctx, seen, work, listing)
	if err != nil {
		return vision.Damage{}, err
	}
	card := in.damage.Card()
	score := seen.Score
	if compared {
		score *= survived(seen, left, card.Pixel)
	}
	spots := left.Spots(item, card.Pixel, photo.W, photo.H)
	d := vision.Damage{Score: float32(score), Share: left.Share(item, card.Pixel), Compared: compared, Spots: []vision.Finding{}}
	switch {
	case score >= card.Accuse && len(spots) > 0:
		d.Label, d.Spots = vision.LabelDamaged, describe(spots)
	case score >= card.Doubt:
		d.Label = vision.LabelCannotSee
	default:
		d.Label = vision.LabelIntact
	}
	return d, nil
}

// against takes away what the best fitting listing photo shows as well.
func (in *Inspector) against(ctx context.Context, seen damage.Map, work vision.Image, listing []vision.Image) (damage.Map, bool, error) {
	var best opencv.Alignment
	for _, l := range listing {
		a, ok, err := opencv.Align(l.Fit(workSide), work)
		if err != nil {
			return seen, false, err
		}
		if ok && a.Inliers > best.Inliers {
			best = a
		}
	}
	if best.Inliers == 0 {
		return seen, false, nil
	}
	reference, err := in.damage.Look(ctx, best.Listing)
	if err != nil {
		return seen, false, err
	}
	return seen.Calm(reference, best.Valid, near), true, nil
}

// survived is the part of the damage that the listing did not explain, made
// steep: a photo whose marks are all prints is calm, one new crack is not.
func survived(before, after damage.Map, pixel float64) float64 {
	var b, a float64
	for i := range before.Damage {
		if p := float64(before.Damage[i]); p >= pixel {
			b += p
		}
		if p := float64(after.Damage[i]); p >= pixel {
			a += p
		}
	}
	if b == 0 {
		return 1
	}
	return min(1, a/b/calmed)
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
