package silero

import (
	"bufio"
	"errors"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"waggle/asr"
	"waggle/audio"
	"waggle/models/onnx"
)

// signal is that of testdata/make_silero.py.
func signal(n int) []int16 {
	pcm := make([]int16, n)
	state := uint32(1)
	for i := range pcm {
		state = state*1664525 + 1013904223
		swell := (i/16)%600 - 300
		v := (int(state>>16)%2001 - 1000) * max(swell, -swell)
		pcm[i] = int16(math.Floor(float64(v) / 60))
	}
	return pcm
}

func open(t testing.TB, name string, o Options) *Model {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + name + ".onnx")
	if err != nil {
		t.Fatal(err)
	}
	m, err := Open(name, raw, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	})
	return m
}

func detectorOf(t testing.TB, m *Model) asr.Detector {
	t.Helper()
	d, err := m.NewDetector()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(d.Close(), d.Close()); err != nil {
			t.Error(err)
		}
	})
	return d
}

// window is a row of golden.tsv.
type window struct {
	prob   float64
	spoken int // by sherpa-onnx, -1 where it takes no such graph or rate
}

func golden(t *testing.T) map[string][]window {
	t.Helper()
	f, err := os.Open("testdata/golden.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all := map[string][]window{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		cols := strings.Split(lines.Text(), "\t")
		p, err1 := strconv.ParseFloat(cols[2], 64)
		s, err2 := strconv.Atoi(cols[3])
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		key := cols[0] + " " + cols[1]
		all[key] = append(all[key], window{p, s})
	}
	return all
}

func TestProbabilitiesAndVerdictsAreThoseOfOthers(t *testing.T) {
	for key, want := range golden(t) {
		t.Run(key, func(t *testing.T) {
			name, r, _ := strings.Cut(key, " ")
			rate, _ := strconv.Atoi(r)
			d := detectorOf(t, open(t, name, Options{Hangover: -1}))
			pcm := signal(3 * rate)
			for range 2 { // Reset must forget everything
				before := 0
				for i, w := range want {
					at := i * rate * 512 / 16000
					got, err := d.Write(audio.Frame{PCM: pcm[at : at+rate*512/16000], Rate: rate})
					if err != nil {
						t.Fatal(err)
					}
					if math.Abs(float64(got.Prob)-w.prob) > 1e-4 {
						t.Fatalf("window %d: %v, want %v", i, got.Prob, w.prob)
					}
					if got.At != time.Duration(i+1)*32*time.Millisecond {
						t.Fatalf("window %d ends at %v", i, got.At)
					}
					// sherpa-onnx changes its mind one window later than the probability.
					if w.spoken >= 0 && w.spoken != before {
						t.Errorf("window %d: sherpa-onnx says %d, the window before was %d here", i, w.spoken, before)
					}
					if before = 0; got.Speech {
						before = 1
					}
				}
				d.Reset()
			}
		})
	}
}

func TestFramesOfAnyLengthGiveTheSameVerdicts(t *testing.T) {
	m := open(t, "v5", Options{})
	pcm := signal(16000)
	last := func(piece int) asr.Activity {
		d := detectorOf(t, m)
		var a asr.Activity
		for rest := pcm; len(rest) > 0; rest = rest[min(piece, len(rest)):] {
			var err error
			if a, err = d.Write(audio.Frame{PCM: rest[:min(piece, len(rest))], Rate: 16000}); err != nil {
				t.Fatal(err)
			}
		}
		return a
	}
	want := last(512)
	for _, piece := range []int{1, 160, 320, 1000, 16000} {
		if got := last(piece); got != want {
			t.Errorf("pieces of %d: %+v, want %+v", piece, got, want)
		}
	}
}

func TestAGraphOfOneRateHearsTelephonesToo(t *testing.T) {
	d := detectorOf(t, open(t, "xhc", Options{}))
	pcm := signal(8000)
	var spoken, windows int
	for at := 0; at+160 <= len(pcm); at += 160 {
		a, err := d.Write(audio.Frame{PCM: pcm[at : at+160], Rate: 8000})
		if err != nil {
			t.Fatal(err)
		}
		if windows++; a.Speech {
			spoken++
		}
	}
	if spoken == 0 || spoken == windows {
		t.Errorf("speech in %d of %d frames", spoken, windows)
	}
}

