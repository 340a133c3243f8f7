package voice

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"waggle/audio"
	"waggle/dialog"
)

// tape is a recording into a temporary file, on a disk that can fill up.
type tape struct {
	path string
	full bool
	*Recording
}

func newTape(t *testing.T, rate int) *tape {
	x := &tape{path: filepath.Join(t.TempDir(), "call.wav")}
	x.Recording = NewRecording(rate, func() (File, error) {
		f, err := os.Create(x.path)
		return &disk{f, x}, err
	}, func() error { return os.Remove(x.path) })
	return x
}

type disk struct {
	*os.File
	tape *tape
}

func (d *disk) Write(p []byte) (int, error) {
	if d.tape.full {
		return 0, errors.New("no space left on device")
	}
	return d.File.Write(p)
}

func (x *tape) read(t *testing.T) audio.WAV {
	t.Helper()
	f, err := os.Open(x.path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w, err := audio.ReadWAV(f, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func frames(r *Recording, n int, left, right int16) {
	for range n {
		r.Caller(audio.Frame{PCM: constant(left), Rate: simRate})
		r.Robot(audio.Frame{PCM: constant(right), Rate: simRate})
	}
}

func TestCallerIsLeftAndRobotRight(t *testing.T) {
	x := newTape(t, simRate)
	frames(x.Recording, 50, 7, 8) // before Start nothing is kept
	x.Start()
	frames(x.Recording, 125, 1, 2)
	report, err := x.Close()
	if err != nil || report.Length != 2500*time.Millisecond || len(report.Gaps) != 0 {
		t.Fatalf("%+v %v", report, err)
	}
	w := x.read(t)
	if len(w.Channels) != 2 || w.Rate != simRate || len(w.Channels[0]) != 20000 {
		t.Fatalf("%d channels at %d Hz", len(w.Channels), w.Rate)
	}
	for i := range w.Channels[0] {
		if w.Channels[0][i] != 1 || w.Channels[1][i] != 2 {
			t.Fatalf("sample %d: %d and %d", i, w.Channels[0][i], w.Channels[1][i])
		}
	}
}

func TestAFullDiskLeavesAGapOfSilenceInPlace(t *testing.T) {
	x := newTape(t, simRate)
	x.Start()
	frames(x.Recording, 150, 1, 2) // three seconds
	x.full = true
	frames(x.Recording, 100, 3, 4) // two seconds are lost
	x.full = false
	frames(x.Recording, 50, 5, 6)
	report, err := x.Close()
	if err != nil {
		t.Fatal(err)
	}
	want := Gap{At: 3 * time.Second, Length: 2 * time.Second}
	if report.Length != 6*time.Second || len(report.Gaps) != 1 || report.Gaps[0] != want {
		t.Errorf("%+v, want one gap %+v", report, want)
	}
	w := x.read(t)
	for _, c := range []struct {
		second int
		left   int16
	}{{0, 1}, {2, 1}, {3, 0}, {4, 0}, {5, 5}} {
		if got := w.Channels[0][c.second*simRate+100]; got != c.left {
			t.Errorf("in second %d: %d, want %d", c.second, got, c.left)
		}
	}
}

func TestADiskThatStaysFullIsAGapToTheEnd(t *testing.T) {
	x := newTape(t, simRate)
	x.Start()
	frames(x.Recording, 50, 1, 2)
	x.full = true
	frames(x.Recording, 100, 1, 2)
	report, err := x.Close()
	if err == nil {
		t.Error("the header could not be finished and nobody said so")
	}
	if len(report.Gaps) != 1 || report.Gaps[0].Length != 2*time.Second {
		t.Errorf("%+v", report)
	}
}

func TestOneSideMayFallSilent(t *testing.T) {
	x := newTape(t, simRate)
	x.Start()
	for range 500 { // ten seconds without a frame from the caller
		x.Robot(audio.Frame{PCM: constant(2), Rate: simRate})
	}
	frames(x.Recording, 50, 1, 2)
	if _, err := x.Close(); err != nil {
		t.Fatal(err)
	}
	w := x.read(t)
	if got := len(w.Channels[0]); got != 11*simRate {
		t.Fatalf("%d samples", got)
	}
	last := w.Channels[0][len(w.Channels[0])-100]
	if w.Channels[0][simRate] != 0 || w.Channels[1][simRate] != 2 || (last != 1 && last != 0) {
		t.Error("the silent side must be filled with silence")
	}
}

func TestRatesOfBothSidesAreBroughtTogether(t *testing.T) {
	x := newTape(t, 16000)
	x.Start()
	for range 100 {
		x.Caller(audio.Frame{PCM: make([]int16, 960), Rate: 48000})
		x.Robot(audio.Frame{PCM: make([]int16, 160), Rate: 8000})
	}
	if report, err := x.Close(); err != nil || report.Length != 2*time.Second {
		t.Errorf("%+v %v", report, err)
	}
}

func TestARefusedRecordingIsDeleted(t *testing.T) {
	x := newTape(t, simRate)
	x.Start()
	frames(x.Recording, 100, 1, 2)
	if err := errors.Join(x.Refuse(), x.Refuse()); err != nil {
		t.Fatal(err)
	}
	frames(x.Recording, 100, 1, 2)
	x.Start()
	report, err := x.Close()
	if err != nil || !report.Refused || report.Length != 0 {
		t.Errorf("%+v %v", report, err)
	}
	if _, err := os.Stat(x.path); !errors.Is(err, os.ErrNotExist) {
		t.Error("the file is still there")
	}
}

func TestARecordingThatCannotBeOpenedDoesNotHarm(t *testing.T) {
	r := NewRecording(simRate, func() (File, error) { return nil, io.ErrClosedPipe }, nil)
	r.Start()
	frames(r, 100, 1, 2)
	if report, err := r.Close(); err != nil || report.Length != 0 || !errors.Is(report.Err, io.ErrClosedPipe) {
		t.Errorf("%+v %v", report, err)
	}
	var none *Recording
	none.Start()
	frames(none, 1, 1, 2)
	if err := none.Refuse(); err != nil {
		t.Error(err)
	}
}

// The whole call: the recording begins when the announcement has been said.
func TestTheRecordingBeginsAfterTheAnnouncement(t *testing.T) {
	const announcement = "这里是小店通话会录音"
	for _, c := range []struct {
		name     string
		greeting dialog.Reply
		length   time.Duration // least; zero: no file
	}{
		{"announced", announced(announcement, "请讲"), 6 * time.Second},
		{"not announced", announced("这里是小店", "请讲"), 0},
		{"said by somebody else", reply(announcement), 0},
	} {
		x := newTape(t, simRate)
		simulate(t, func(s *call) {
			s.brain.greeting = c.greeting
			s.config.Recording = x.Recording
		}, func(t *testing.T, s *call, out Outcome) {
			if (out.Recording.Length > 0) != (c.length > 0) || out.Recording.Length < c.length {
				t.Errorf("%s: recorded %v", c.name, out.Recording.Length)
			}
			if c.length == 0 {
				return
			}
			for i, v := range x.read(t).Channels[1] {
				if v >= robotTop && !strings.ContainsRune("请讲再见", s.leg.chars[v-robotTop]) {
					t.Fatalf("sample %d is of the announcement (%c)", i, s.leg.chars[v-robotTop])
				}
			}
		})
	}
}

func TestNoRecordingWhenTheCallerSaysSo(t *testing.T) {
	x := newTape(t, simRate)
	simulate(t, func(s *call) {
		s.leg = newLeg(says{4 * second, "不要录音", second}, says{9 * second, "再见", second})
		s.brain.greeting = announced("通话会录音", "请讲")
		s.config.Recording = x.Recording
		first := true
		s.brain.answer = func(dialog.Turn) (dialog.Reply, error) {
			if first {
				first = false
				s.brain.entries <- dialog.Entry{State: &dialog.State{NoRecording: true}}
				return reply("好的不录了"), nil
			}
			return goodbye("再见"), nil
		}
	}, func(t *testing.T, s *call, out Outcome) {
		if !out.Recording.Refused || out.Cause != CauseNormal || out.Turns != 2 {
			t.Errorf("%+v", out)
		}
	})
}
