package opencv

import (
	"fmt"
	"image"

	"gocv.io/x/gocv"

	"waggle/vision"
)

const (
	itemSide   = 112  // GrabCut works on a copy of this size: 30 ms instead of seconds
	itemMargin = 12   // a twelfth at every border is taken for ground
	itemRounds = 3    // more rounds change nothing that matters
	itemLeast  = 0.08 // a smaller find is no item: the middle is taken instead
)

// Item marks the thing in the middle of a photo by GrabCut (Rother 2004),
// which is told that the border is ground. sure is false when nothing was
// found and the mask is the middle ellipse.
func Item(m vision.Image) (mask vision.Mask, sure bool, err error) {
	small := m.Fit(itemSide)
	if small.W < 2*itemMargin || small.H < 2*itemMargin {
		return ellipse(small.W, small.H).Resize(m.W, m.H), false, nil
	}
	src, err := toMat(small)
	if err != nil {
		return vision.Mask{}, false, err
	}
	defer src.Close()
	cut, err := grabCut(src)
	if err != nil {
		return vision.Mask{}, false, err
	}
	found, err := largest(cut, small.W, small.H)
	if err != nil {
		return vision.Mask{}, false, err
	}
	if found.Share() < itemLeast {
		return ellipse(small.W, small.H).Resize(m.W, m.H), false, nil
	}
	return found.Resize(m.W, m.H), true, nil
}

// grabCut returns 1 for item and 0 for ground.
func grabCut(src gocv.Mat) ([]uint8, error) {
	h, w := src.Rows(), src.Cols()
	const ground, perhapsItem = 0, 3 // cv::GC_BGD, cv::GC_PR_FGD
	seed := make([]uint8, w*h)
	for y := h / itemMargin; y < h-h/itemMargin; y++ {
		for x := w / itemMargin; x < w-w/itemMargin; x++ {
			seed[y*w+x] = perhapsItem
		}
	}
	mask, err := gocv.NewMatFromBytes(h, w, gocv.MatTypeCV8U, seed)
	if err != nil {
		return nil, fmt.Errorf("opencv: %w", err)
	}
	defer mask.Close()
	back, fore := gocv.NewMat(), gocv.NewMat()
	defer back.Close()
	defer fore.Close()
	gocv.GrabCut(src, &mask, image.Rect(0, 0, w, h), &back, &fore, itemRounds, gocv.GCInitWithMask)
	out, err := mask.DataPtrUint8()
	if err != nil {
		return nil, fmt.Errorf("opencv: %w", err)
	}
	cut := make([]uint8, len(out))
	for i, v := range out {
		cut[i] = v & 1 // GC_FGD is 1, GC_PR_FGD is 3
	}
	return cut, nil
}

// largest closes small gaps and keeps the largest connected part.
func largest(cut []uint8, w, h int) (vision.Mask, error) {
	src, err := gocv.NewMatFromBytes(h, w, gocv.MatTypeCV8U, cut)
	if err != nil {
		return vision.Mask{}, fmt.Errorf("opencv: %w", err)
	}
	defer src.Close()
	kernel := gocv.GetStructuringElement(gocv.MorphRect, image.Pt(5, 5))
	defer kernel.Close()
	gocv.MorphologyEx(src, &src, gocv.MorphClose, kernel)
	labels, stats, centres := gocv.NewMat(), gocv.NewMat(), gocv.NewMat()
	defer labels.Close()
	defer stats.Close()
	defer centres.Close()
	n := gocv.ConnectedComponentsWithStats(src, &labels, &stats, &centres)
	const areaColumn = 4 // cv::CC_STAT_AREA
	best, most := int32(0), int32(0)
	for i := 1; i < n; i++ {
		if a := stats.GetIntAt(i, areaColumn); a > most {
			best, most = int32(i), a
		}
	}
	out := vision.Mask{Pix: make([]uint8, w*h), W: w, H: h}
	if best == 0 {
		return out, nil
	}
	for y := range h {
		for x := range w {
			if labels.GetIntAt(y, x) == best {
				out.Pix[y*w+x] = 255
			}
		}
	}
	return out, nil
}

// ellipse marks the middle of the picture.
func ellipse(w, h int) vision.Mask {
	m := vision.Mask{Pix: make([]uint8, w*h), W: w, H: h}
	for y := range h {
		for x := range w {
			dx := (float64(x) + 0.5 - float64(w)/2) / (0.35 * float64(w))
			dy := (float64(y) + 0.5 - float64(h)/2) / (0.35 * float64(h))
			if dx*dx+dy*dy <= 1 {
				m.Pix[y*w+x] = 255
			}
		}
	}
	return m
}
