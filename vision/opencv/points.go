package opencv

import (
	"cmp"
	"fmt"
	"image"
	"slices"

	"gocv.io/x/gocv"

	"waggle/vision"
)

// pointSide is what a photo's longest side is brought to, and pointGrowth how
// much it may grow: small pictures have too few points at their own size.
const (
	pointSide   = 384
	pointGrowth = 2
)

// Point is a place of a photo that is known again from another distance, turned
// and in other light (SIFT, Lowe 2004). X, Y and Size are shares of the longest
// side, Angle is in degrees from 0 to 360.
type Point struct {
	X, Y, Size, Angle float32
	Desc              [128]uint8
}

// Points gives the photo's strongest points, at most n, strongest first.
func Points(m vision.Image, n int) ([]Point, error) {
	src, err := toMat(m)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	grey := gocv.NewMat()
	defer grey.Close()
	gocv.CvtColor(src, &grey, gocv.ColorRGBToGray)
	k := min(pointGrowth, float64(pointSide)/float64(max(m.W, m.H)))
	gocv.Resize(grey, &grey, image.Pt(max(1, int(k*float64(m.W))), max(1, int(k*float64(m.H)))), 0, 0, gocv.InterpolationLinear)
	sift := gocv.NewSIFT()
	defer sift.Close()
	none := gocv.NewMat()
	defer none.Close()
	keys, descs := sift.DetectAndCompute(grey, none)
	defer descs.Close()
	if len(keys) == 0 || n < 1 {
		return nil, nil
	}
	return strongest(keys, descs, n, k*float64(max(m.W, m.H)))
}

// strongest takes n of the points; side is the longest one that they lie in.
func strongest(keys []gocv.KeyPoint, descs gocv.Mat, n int, side float64) ([]Point, error) {
	rows, err := descs.DataPtrFloat32()
	if err != nil {
		return nil, fmt.Errorf("opencv: points: %w", err)
	}
	order := make([]int, len(keys))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(keys[b].Response, keys[a].Response) })
	order = order[:min(n, len(order))]
	out := make([]Point, len(order))
	for i, at := range order {
		k := keys[at]
		p := Point{X: float32(k.X / side), Y: float32(k.Y / side), Size: float32(k.Size / side), Angle: float32(k.Angle)}
		for j := range p.Desc {
			p.Desc[j] = uint8(min(max(0, rows[at*len(p.Desc)+j]), 255))
		}
		out[i] = p
	}
	return out, nil
}
