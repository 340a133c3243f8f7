package inspect

import (
	"waggle/vision"
	"waggle/vision/colour"
	"waggle/vision/opencv"
)

// compareColour is nil without listing photos. Where an item was not found,
// or a file's colours have an unknown meaning, nothing can be told.
func compareColour(work vision.Image, item vision.Mask, sure bool, profile vision.Profile, listing []vision.Image) (*vision.Colour, error) {
	if len(listing) == 0 {
		return nil, nil
	}
	var shown []colour.Sample
	for _, l := range listing {
		if l.Profile == vision.ProfileUnknown {
			continue
		}
		small := l.Fit(workSide)
		mask, found, err := opencv.Item(small)
		if err != nil {
			return nil, err
		}
		if found {
			shown = append(shown, colour.Take(small, mask))
		}
	}
	var photo colour.Sample
	if sure && profile != vision.ProfileUnknown {
		photo = colour.Take(work, item)
	}
	c := colour.Best(shown, photo)
	return &c, nil
}
