package quality

import (
	"math"
	"math/rand/v2"
	"testing"

	"waggle/vision"
)

// scene draws a textured thing on a ground: shading, fine grain, edges.
func scene(w, h int) vision.Image {
	rng := rand.New(rand.NewPCG(3, 4))
	m := vision.Image{Pix: make([]uint8, 3*w*h), W: w, H: h, SourceW: w, SourceH: h}
	for y := range h {
		for x := range w {
			v := 120 + 30*math.Sin(float64(x)/23)*math.Cos(float64(y)/31)
			if x > w/4 && x < 3*w/4 && y > h/4 && y < 3*h/4 {
				v = 90 + 40*math.Sin(float64(x)/5)*math.Sin(float64(y)/7)
				if (x/16+y/16)%2 == 0 {
					v += 50
				}
			}
			for k := range 3 {
				m.Pix[3*(y*w+x)+k] = clamp(v + 4*rng.NormFloat64())
			}
		}
	}
	return m
}

func clamp(v float64) uint8 { return uint8(max(0, min(255, v))) }

// mapped changes every pixel.
func mapped(m vision.Image, f func(float64) float64) vision.Image {
	out := m
	out.Pix = make([]uint8, len(m.Pix))
	for i, p := range m.Pix {
		out.Pix[i] = clamp(f(float64(p)))
	}
	return out
}

// smeared averages along a direction, as a moving hand does; both directions
// one after another are a bad focus.
func smeared(m vision.Image, dx, dy, n int) vision.Image {
	out := m
	out.Pix = make([]uint8, len(m.Pix))
	for y := range m.H {
		for x := range m.W {
			for k := range 3 {
				sum := 0
				for i := -n; i <= n; i++ {
					u, v := min(m.W-1, max(0, x+i*dx)), min(m.H-1, max(0, y+i*dy))
					sum += int(m.Pix[3*(v*m.W+u)+k])
				}
				out.Pix[3*(y*m.W+x)+k] = uint8(sum / (2*n + 1))
			}
		}
	}
	return out
}

// screen draws what apps draw: flat areas with sharp borders.
func screen(w, h int) vision.Image {
	m := vision.Image{Pix: make([]uint8, 3*w*h), W: w, H: h, SourceW: w, SourceH: h}
	for y := range h {
		for x := range w {
			v := uint8(230)
			if y < h/8 {
				v = 60
			} else if x%80 > 10 && x%80 < 60 && y%40 > 12 && y%40 < 20 {
				v = 30
			}
			for k := range 3 {
				m.Pix[3*(y*w+x)+k] = v
			}
		}
	}
	return m
}

func TestAssessFindsTheProblem(t *testing.T) {
	good := scene(480, 360)
	cases := map[string]struct {
		photo vision.Image
		want  string
	}{
		"good":        {good, vision.LabelOK},
		"defocus":     {smeared(smeared(good, 1, 0, 5), 0, 1, 5), vision.LabelBlurred},
		"motion":      {smeared(good, 1, 0, 7), vision.LabelBlurred},
		"motion down": {smeared(good, 0, 1, 7), vision.LabelBlurred},
		"dark":        {mapped(good, func(v float64) float64 { return v * 0.08 }), vision.LabelDark},
		"overexposed": {mapped(good, func(v float64) float64 { return 2.6*v + 60 }), vision.LabelOverexposed},
		"screen":      {screen(480, 360), vision.LabelNotAPhoto},
		"tiny":        {scene(120, 90), vision.LabelSmall},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			q := Assess(c.photo, vision.Mask{})
			if q.Label != c.want {
				t.Errorf("label %s, want %s: %+v", q.Label, c.want, q)
			}
			if (q.Advice == "") != (c.want == vision.LabelOK) {
				t.Errorf("advice %q", q.Advice)
			}
		})
	}
}

func TestAPlainSharpThingIsNotCalledBlurred(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	shirt := mapped(scene(480, 360), func(float64) float64 { return 205 + 2*rng.NormFloat64() })
	if q := Assess(shirt, vision.Mask{}); q.Label == vision.LabelBlurred {
		t.Errorf("%+v", q)
	}
}

func TestOnlyTheItemCounts(t *testing.T) {
	m := scene(480, 360)
	item := vision.Mask{Pix: make([]uint8, 480*360), W: 480, H: 360}
	for y := range 360 {
		for x := range 480 {
			inside := x > 140 && x < 340 && y > 110 && y < 250
			if inside {
				item.Pix[y*480+x] = 255
			} else { // a window behind the item
				copy(m.Pix[3*(y*480+x):], []uint8{255, 255, 255})
			}
		}
	}
	if q := Assess(m, item); q.Label != vision.LabelOK {
		t.Errorf("%+v", q)
	}
}

func TestMeasureTakesAnySize(t *testing.T) {
	for _, s := range [][2]int{{1, 1}, {3, 900}, {40, 40}} {
		m := scene(s[0], s[1])
		if x := Measure(m, vision.Mask{}); math.IsNaN(x.Sharpness+x.Brightness+x.Clipped+x.Flat) || math.IsInf(x.Sharpness, 0) {
			t.Errorf("%v: %+v", s, x)
		}
	}
}

// lamp mirrors in the middle of a thing: light that fades over soft pixels,
// or white paint that ends at once.
func lamp(m vision.Image, radius, soft float64) vision.Image {
	out := m
	out.Pix = append([]uint8(nil), m.Pix...)
	for y := range m.H {
		for x := range m.W {
			d := math.Hypot(float64(x-m.W/2), float64(y-m.H/2))
			light := 400 / (1 + math.Exp((d-radius)/soft))
			for k := range 3 {
				i := 3*(y*m.W+x) + k
				out.Pix[i] = clamp(float64(out.Pix[i]) + light)
			}
		}
	}
	return out
}

func TestGlareIsALightAndNoPaint(t *testing.T) {
	m := scene(400, 300)
	for _, c := range []struct {
		name         string
		radius, soft float64
		want         string
	}{
		{"a lamp", 40, 8, vision.LabelGlare},
		{"a small lamp", 9, 2, vision.LabelOK},
		{"white paint", 40, 0.3, vision.LabelOK},
	} {
		if q := Assess(lamp(m, c.radius, c.soft), vision.Mask{}); q.Label != c.want {
			t.Errorf("%s: %+v", c.name, q)
		}
	}
	if Advice(vision.LabelGlare) == "" {
		t.Error("no advice")
	}
}
