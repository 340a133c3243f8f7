package measure

import (
	"bytes"
	"context"
	"image"
	"math"
	"math/rand/v2"
	"slices"
	"syscall"
	"time"

	"waggle/vision"
	"waggle/vision/inspect"
)

// Speed is how long one photo takes on its way from bytes to a report, with
// one listing photo to compare with.
type Speed struct {
	Photos    int     `json:"photos"`
	Megapixel float64 `json:"megapixel"` // of each photo
	// Verdict is from the first byte of the file to the report, by the clock.
	VerdictP50 float64 `json:"verdict_ms_p50"`
	VerdictP95 float64 `json:"verdict_ms_p95"`
	// CPU is the processor time of the same, all threads together: what it costs
	// on one core, whatever else the machine is doing.
	CPUP50 float64 `json:"cpu_ms_p50"`
	CPUP95 float64 `json:"cpu_ms_p95"`
	// Stages are medians of the processor time of each, decode first.
	Stages []Stage `json:"stages"`
}

// Stage is one step of the way.
type Stage struct {
	Name string  `json:"name"`
	CPU  float64 `json:"cpu_ms"`
}

// Bench times drawn photos of w by h pixels.
func Bench(ctx context.Context, w, h, rounds int) (Speed, error) {
	var stop stopwatch
	in, err := inspect.Open(inspect.Options{Parallel: 1, Trace: stop.over})
	if err != nil {
		return Speed{}, err
	}
	defer in.Close()
	file, err := Photo(w, h)
	if err != nil {
		return Speed{}, err
	}
	listing := []vision.Image{vision.FromImage(drawn(800, 600))}
	var wall, cpu []float64
	for i := range rounds + 1 { // the first warms up
		stop.begin(i == 1)
		start, before := time.Now(), processorTime()
		photo, err := in.Intake().Decode(ctx, bytes.NewReader(file))
		if err != nil {
			return Speed{}, err
		}
		stop.over("decode")
		if _, err := in.Inspect(ctx, photo, listing); err != nil {
			return Speed{}, err
		}
		if i > 0 {
			wall, cpu = append(wall, millis(time.Since(start))), append(cpu, millis(processorTime()-before))
		}
	}
	s := Speed{Photos: rounds, Megapixel: math.Round(float64(w*h)/1e5) / 10, Stages: stop.medians()}
	s.VerdictP50, s.VerdictP95 = ends(wall)
	s.CPUP50, s.CPUP95 = ends(cpu)
	return s, nil
}

// stopwatch collects the processor time of stages.
type stopwatch struct {
	last  time.Duration
	names []string
	times map[string][]float64
}

// begin starts a round; anew forgets those before.
func (s *stopwatch) begin(anew bool) {
	if anew || s.times == nil {
		s.names, s.times = nil, map[string][]float64{}
	}
	s.last = processorTime()
}

func (s *stopwatch) over(stage string) {
	now := processorTime()
	if len(s.times[stage]) == 0 {
		s.names = append(s.names, stage)
	}
	s.times[stage] = append(s.times[stage], millis(now-s.last))
	s.last = now
}

func (s *stopwatch) medians() []Stage {
	out := make([]Stage, len(s.names))
	for i, n := range s.names {
		out[i].Name = n
		out[i].CPU, _ = ends(s.times[n])
	}
	return out
}

// processorTime is what this process has used on all cores.
func processorTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func millis(d time.Duration) float64 { return math.Round(float64(d.Microseconds())/100) / 10 }

func ends(ms []float64) (p50, p95 float64) {
	slices.Sort(ms)
	return percentile(ms, 0.5), percentile(ms, 0.95)
}

// Photo is a drawn photo as a JPEG file.
func Photo(w, h int) ([]byte, error) {
	var file bytes.Buffer
	err := vision.FromImage(drawn(w, h)).JPEG(&file)
	return file.Bytes(), err
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
