package fbank

import (
	"bufio"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// signal is the test sound of testdata/golden.py, in integer arithmetic.
func signal(n int) []int16 {
	pcm := make([]int16, n)
	state := uint32(1)
	abs := func(v int) int { return max(v, -v) }
	for i := range pcm {
		state = state*1664525 + 1013904223
		noise := int(state>>16)%601 - 300
		tone := abs((i*7)%400-200)*40 - 4000 + abs((i*3)%128-64)*60
		if i < 3000 || i >= 3800 {
			pcm[i] = int16(noise + tone)
		}
	}
	return pcm
}

// all returns every frame of pcm, written in pieces of the given length.
func all(pcm []int16, piece int) [][Bins]float32 { return allOf(New(), pcm, piece) }

func allOf(e *Extractor, pcm []int16, piece int) [][Bins]float32 {
	var frames [][Bins]float32
	var f [Bins]float32
	drain := func() {
		for e.Read(f[:]) {
			frames = append(frames, f)
		}
	}
	for len(pcm) > 0 {
		n := min(piece, len(pcm))
		e.Write(pcm[:n])
		pcm = pcm[n:]
		drain()
	}
	e.Flush()
	drain()
	return frames
}

func TestFramesEqualKaldi(t *testing.T) {
	for _, c := range []struct {
		file   string
		set    Options
		frames int
	}{
		{"golden.tsv", Zipformer(), 51},
		{"funasr.tsv", FunASR(), 49},
		{"nemo.tsv", NeMo(), 51},
	} {
		t.Run(c.file, func(t *testing.T) {
			got := allOf(NewWith(c.set), signal(8123), 8123)
			if len(got) != c.frames {
				t.Fatalf("%d frames, kaldi has %d", len(got), c.frames)
			}
			compare(t, "testdata/"+c.file, got)
		})
	}
}

func TestCepstraEqualKaldi(t *testing.T) {
	e := NewWith(TeleSpeech())
	if e.Width() != 40 {
		t.Fatalf("%d values a frame", e.Width())
	}
	got, c := allOf(e, signal(8123), 8123), NewCepstra(e.Width())
	if len(got) != 49 {
		t.Fatalf("%d frames, kaldi has 49", len(got))
	}
	for i := range got {
		c.Transform(got[i][:e.Width()])
	}
	compareTo(t, "testdata/telespeech.tsv", got, e.Width())
}

func compare(t *testing.T, path string, got [][Bins]float32) { compareTo(t, path, got, Bins) }

func compareTo(t *testing.T, path string, got [][Bins]float32, width int) {
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows := 0
	for lines := bufio.NewScanner(f); lines.Scan(); rows++ {
		cols := strings.Split(lines.Text(), "\t")
		i, err := strconv.Atoi(cols[0])
		if err != nil || len(cols) != width+1 {
			t.Fatalf("golden row %q: %v", cols[0], err)
		}
		for b, c := range cols[1:] {
			want, _ := strconv.ParseFloat(c, 32)
			if math.Abs(want-float64(got[i][b])) > 2e-3 {
				t.Errorf("frame %d bin %d = %.5f, kaldi has %.5f", i, b, got[i][b], want)
			}
		}
	}
	if rows == 0 {
		t.Errorf("%s is empty", path)
	}
}

func TestPiecesDoNotChangeFramesOfOtherSettings(t *testing.T) {
	pcm := signal(2*Rate + 77)
	want := allOf(NewWith(FunASR()), pcm, len(pcm))
	for _, piece := range []int{1, 160, 399} {
		got := allOf(NewWith(FunASR()), pcm, piece)
		if !slices.Equal(got, want) {
			t.Errorf("piece %d: %d frames differ from %d", piece, len(got), len(want))
		}
	}
}

func TestPiecesDoNotChangeFrames(t *testing.T) {
	pcm := signal(5*Rate + 77)
	want := all(pcm, len(pcm))
	for _, piece := range []int{1, 7, 160, 320, 4000} {
		got := all(pcm, piece)
		if len(got) != len(want) {
			t.Fatalf("piece %d: %d frames, want %d", piece, len(got), len(want))
		}
		for i := range want {
			if got[i] != want[i] {
				t.Fatalf("piece %d: frame %d differs", piece, i)
			}
		}
	}
}

func TestDigitalSilenceIsTheFloor(t *testing.T) {
	for _, f := range all(make([]int16, 800), 100) {
		for _, v := range f {
			if math.Abs(float64(v)-math.Log(floor)) > 1e-4 {
				t.Fatalf("silence gives %v", v)
			}
		}
	}
}

func TestSteadyStateDoesNotAllocate(t *testing.T) {
	e := New()
	pcm := signal(320)
	var f [Bins]float32
	step := func() {
		e.Write(pcm)
		for e.Read(f[:]) {
		}
	}
	for range 300 {
		step()
	}
	if n := testing.AllocsPerRun(500, step); n != 0 {
		t.Errorf("%v allocations per 20 ms", n)
	}
}

func FuzzExtractor(f *testing.F) {
	f.Add([]byte{1, 2, 3, 255, 128, 0}, uint8(3))
	f.Add(make([]byte, 900), uint8(200))
	f.Fuzz(func(t *testing.T, raw []byte, piece uint8) {
		pcm := make([]int16, len(raw)/2)
		for i := range pcm {
			pcm[i] = int16(uint16(raw[2*i]) | uint16(raw[2*i+1])<<8)
		}
		frames := all(pcm, int(piece)+1)
		if want := (len(pcm) + Shift/2) / Shift; len(frames) != want {
			t.Fatalf("%d samples gave %d frames, want %d", len(pcm), len(frames), want)
		}
		for _, fr := range frames {
			for _, v := range fr {
				if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
					t.Fatalf("bin is %v", v)
				}
			}
		}
	})
}

func BenchmarkFrame(b *testing.B) {
	e := New()
	pcm := signal(Shift)
	var f [Bins]float32
	b.ReportAllocs()
	for b.Loop() {
		e.Write(pcm)
		for e.Read(f[:]) {
		}
	}
}
