package tenvad

import (
	"bufio"
	"errors"
	"maps"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"waggle/asr"
	"waggle/asr/modeldir"
	"waggle/audio"
	"waggle/models/onnx"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// signal is that of testdata/make_tenvad.py.
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

func graph(t testing.TB) []byte {
	t.Helper()
	raw, err := os.ReadFile("testdata/model.onnx")
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func open(t testing.TB, o Options) *Model {
	t.Helper()
	m, err := Open("model.onnx", graph(t), o)
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

func TestProbabilitiesAndVerdictsAreThoseOfSherpaOnnx(t *testing.T) {
	f, err := os.Open("testdata/golden.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	d := detectorOf(t, open(t, Options{Hangover: -1}))
	for range 2 { // Reset must forget everything
		if _, err := f.Seek(0, 0); err != nil {
			t.Fatal(err)
		}
		pcm, before, changes, i := signal(3*16000), 0, 0, 0
		for lines := bufio.NewScanner(f); lines.Scan(); i++ {
			prob, spoken, _ := strings.Cut(lines.Text(), "\t")
			want, err := strconv.ParseFloat(prob, 64)
			if err != nil {
				t.Fatal(err)
			}
			got, err := d.Write(audio.Frame{PCM: pcm[i*window:][:window], Rate: 16000})
			if err != nil {
				t.Fatal(err)
			}
			if math.Abs(float64(got.Prob)-want) > 1e-4 || got.At != time.Duration(i+1)*span {
				t.Fatalf("window %d: %+v, want %v", i, got, want)
			}
			// sherpa-onnx changes its mind one window later than the probability.
			if spoken != strconv.Itoa(before) {
				t.Errorf("window %d: sherpa-onnx says %s, the window before was %d here", i, spoken, before)
			}
			now := 0
			if got.Speech {
				now = 1
			}
			if now != before {
				changes++
			}
			before = now
		}
		if i < 180 || changes < 5 {
			t.Errorf("%d windows, %d changes", i, changes)
		}
		d.Reset()
	}
}

func TestFramesOfAnyLengthGiveTheSameVerdicts(t *testing.T) {
	m, pcm := open(t, Options{}), signal(16000)
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
	want := last(window)
	for _, piece := range []int{1, 160, 320, 16000} {
		if got := last(piece); got != want {
			t.Errorf("pieces of %d: %+v, want %+v", piece, got, want)
		}
	}
}

func TestTelephoneSoundIsBroughtTo16k(t *testing.T) {
	d := detectorOf(t, open(t, Options{}))
	a, err := d.Write(audio.Frame{PCM: signal(8000), Rate: 8000})
	if err != nil || a.At < 900*time.Millisecond || a.At > time.Second {
		t.Errorf("%+v, %v", a, err)
	}
	if _, err := d.Write(audio.Frame{PCM: signal(160), Rate: 16000}); !errors.Is(err, asr.ErrRate) {
		t.Errorf("another rate: %v", err)
	}
}

func TestMetadataAndPortsThatDoNotFitAreRefused(t *testing.T) {
	about, err := onnx.Describe(graph(t))
	if err != nil {
		t.Fatal(err)
	}
	for key, value := range map[string]string{
		"mean": "", "inv_stddev": "1,2", "window": strings.Repeat("0,", 767) + "x",
	} {
		meta := maps.Clone(about.Meta)
		meta[key] = value
		if _, err := readConstants(meta); !errors.Is(err, modeldir.ErrMetadata) || !strings.Contains(err.Error(), key) {
			t.Errorf("%s: %v", key, err)
		}
	}
	f := func(dims ...int64) onnx.Port { return onnx.Port{Type: onnx.Float32, Dims: dims} }
	whole := []onnx.Port{f(1, 3, 41), f(1, 64), f(1, 64), f(1, 64), f(-1, 64)}
	if err := checkPorts(whole, whole); err != nil {
		t.Error(err)
	}
	for i, c := range []onnx.Port{f(1, 3, 40), f(1, 64, 1), f(1, 1<<40), {Type: onnx.Int64, Dims: []int64{1, 64}}} {
		spoilt := append([]onnx.Port{}, whole...)
		spoilt[i] = c
		if err := checkPorts(spoilt, whole); !errors.Is(err, ErrModel) {
			t.Errorf("input %d as %v: %v", i, c, err)
		}
	}
	if err := checkPorts(whole[:4], whole); !errors.Is(err, ErrModel) {
		t.Errorf("four inputs: %v", err)
	}
}

func TestDamagedGraphsAreRefused(t *testing.T) {
	raw := graph(t)
	for _, n := range []int{0, 1, 100, len(raw) / 2, len(raw) - 1} {
		if m, err := Open("cut", raw[:n], Options{}); err == nil {
			t.Errorf("%d bytes were accepted", n)
			_ = m.Close()
		}
	}
}

func TestWindowsDoNotAllocate(t *testing.T) {
	d := detectorOf(t, open(t, Options{}))
	frame := audio.Frame{PCM: signal(window), Rate: 16000}
	hear := func() {
		if _, err := d.Write(frame); err != nil {
			t.Fatal(err)
		}
	}
	for range 5 {
		hear()
	}
	if n := testing.AllocsPerRun(50, hear); n != 0 {
		t.Errorf("%v allocations a window", n)
	}
}
