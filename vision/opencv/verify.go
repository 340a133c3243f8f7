package opencv

import (
	"fmt"

	"gocv.io/x/gocv"

	"waggle/vision"
)

// Of the points that two photos are compared by: how many, and the side that
// the photos are brought to.
const (
	verifyFeatures = 600
	verifySide     = 384
)

// Points are the local features of one photo, to be compared with many.
type Points struct {
	keys  []gocv.KeyPoint
	descs gocv.Mat
	w, h  int
}

// FindPoints takes ORB features (Rublee 2011). The caller closes them.
func FindPoints(m vision.Image) (*Points, error) {
	m = m.Fit(verifySide)
	src, err := toMat(m)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	orb := gocv.NewORBWithParams(verifyFeatures, 1.2, 8, 15, 0, 2, gocv.ORBScoreTypeHarris, 31, 10)
	defer orb.Close()
	none := gocv.NewMat()
	defer none.Close()
	p := &Points{w: m.W, h: m.H}
	p.keys, p.descs = orb.DetectAndCompute(src, none)
	return p, nil
}

// Close frees the features.
func (p *Points) Close() error { return p.descs.Close() }

// Agree counts the points of two photos that one plausible homography maps to
// each other; some ten agree by chance.
func Agree(a, b *Points) (int, error) {
	pairs := matchPoints(a.keys, a.descs, b.keys, b.descs)
	if len(pairs) < 6 {
		return 0, nil
	}
	h, agreed, err := homography(pairs)
	if err != nil {
		return 0, fmt.Errorf("opencv: agree: %w", err)
	}
	defer h.Close()
	if !plausible(h, vision.Image{W: a.w, H: a.h}, vision.Image{W: b.w, H: b.h}) {
		return 0, nil
	}
	return len(agreed), nil
}
