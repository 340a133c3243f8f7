package inspect

import (
	"waggle/vision"
	"waggle/vision/forensic"
	"waggle/vision/opencv"
)

// signSide is the size at which copied places are looked for: grain does not
// outlive much shrinking.
const signSide = 1024

// signs are reasons to let a person look at a photo; m is the photo at
// signSide.
func signs(photo, m vision.Image) ([]vision.Sign, error) {
	twins, err := opencv.SelfMatches(m)
	if err != nil {
		return nil, err
	}
	alike := make([]forensic.Shift, len(twins))
	for i, t := range twins {
		alike[i] = forensic.Shift(t)
	}
	found := forensic.Examine(m, alike)
	for i := range found {
		found[i].Box = scaled(found[i].Box, m, photo)
	}
	return found, nil
}
