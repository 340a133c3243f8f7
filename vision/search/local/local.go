// Package local describes a photo place by place, in a few kilobytes that are
// kept with a catalogue, and compares two such descriptions: cells of what a
// network sees, and points of print. It imports vision's plain types,
// vision/opencv and the fast product of vision/search/index.
package local

import (
	"errors"
	"fmt"
	"math"

	"waggle/vision"
	"waggle/vision/opencv"
	"waggle/vision/search/index"
)

// ErrDescription says that bytes are no description, or that cells are none.
var ErrDescription = errors.New("local: not a description")

// Points of a catalogue's picture, which are kept, and of a photo that is
// searched for, which are not.
const (
	KeptPoints  = 160
	QueryPoints = 200
)

// Bounds of what a network may give.
const (
	maxSide  = 32
	maxWidth = 512
)

// Description of one photo.
type Description struct {
	w, h, width int     // cells across and down, numbers of one
	cells       []int8  // h*w rows, each of length 1 times cellUnit, padded
	points      []point // strongest first
}

// cellUnit is how long a row of cells is as int8.
const cellUnit = 127

// point is a SIFT point; desc is its RootSIFT (Arandjelovic and Zisserman
// 2012), of length descUnit.
type point struct {
	x, y, size, angle float32 // shares of the longest side, radians
	desc              [descWidth]int8
}

const (
	descWidth = 128
	descUnit  = 256 // single numbers above a half are cut; few are
)

// Cells are what a network gives for places: Data[c*H*W+y*W+x] is number c.
type Cells struct {
	Width, H, W int
	Data        []float32
}

// Describe takes the photo's cells, of which there may be none, and finds at
// most points of its points.
func Describe(m vision.Image, cells Cells, points int) (*Description, error) {
	d := &Description{}
	if err := d.setCells(cells); err != nil {
		return nil, err
	}
	found, err := opencv.Points(m, points)
	if err != nil {
		return nil, fmt.Errorf("local: %w", err)
	}
	d.points = make([]point, len(found))
	for i, p := range found {
		d.points[i] = rooted(p)
	}
	return d, nil
}

// setCells brings every cell to length 1.
func (d *Description) setCells(c Cells) error {
	if len(c.Data) == 0 {
		return nil
	}
	if c.W < 1 || c.H < 1 || c.W > maxSide || c.H > maxSide || c.Width < 1 || c.Width > maxWidth || len(c.Data) != c.Width*c.H*c.W {
		return fmt.Errorf("%w: %d numbers for %d x %d cells of %d", ErrDescription, len(c.Data), c.W, c.H, c.Width)
	}
	d.w, d.h, d.width = c.W, c.H, c.Width
	n, row := c.W*c.H, index.Stride(c.Width)
	d.cells = make([]int8, n*row)
	for at := range n {
		var sum float64
		for k := range c.Width {
			v := float64(c.Data[k*n+at])
			sum += v * v
		}
		if !(sum > 1e-20) || math.IsInf(sum, 0) {
			continue // a cell of zeros is like no other
		}
		unit := cellUnit / math.Sqrt(sum)
		for k := range c.Width {
			d.cells[at*row+k] = int8(math.RoundToEven(float64(c.Data[k*n+at]) * unit))
		}
	}
	return nil
}

func rooted(p opencv.Point) point {
	out := point{x: p.X, y: p.Y, size: p.Size, angle: p.Angle * math.Pi / 180}
	sum := 0
	for _, v := range p.Desc {
		sum += int(v)
	}
	for i, v := range p.Desc {
		out.desc[i] = int8(min(127, math.RoundToEven(descUnit*math.Sqrt(float64(v)/float64(max(1, sum))))))
	}
	return out
}
