package embed

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"waggle/vision"
	"waggle/vision/card"
)

func opened(t *testing.T, name string) *Describer {
	t.Helper()
	d, err := Open("testdata/"+name+".json", card.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

// blocks is a photo of coloured blocks.
func blocks(seed uint64, w, h int) vision.Image {
	rng := rand.New(rand.NewPCG(seed, 1))
	var colours [16][3]uint8
	for i := range colours {
		for c := range 3 {
			colours[i][c] = uint8(rng.IntN(256))
		}
	}
	m := vision.Image{W: w, H: h, Pix: make([]uint8, 0, 3*w*h)}
	for y := range h {
		for x := range w {
			c := colours[y*4/h*4+x*4/w]
			m.Pix = append(m.Pix, c[0], c[1], c[2])
		}
	}
	return m
}

// light makes a photo darker and warmer.
func light(m vision.Image, k float64) vision.Image {
	out := m
	out.Pix = make([]uint8, len(m.Pix))
	for i, p := range m.Pix {
		out.Pix[i] = uint8(float64(p) * (k - 0.04*float64(i%3)))
	}
	return out
}

func product(a, b []float32) float64 {
	var s float64
	for i := range a {
		s += float64(a[i]) * float64(b[i])
	}
	return s
}

func describe(t *testing.T, d *Describer, m vision.Image) []float32 {
	t.Helper()
	v, err := d.Describe(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	return v.Vector
}

func TestTheSameThingInOtherLightIsNearerThanAnother(t *testing.T) {
	for _, name := range []string{"grid", "tokens"} {
		d := opened(t, name)
		a := describe(t, d, blocks(1, 120, 90))
		if len(a) != d.Dim() || math.Abs(product(a, a)-1) > 1e-4 {
			t.Errorf("%s: %d numbers of length %.4f", name, len(a), product(a, a))
		}
		same, other := product(a, describe(t, d, light(blocks(1, 200, 150), 0.9))), product(a, describe(t, d, blocks(2, 120, 90)))
		if same < other+0.1 {
			t.Errorf("%s: the same %.3f, another %.3f", name, same, other)
		}
	}
}

func TestAMapIsPooledOverItsPlaces(t *testing.T) {
	v, err := pool(card.Output{Data: []float32{1, 3, 5, 7, 0, 0, 0, 8}, Dims: []int{1, 2, 2, 2}})
	if err != nil || len(v) != 2 || v[0] != 4 || v[1] != 2 {
		t.Errorf("%v, %v", v, err)
	}
	if d := opened(t, "map"); d.Dim() != 3+bins {
		t.Errorf("%d numbers", d.Dim())
	}
}

func TestColoursKnowTheMiddleBetter(t *testing.T) {
	red := func(inside bool) vision.Image {
		m := vision.Image{W: 60, H: 60, Pix: make([]uint8, 3*60*60)}
		for y := range 60 {
			for x := range 60 {
				in := x >= 20 && x < 40 && y >= 20 && y < 40
				if in == inside {
					m.Pix[3*(60*y+x)] = 220
				}
			}
		}
		return m
	}
	all := vision.Image{W: 60, H: 60, Pix: make([]uint8, 3*60*60)}
	for i := 0; i < len(all.Pix); i += 3 {
		all.Pix[i] = 220
	}
	h := colours(all)
	// The inner square has an eighth of the pixels of the rest; weighed, it counts for more than that.
	in, out := product(h, colours(red(true))), product(h, colours(red(false)))
	if in*in < (out*out)/6 {
		t.Errorf("middle %.3f, around %.3f", in*in, out*out)
	}
	if s := product(h, h); math.Abs(s-1) > 1e-4 {
		t.Errorf("length %.4f", s)
	}
}

func TestWhatGivesNoVectorIsRefused(t *testing.T) {
	for _, o := range []card.Output{
		{}, {Data: []float32{1}, Dims: []int{1}}, {Data: make([]float32, 4), Dims: []int{2, 2}}, {Data: make([]float32, 1), Dims: []int{1, 1, 1, 1, 1}},
	} {
		if _, err := pool(o); !errors.Is(err, ErrVector) {
			t.Errorf("%v: %v", o.Dims, err)
		}
	}
	if _, err := unit(make([]float32, 5)); !errors.Is(err, ErrVector) {
		t.Errorf("zero: %v", err)
	}
	if _, err := unit([]float32{float32(math.NaN())}); !errors.Is(err, ErrVector) {
		t.Errorf("NaN: %v", err)
	}
	if _, err := Open("testdata/nothing.json", card.Options{}); !errors.Is(err, card.ErrCard) {
		t.Errorf("no card: %v", err)
	}
}

func TestANetworkMaySpeakOfPlaces(t *testing.T) {
	d, err := opened(t, "placed").Describe(t.Context(), blocks(1, 64, 64))
	if err != nil || !slices.Equal(d.Places.Dims, []int{1, 48, 8, 8}) || len(d.Places.Data) != 48*8*8 {
		t.Errorf("%v, %d numbers, %v", d.Places.Dims, len(d.Places.Data), err)
	}
	if d, err := opened(t, "grid").Describe(t.Context(), blocks(1, 64, 64)); err != nil || len(d.Places.Data) != 0 {
		t.Errorf("a network that says nothing of places: %v, %v", d.Places.Dims, err)
	}
}
