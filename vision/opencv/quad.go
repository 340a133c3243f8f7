package opencv

import (
	"image"

	"gocv.io/x/gocv"

	"waggle/vision"
)

const (
	quadSide     = 320   // sheets need no detail
	quadLeast    = 0.008 // of the frame
	quadMost     = 0.30
	quadBend     = 0.04 // of the outline's length: how far a side may leave the straight line
	quadFill     = 0.88 // of the four-cornered shape that its outline must fill
	quadNarrow   = 0.25 // of one side to the other: a strip is no sheet
	quadContours = 400  // more are texture
)

// A Quad is a convex four-cornered shape in pixels of the photo, corners in
// order around it.
type Quad [4]image.Point

// Mask marks the inside of the shape on a picture of w by h pixels, a little
// away from its rim.
func (q Quad) Mask(w, h int) vision.Mask {
	var cx, cy float64
	for _, p := range q {
		cx, cy = cx+float64(p.X)/4, cy+float64(p.Y)/4
	}
	shape := make([]point, 4)
	for i, p := range q {
		shape[i] = point{cx + 0.88*(float64(p.X)-cx), cy + 0.88*(float64(p.Y)-cy)}
	}
	return marked(w, h, shape)
}

// Quads finds four-cornered outlines: sheets of paper, labels, price tags,
// boxes. Edges by Canny at two thresholds, outlines by Suzuki and Abe (1985),
// straightened by Douglas and Peucker (1973).
func Quads(m vision.Image) ([]Quad, error) {
	small := m.Fit(quadSide)
	src, err := toMat(small)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	grey, edges := gocv.NewMat(), gocv.NewMat()
	defer grey.Close()
	defer edges.Close()
	gocv.CvtColor(src, &grey, gocv.ColorRGBToGray)
	gocv.GaussianBlur(grey, &grey, image.Pt(3, 3), 0, 0, gocv.BorderDefault)
	kernel := gocv.GetStructuringElement(gocv.MorphRect, image.Pt(3, 3))
	defer kernel.Close()
	var out []Quad
	for _, low := range []float32{20, 60} {
		gocv.Canny(grey, &edges, low, 3*low)
		gocv.Dilate(edges, &edges, kernel)
		out = append(out, outlined(edges, small)...)
	}
	for i := range out {
		for j := range out[i] {
			out[i][j].X, out[i][j].Y = out[i][j].X*m.W/small.W, out[i][j].Y*m.H/small.H
		}
	}
	return out, nil
}

// outlined keeps the outlines of a picture of edges that are quads.
func outlined(edges gocv.Mat, small vision.Image) (out []Quad) {
	found := gocv.FindContours(edges, gocv.RetrievalList, gocv.ChainApproxSimple)
	defer found.Close()
	frame := float64(small.W * small.H)
	for i := range min(found.Size(), quadContours) {
		c := found.At(i)
		area := gocv.ContourArea(c)
		if area < quadLeast*frame || area > quadMost*frame {
			continue
		}
		if q, ok := straightened(c, area); ok {
			out = append(out, q)
		}
	}
	return out
}

func straightened(c gocv.PointVector, area float64) (q Quad, ok bool) {
	a := gocv.ApproxPolyDP(c, quadBend*gocv.ArcLength(c, true), true)
	defer a.Close()
	if a.Size() != 4 {
		return q, false
	}
	for i := range q {
		q[i] = a.At(i)
	}
	return q, q.convex() && area > quadFill*q.area() && !q.narrow()
}

func (q Quad) area() float64 {
	sum := 0
	for i, p := range q {
		n := q[(i+1)%4]
		sum += p.X*n.Y - n.X*p.Y
	}
	return max(float64(sum), float64(-sum)) / 2
}

func (q Quad) convex() bool {
	left, right := 0, 0
	for i := range q {
		a, b, c := q[i], q[(i+1)%4], q[(i+2)%4]
		if (b.X-a.X)*(c.Y-b.Y)-(b.Y-a.Y)*(c.X-b.X) > 0 {
			right++
		} else {
			left++
		}
	}
	return left == 0 || right == 0
}

func (q Quad) narrow() bool {
	side := func(i int) float64 {
		d := q[(i+1)%4].Sub(q[i])
		return float64(d.X*d.X + d.Y*d.Y)
	}
	short, long := min(side(0), side(1), side(2), side(3)), max(side(0), side(1), side(2), side(3))
	return short < quadNarrow*quadNarrow*long
}