func TestHangoverBridgesShortGaps(t *testing.T) {
	m := open(t, "v5", Options{})
	h := m.hysteresis()
	for i, c := range []struct {
		p    float32
		want bool
	}{{0.49, false}, {0.5, true}, {0.2, true}, {0.2, true}, {0.36, true}, {0.2, true}, {0.2, true}, {0.2, false}, {0.49, false}} {
		if h.Judge(c.p, 32*time.Millisecond); h.Last().Speech != c.want {
			t.Errorf("window %d at %v: speech %v", i, c.p, h.Last().Speech)
		}
	}
}

func TestRatesAreKept(t *testing.T) {
	d := detectorOf(t, open(t, "v4", Options{}))
	if a, err := d.Write(audio.Frame{}); err != nil || a != (asr.Activity{}) {
		t.Errorf("an empty frame: %+v, %v", a, err)
	}
	for _, rate := range []int{44100, 8000, 16000} {
		_, err := d.Write(audio.Frame{PCM: make([]int16, 80), Rate: rate})
		if (rate == 8000) != (err == nil) || err != nil && !errors.Is(err, asr.ErrRate) {
			t.Errorf("%d Hz: %v", rate, err)
		}
	}
}

func TestGraphsThatAreNoSileroAreRefused(t *testing.T) {
	f := func(dims ...int64) onnx.Port { return onnx.Port{Type: onnx.Float32, Dims: dims} }
	rate := onnx.Port{Type: onnx.Int64}
	for name, c := range map[string]struct{ in, out []onnx.Port }{
		"nothing":       {},
		"no state":      {[]onnx.Port{f(-1, -1), rate}, []onnx.Port{f(-1, 1)}},
		"three states":  {[]onnx.Port{f(-1, -1), f(1), f(1), f(1)}, []onnx.Port{f(1), f(1), f(1), f(1)}},
		"huge state":    {[]onnx.Port{f(-1, -1), f(1<<40, 1<<40), rate}, []onnx.Port{f(1), f(1)}},
		"large state":   {[]onnx.Port{f(-1, -1), f(1<<10, 1<<10), rate}, []onnx.Port{f(1), f(1)}},
		"lost state":    {[]onnx.Port{f(-1, -1), f(2, 1, 128), rate}, []onnx.Port{f(1)}},
		"features":      {[]onnx.Port{f(-1, 4, 80), f(-1, 1)}, []onnx.Port{f(-1, 4), f(-1, 1)}},
		"two rates":     {[]onnx.Port{f(-1, -1), rate, rate}, []onnx.Port{f(1), f(1)}},
		"samples int64": {[]onnx.Port{{Type: onnx.Int64, Dims: []int64{1, 512}}, f(1)}, []onnx.Port{f(1), f(1)}},
	} {
		if Is(c.in, c.out) {
			t.Errorf("%s passes", name)
		}
	}
	raw, err := os.ReadFile("../testdata/tiny-vad.onnx")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open("tiny-vad", raw, Options{}); !errors.Is(err, ErrModel) {
		t.Errorf("a graph of features: %v", err)
	}
	if _, err := Open("cut", raw[:100], Options{}); !errors.Is(err, onnx.ErrNotONNX) {
		t.Errorf("a truncated graph: %v", err)
	}
}

func TestFramesDoNotAllocate(t *testing.T) {
	d := detectorOf(t, open(t, "v5", Options{}))
	f := audio.Frame{PCM: signal(320), Rate: 16000}
	write := func() {
		if _, err := d.Write(f); err != nil {
			t.Fatal(err)
		}
	}
	write()
	if n := testing.AllocsPerRun(200, write); n != 0 {
		t.Errorf("%v allocations a frame", n)
	}
}
