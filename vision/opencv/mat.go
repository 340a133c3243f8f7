// Package opencv does for vision what OpenCV is good at: cutting the item out
// and laying a listing photo over a buyer's. It sees decoded pixels only,
// never a file. It imports vision's plain types; cgo stays in here.
package opencv

import (
	"fmt"

	"gocv.io/x/gocv"

	"waggle/vision"
)

// toMat copies a photo into a Mat of BGR order's shape; the channels stay
// red, green, blue. The caller closes it.
func toMat(m vision.Image) (gocv.Mat, error) {
	if m.W <= 0 || m.H <= 0 || len(m.Pix) != 3*m.W*m.H {
		return gocv.Mat{}, fmt.Errorf("opencv: no picture of %d x %d", m.W, m.H)
	}
	return gocv.NewMatFromBytes(m.H, m.W, gocv.MatTypeCV8UC3, m.Pix)
}

// fromMat copies pixels back.
func fromMat(m gocv.Mat, like vision.Image) (vision.Image, error) {
	pix, err := m.DataPtrUint8()
	if err != nil {
		return vision.Image{}, fmt.Errorf("opencv: %w", err)
	}
	out := like
	out.W, out.H = m.Cols(), m.Rows()
	out.Pix = append([]uint8(nil), pix...)
	return out, nil
}
