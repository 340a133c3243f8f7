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

// A View is a photo with its local features, to be laid over others or to
// have others laid over it. It holds plain memory only and may be kept.
type View struct {
	Image vision.Image
	keys  []gocv.KeyPoint
	descs []byte // len(keys) rows
}

// Look finds a photo's ORB features (Rublee 2011).
func Look(m vision.Image) (View, error) {
	v := View{Image: m}
	src, err := toMat(m)
	if err != nil {
		return v, err
	}
	defer src.Close()
	orb := gocv.NewORBWithParams(alignFeatures, 1.2, 8, 15, 0, 2, gocv.ORBScoreTypeHarris, 31, 10)
	defer orb.Close()
	none := gocv.NewMat()
	defer none.Close()
	keys, descs := orb.DetectAndCompute(src, none)
	defer descs.Close()
	if len(keys) == 0 {
		return v, nil
	}
	pix, err := descs.DataPtrUint8()
	if err != nil {
		return v, fmt.Errorf("opencv: %w", err)
	}
	v.keys, v.descs = keys, append([]byte(nil), pix...)
	return v, nil
}

// mat copies the descriptions into a Mat, a row each. The caller closes it.
func (v View) mat() (gocv.Mat, error) {
	return gocv.NewMatFromBytes(len(v.keys), len(v.descs)/len(v.keys), gocv.MatTypeCV8U, v.descs)
}

// Align lays the listing over the photo: ratio test of features, homography by
// RANSAC. ok is false when the two do not show the same side of the same flat
// enough thing.
func Align(listing, photo View) (a Alignment, ok bool, err error) {
	pairs, err := matches(listing, photo)
	if err != nil || len(pairs) < alignInliers {
		return a, false, err
	}
	h, agreed, err := homography(pairs)
	if err != nil {
		return a, false, err
	}
	defer h.Close()
	if len(agreed) < alignInliers || !plausible(h, listing.Image, photo.Image) {
		return a, false, nil
	}
	a.Inliers = len(agreed)
	if a.Listing, err = warp(listing.Image, h, photo.Image.W, photo.Image.H); err != nil {
		return a, false, err
	}
	a.Valid = marked(photo.Image.W, photo.Image.H, hull(agreed), frame(h, listing.Image))
	return a, true, nil
}

// pair is one point of the listing and its place in the photo.
type pair struct{ x, y, u, v float32 }

func matches(from, to View) ([]pair, error) {
	if len(from.keys) < 2 || len(to.keys) < 2 {
		return nil, nil
	}
	d1, err := from.mat()
	if err != nil {
		return nil, err
	}
	defer d1.Close()
	d2, err := to.mat()
	if err != nil {
		return nil, err
	}
	defer d2.Close()
	return matchPoints(from.keys, d1, to.keys, d2), nil
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

// frame is where the homography takes the corners of a picture, in order;
// nothing when one lies behind the eye.
func frame(h gocv.Mat, m vision.Image) []point {
	w, ht := float64(m.W), float64(m.H)
	out := make([]point, 0, 4)
	for _, p := range [4]point{{0, 0}, {w, 0}, {w, ht}, {0, ht}} {
		z := h.GetDoubleAt(2, 0)*p.x + h.GetDoubleAt(2, 1)*p.y + h.GetDoubleAt(2, 2)
		if z < 1e-6 {
			return nil
		}
		out = append(out, point{
			(h.GetDoubleAt(0, 0)*p.x + h.GetDoubleAt(0, 1)*p.y + h.GetDoubleAt(0, 2)) / z,
			(h.GetDoubleAt(1, 0)*p.x + h.GetDoubleAt(1, 1)*p.y + h.GetDoubleAt(1, 2)) / z,
		})
	}
	return out
}

// plausible refuses foldings and extreme scales: the listing's corners must
// form a convex shape of a fair size in the photo.
func plausible(h gocv.Mat, listing, photo vision.Image) bool {
	if h.Empty() {
		return false
	}
	c := frame(h, listing)
	area := 0.0
	for i := range c {
		a, b, d := c[i], c[(i+1)%4], c[(i+2)%4]
		if turn(a, b, d) <= 0 {
			return false
		}
		area += (a.x*b.y - b.x*a.y) / 2
	}
	share := area / float64(photo.W*photo.H)
	return !math.IsNaN(share) && share > 0.05 && share < 20
}

func warp(m vision.Image, h gocv.Mat, width, height int) (vision.Image, error) {
	from, err := toMat(m)
	if err != nil {
		return vision.Image{}, err
	}
	defer from.Close()
	out := gocv.NewMat()
	defer out.Close()
	gocv.WarpPerspectiveWithParams(from, &out, h, image.Pt(width, height), gocv.InterpolationLinear, gocv.BorderConstant, color.RGBA{})
	return fromMat(out, m)
}
