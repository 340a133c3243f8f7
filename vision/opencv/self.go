package opencv

import (
	"gocv.io/x/gocv"

	"waggle/vision"
)

// Twins are two places of one photo that look alike, in pixels.
type Twins struct{ X, Y, U, V float64 }

const (
	selfFeatures = 1200
	selfDistance = 32 // Hamming, of 256
	selfApart    = 24 // pixels; nearer ones are one thing
)

// SelfMatches finds pairs of features (ORB, Rublee 2011) within one photo that
// are as alike as copies are.
func SelfMatches(m vision.Image) ([]Twins, error) {
	src, err := toMat(m)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	orb := gocv.NewORBWithParams(selfFeatures, 1.2, 1, 15, 0, 2, gocv.ORBScoreTypeHarris, 31, 8)
	defer orb.Close()
	none := gocv.NewMat()
	defer none.Close()
	points, described := orb.DetectAndCompute(src, none)
	defer described.Close()
	if len(points) < 3 {
		return nil, nil
	}
	matcher := gocv.NewBFMatcherWithParams(gocv.NormHamming, false)
	defer matcher.Close()
	var out []Twins
	for _, near := range matcher.KnnMatch(described, described, 3) {
		for _, n := range near {
			a, b := points[n.QueryIdx], points[n.TrainIdx]
			dx, dy := b.X-a.X, b.Y-a.Y
			if n.QueryIdx < n.TrainIdx && n.Distance <= selfDistance && dx*dx+dy*dy > selfApart*selfApart {
				out = append(out, Twins{a.X, a.Y, b.X, b.Y})
			}
		}
	}
	return out, nil
}
