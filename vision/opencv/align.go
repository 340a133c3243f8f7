package opencv

import (
	"fmt"
	"image"
	"image/color"
	"math"

	"gocv.io/x/gocv"

	"waggle/vision"
)

const (
	alignFeatures = 1500
	alignRatio    = 0.78 // Lowe's test: the best match clearly beats the second
	alignError    = 3.0  // pixels a point may miss and still count as inlier
	alignInliers  = 24   // fewer is chance: random pairs of photos reach a dozen
)

// Alignment is a listing photo seen from where the buyer stood.
type Alignment struct {
	// Listing has the size of the buyer's photo. Valid marks the surface that is
	// known to lie in both: where the listing has pixels, between the points that
	// agree. What lies beyond may be another side or another ground.
	Listing vision.Image
	Valid   vision.Mask
	Inliers int
}

// Align lays the listing over the photo: ORB features (Rublee 2011), ratio
// test, homography by RANSAC. ok is false when the two do not show the same
// side of the same flat enough thing.
func Align(listing, photo vision.Image) (a Alignment, ok bool, err error) {
	from, err := toMat(listing)
	if err != nil {
		return a, false, err
	}
	defer from.Close()
	to, err := toMat(photo)
	if err != nil {
		return a, false, err
	}
	defer to.Close()
	pairs := matches(from, to)
	if len(pairs) < alignInliers {
		return a, false, nil
	}
	h, agreed, err := homography(pairs)
	if err != nil {
		return a, false, err
	}
	defer h.Close()
	if len(agreed) < alignInliers || !plausible(h, listing, photo) {
		return a, false, nil
	}
	a.Inliers = len(agreed)
	if a.Listing, a.Valid, err = warp(from, h, listing, photo); err != nil {
		return a, false, err
	}
	keepInside(a.Valid, hull(agreed))
	return a, true, nil
}

// pair is one point of the listing and its place in the photo.
type pair struct{ x, y, u, v float32 }

func matches(from, to gocv.Mat) []pair {
	orb := gocv.NewORBWithParams(alignFeatures, 1.2, 8, 15, 0, 2, gocv.ORBScoreTypeHarris, 31, 10)
	defer orb.Close()
	none := gocv.NewMat()
	defer none.Close()
	k1, d1 := orb.DetectAndCompute(from, none)
	defer d1.Close()
	k2, d2 := orb.DetectAndCompute(to, none)
	defer d2.Close()
	return matchPoints(k1, d1, k2, d2)
}

// matchPoints pairs features whose best match clearly beats the second.
func matchPoints(k1 []gocv.KeyPoint, d1 gocv.Mat, k2 []gocv.KeyPoint, d2 gocv.Mat) []pair {
	if len(k1) < 2 || len(k2) < 2 {
		return nil
	}
	matcher := gocv.NewBFMatcherWithParams(gocv.NormHamming, false)
	defer matcher.Close()
	var out []pair
	for _, m := range matcher.KnnMatch(d1, d2, 2) {
		if len(m) == 2 && m[0].Distance < alignRatio*m[1].Distance {
			a, b := k1[m[0].QueryIdx], k2[m[0].TrainIdx]
			out = append(out, pair{float32(a.X), float32(a.Y), float32(b.X), float32(b.Y)})
		}
	}
	return out
}

// homography fits by RANSAC and returns the pairs that agree with it; the Mat
// is empty when there is none.
func homography(pairs []pair) (gocv.Mat, []pair, error) {
	src := gocv.NewMatWithSize(len(pairs), 1, gocv.MatTypeCV32FC2)
	defer src.Close()
	dst := gocv.NewMatWithSize(len(pairs), 1, gocv.MatTypeCV32FC2)
	defer dst.Close()
	s, err := src.DataPtrFloat32()
	if err != nil {
		return gocv.Mat{}, nil, fmt.Errorf("opencv: %w", err)
	}
	d, err := dst.DataPtrFloat32()
	if err != nil {
		return gocv.Mat{}, nil, fmt.Errorf("opencv: %w", err)
	}
	for i, p := range pairs {
		s[2*i], s[2*i+1], d[2*i], d[2*i+1] = p.x, p.y, p.u, p.v
	}
	mask := gocv.NewMat()
	defer mask.Close()
	h := gocv.FindHomography(src, &dst, gocv.HomograpyMethodRANSAC, alignError, &mask, 2000, 0.995)
	if h.Empty() || mask.Empty() {
		return h, nil, nil
	}
	var agreed []pair
	for i, p := range pairs {
		if mask.GetUCharAt(i, 0) != 0 {
			agreed = append(agreed, p)
		}
	}
	return h, agreed, nil
}

// plausible refuses foldings and extreme scales: the listing's corners must
// form a convex shape of a fair size in the photo.
func plausible(h gocv.Mat, listing, photo vision.Image) bool {
	if h.Empty() {
		return false
	}
	w, ht := float64(listing.W), float64(listing.H)
	var c [4][2]float64
	for i, p := range [4][2]float64{{0, 0}, {w, 0}, {w, ht}, {0, ht}} {
		z := h.GetDoubleAt(2, 0)*p[0] + h.GetDoubleAt(2, 1)*p[1] + h.GetDoubleAt(2, 2)
		if z < 1e-6 {
			return false
		}
		c[i][0] = (h.GetDoubleAt(0, 0)*p[0] + h.GetDoubleAt(0, 1)*p[1] + h.GetDoubleAt(0, 2)) / z
		c[i][1] = (h.GetDoubleAt(1, 0)*p[0] + h.GetDoubleAt(1, 1)*p[1] + h.GetDoubleAt(1, 2)) / z
	}
	area := 0.0
	for i := range c {
		a, b, d := c[i], c[(i+1)%4], c[(i+2)%4]
		if (b[0]-a[0])*(d[1]-b[1])-(b[1]-a[1])*(d[0]-b[0]) <= 0 {
			return false
		}
		area += (a[0]*b[1] - b[0]*a[1]) / 2
	}
	share := area / float64(photo.W*photo.H)
	return !math.IsNaN(share) && share > 0.05 && share < 20
}

func warp(from, h gocv.Mat, listing, photo vision.Image) (vision.Image, vision.Mask, error) {
	size := image.Pt(photo.W, photo.H)
	out := gocv.NewMat()
	defer out.Close()
	gocv.WarpPerspectiveWithParams(from, &out, h, size, gocv.InterpolationLinear, gocv.BorderConstant, color.RGBA{})
	full := gocv.NewMatWithSizeFromScalar(gocv.NewScalar(255, 0, 0, 0), listing.H, listing.W, gocv.MatTypeCV8U)
	defer full.Close()
	valid := gocv.NewMat()
	defer valid.Close()
	gocv.WarpPerspectiveWithParams(full, &valid, h, size, gocv.InterpolationNearestNeighbor, gocv.BorderConstant, color.RGBA{})
	laid, err := fromMat(out, listing)
	if err != nil {
		return vision.Image{}, vision.Mask{}, err
	}
	pix, err := valid.DataPtrUint8()
	if err != nil {
		return vision.Image{}, vision.Mask{}, fmt.Errorf("opencv: %w", err)
	}
	return laid, vision.Mask{Pix: append([]uint8(nil), pix...), W: photo.W, H: photo.H}, nil
}
