package card

import (
	"math"
	"testing"

	"waggle/vision"
)

// ramp gets brighter from left to right, by two levels a pixel.
func ramp(w, h int) vision.Image {
	m := plain(w, h, 0, 0, 0)
	for i := range w * h {
		for c := range 3 {
			m.Pix[3*i+c] = uint8(2 * (i % w))
		}
	}
	return m
}

func input(resize string) Input {
	return Input{Name: "x", Layout: NCHW, Colour: RGB, Scale: 1, Std: [3]float64{1, 1, 1}, Resize: resize,
		Width: 20, Height: 10, Longest: 40, MultipleOf: 8}
}

func TestResizeKeepsRampsStraight(t *testing.T) {
	for _, size := range [][2]int{{100, 50}, {20, 10}, {10, 5}} { // smaller, same, larger
		m := ramp(size[0], size[1])
		data, f := input(ResizeStretch).Prepare(m)
		k := float64(size[0]) / 20
		for x := 3; x < f.W-3; x++ { // away from the edges, where the filter is cut
			want := 2 * ((float64(x)+0.5)*k - 0.5)
			if got := float64(data[5*f.W+x]); math.Abs(got-want) > 0.6 {
				t.Errorf("from %v: pixel %d is %.2f, want %.2f", size, x, got, want)
			}
		}
	}
}

func TestCropTakesTheMiddle(t *testing.T) {
	data, f := input(ResizeCrop).Prepare(ramp(120, 20))
	if f.PhotoX != 40 || f.PhotoW != 40 || f.PhotoY != 0 || f.PhotoH != 20 {
		t.Fatalf("frame %+v", f)
	}
	if first, last := data[0], data[f.W-1]; math.Abs(float64(first)-81) > 1 || math.Abs(float64(last)-157) > 1 {
		t.Errorf("row from %g to %g, want 81 to 157", first, last)
	}
	if x, y := f.Photo(10, 5); x != 60 || y != 10 {
		t.Errorf("the middle maps to %g, %g", x, y)
	}
}

func TestFitKeepsShapeAndRepeatsTheEdge(t *testing.T) {
	data, f := input(ResizeFit).Prepare(ramp(90, 30))
	if f.FilledW != 40 || f.FilledH != 13 || f.W != 40 || f.H != 16 {
		t.Fatalf("frame %+v", f)
	}
	for x := range f.W {
		if data[12*f.W+x] != data[15*f.W+x] {
			t.Fatalf("column %d: the last row is not repeated", x)
		}
	}
	if _, f := input(ResizeFit).Prepare(ramp(11, 7)); f.FilledW != 11 || f.FilledH != 7 || f.W != 16 || f.H != 8 {
		t.Errorf("a small photo was made larger: %+v", f)
	}
}

func TestHeightFixesTheLineAndCapsItsWidth(t *testing.T) {
	in := input(ResizeHeight)
	if _, f := in.Prepare(ramp(60, 20)); f.H != 10 || f.FilledW != 30 || f.W != 32 {
		t.Errorf("frame %+v", f)
	}
	if _, f := in.Prepare(ramp(120, 2)); f.W != 40 {
		t.Errorf("a very long line: %+v", f)
	}
}

func TestTapsAddUpToOne(t *testing.T) {
	for _, c := range []struct {
		size, n       int
		start, length float64
	}{{1, 7, 0, 1}, {100, 3, 0, 100}, {3, 100, 0, 3}, {50, 20, 12.5, 25}, {2048, 8, 0, 2048}} {
		for i, tap := range taps(c.size, c.n, c.start, c.length) {
			var sum float32
			for _, w := range tap.weight {
				sum += w
			}
			if math.Abs(float64(sum)-1) > 1e-4 || tap.from < 0 || tap.from+len(tap.weight) > c.size {
				t.Errorf("%+v: tap %d from %d, %d weights, sum %g", c, i, tap.from, len(tap.weight), sum)
			}
		}
	}
}
