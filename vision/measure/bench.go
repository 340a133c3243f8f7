package measure

import (
	"bytes"
	"context"
	"image"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"waggle/vision"
	"waggle/vision/inspect"
)

// Speed is how long one photo takes on its way from bytes to a report.
type Speed struct {
	Photos    int     `json:"photos"`
	Megapixel float64 `json:"megapixel"` // of each photo
	DecodeP50 float64 `json:"decode_ms_p50"`
	DecodeP95 float64 `json:"decode_ms_p95"`
	// Inspect is quality, item and damage; Compare has a listing photo besides.
	InspectP50 float64 `json:"inspect_ms_p50"`
	InspectP95 float64 `json:"inspect_ms_p95"`
	CompareP50 float64 `json:"compare_ms_p50"`
	CompareP95 float64 `json:"compare_ms_p95"`
	PerSecond  float64 `json:"photos_per_second"` // one after another, with decoding, without listing
}

// Bench times drawn photos of 4032 by 3024 pixels, as phones take them.
func Bench(ctx context.Context, in *inspect.Inspector, rounds int) (Speed, error) {
	const w, h = 4032, 3024
	var file bytes.Buffer
	if err := vision.FromImage(drawn(w, h)).JPEG(&file); err != nil {
		return Speed{}, err
	}
	listing := vision.FromImage(drawn(800, 600))
	var decode, alone, both []float64
	for range rounds {
		start := time.Now()
		photo, err := in.Intake().Decode(ctx, bytes.NewReader(file.Bytes()))
		if err != nil {
			return Speed{}, err
		}
		decode = append(decode, since(start))
		for listed, out := range map[bool]*[]float64{false: &alone, true: &both} {
			var against []vision.Image
			if listed {
				against = []vision.Image{listing}
			}
			start = time.Now()
			if _, err := in.Inspect(ctx, photo, against); err != nil {
				return Speed{}, err
			}
			*out = append(*out, since(start))
		}
	}
	s := Speed{Photos: rounds, Megapixel: w * h / 1e6}
	s.DecodeP50, s.DecodeP95 = ends(decode)
	s.InspectP50, s.InspectP95 = ends(alone)
	s.CompareP50, s.CompareP95 = ends(both)
	s.PerSecond = math.Round(1e5/(s.DecodeP50+s.InspectP50)) / 100
	return s, nil
}

func since(t time.Time) float64 { return math.Round(float64(time.Since(t).Microseconds())/100) / 10 }

func ends(ms []float64) (p50, p95 float64) {
	slices.Sort(ms)
	return percentile(ms, 0.5), percentile(ms, 0.95)
}

// drawn is a box with a print on a textured table, with the grain of a sensor.
func drawn(w, h int) image.Image {
	rng := rand.New(rand.NewPCG(1, 2))
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			u, v := float64(x)/float64(w), float64(y)/float64(h)
			c := [3]float64{150 + 20*math.Sin(40*u+9*v), 120 + 10*math.Sin(31*v), 90}
			if u > 0.25 && u < 0.75 && v > 0.2 && v < 0.8 {
				c = [3]float64{190 - 40*u, 190 - 20*v, 200}
				if int(u*24)%3 == 0 && int(v*20)%4 < 2 {
					c = [3]float64{40, 70, 140 + 40*math.Sin(60*u*v)}
				}
			}
			i := m.PixOffset(x, y)
			for k := range 3 {
				m.Pix[i+k] = uint8(max(0, min(255, c[k]+3*rng.NormFloat64())))
			}
			m.Pix[i+3] = 255
		}
	}
	return m
}
