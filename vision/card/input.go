package card

import (
	"errors"
	"fmt"
	"math"
)

// Layouts of an input tensor, order of its colours and ways to bring a photo
// to its size.
const (
	NCHW = "NCHW"
	NHWC = "NHWC"

	RGB = "RGB"
	BGR = "BGR"

	// ResizeStretch gives exactly width x height, whatever the photo's shape.
	ResizeStretch = "stretch"
	// ResizeCrop fills width x height and cuts what stands over (CLIP, DINOv2).
	ResizeCrop = "crop"
	// ResizeLetterbox fits into width x height, in the middle of grey bars (YOLO).
	ResizeLetterbox = "letterbox"
	// ResizeFit makes the longer side at most `longest`, keeps the shape, and
	// repeats the last row and column up to a multiple of `multiple_of`
	// (fully convolutional networks, DBNet).
	ResizeFit = "fit"
	// ResizeHeight gives exactly `height` and as much width as the shape asks
	// for, at most `longest`, padded to `multiple_of` (text lines).
	ResizeHeight = "height"
)

// Input says how a photo becomes a tensor of shape [1,3,H,W] or [1,H,W,3]:
// value = (pixel*scale - mean) / std for each channel, in the order of Colour.
type Input struct {
	Name   string     `json:"name"`
	Layout string     `json:"layout"`
	Colour string     `json:"colour"`
	Scale  float64    `json:"scale"`
	Mean   [3]float64 `json:"mean"`
	Std    [3]float64 `json:"std"`
	Resize string     `json:"resize"`
	// Width and Height in pixels, for stretch, crop and letterbox; Height alone
	// for height.
	Width  int `json:"width,omitempty"`
	Height int `json:"height,omitempty"`
	// Longest side in pixels, and what both sides are a multiple of, for fit
	// and height.
	Longest    int `json:"longest,omitempty"`
	MultipleOf int `json:"multiple_of,omitempty"`
	// Pad is the grey of letterbox's bars, 0 to 255.
	Pad int `json:"pad,omitempty"`
}

// maxSide bounds what one input may cost: 2048 x 2048 x 3 floats are 48 MiB.
const maxSide = 2048

func (in Input) check() error {
	switch {
	case in.Name == "" || len(in.Name) > maxText:
		return errors.New("input: name is missing or too long")
	case in.Layout != NCHW && in.Layout != NHWC:
		return fmt.Errorf("input: layout %q: NCHW or NHWC", in.Layout)
	case in.Colour != RGB && in.Colour != BGR:
		return fmt.Errorf("input: colour %q: RGB or BGR", in.Colour)
	case !(in.Scale > 0 && in.Scale <= 1e3):
		return fmt.Errorf("input: scale %g: 1 for 0 to 255, 0.00392157 for 0 to 1", in.Scale)
	case in.Pad < 0 || in.Pad > 255:
		return fmt.Errorf("input: pad %d: 0 to 255", in.Pad)
	}
	for c := range 3 {
		if !(in.Std[c] > 0) || math.IsInf(in.Std[c], 0) || math.IsNaN(in.Mean[c]) || math.Abs(in.Mean[c]) > 1e6 {
			return errors.New("input: mean and std need three finite figures each, std above 0")
		}
	}
	return in.checkSize()
}

func (in Input) checkSize() error {
	side := func(n int) bool { return n >= 8 && n <= maxSide }
	switch in.Resize {
	case ResizeStretch, ResizeCrop, ResizeLetterbox:
		if !side(in.Width) || !side(in.Height) {
			return fmt.Errorf("input: width and height from 8 to %d for %s", maxSide, in.Resize)
		}
		return nil
	case ResizeHeight:
		if !side(in.Height) {
			return fmt.Errorf("input: height from 8 to %d", maxSide)
		}
	case ResizeFit:
	default:
		return fmt.Errorf("input: resize %q: stretch, crop, letterbox, fit or height", in.Resize)
	}
	if !side(in.Longest) || in.MultipleOf < 1 || in.MultipleOf > in.Longest || in.Longest%in.MultipleOf != 0 {
		return fmt.Errorf("input: longest from 8 to %d, a multiple of multiple_of, for %s", maxSide, in.Resize)
	}
	return nil
}

// size is the shape that the graph's input must be able to take; -1 where any
// multiple will do.
func (in Input) size() (w, h int) {
	switch in.Resize {
	case ResizeFit:
		return -1, -1
	case ResizeHeight:
		return -1, in.Height
	}
	return in.Width, in.Height
}
