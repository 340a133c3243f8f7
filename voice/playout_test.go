package voice

import (
	"slices"
	"strings"
	"testing"
	"time"

	"waggle/asr"
	"waggle/audio"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// filled is a speech whose lines have so many frames of sound each.
func filled(p *Playout, text string, counts ...int) *Speech {
	runes := []rune(text)
	var lines []Line
	for range counts {
		n := len(runes) / len(counts)
		lines = append(lines, Line{Text: string(runes[len(lines)*n : (len(lines)+1)*n])})
	}
	s := NewSpeech(lines)
	p.Play(s)
	for i, n := range counts {
		for range n {
			s.Add(i, constant(int16(100+i)))
		}
		s.Complete(i)
	}
	return s
}

// beats takes n frames and returns the middle sample of each.
func beats(p *Playout, n int) []int16 {
	var out []int16
	for range n {
		out = append(out, p.Next(noon)[simFrame/2])
	}
	return out
}

func done(s *Speech) bool {
	select {
	case <-s.Done():
		return true
	default:
		return false
	}
}

func TestSpeechesFollowEachOtherWithoutAGap(t *testing.T) {
	p := NewPlayout(simRate)
	first, second := filled(p, "一二", 2, 1), filled(p, "三", 1)
	if got := beats(p, 5); !slices.Equal(got, []int16{100, 100, 101, 100, 0}) {
		t.Errorf("frames %v", got)
	}
	if !done(first) || !done(second) || p.Busy() {
		t.Error("what was said must be done")
	}
}

func TestHeardIsTheShareThatWasSent(t *testing.T) {
	for _, c := range []struct {
		beats int
		want  string
		all   bool
	}{{0, "", false}, {5, "一二", false}, {10, "一二三四", false}, {15, "一二三四五六", false}, {19, "一二三四五六七", false}, {20, "一二三四五六七八", true}} {
		p := NewPlayout(simRate)
		s := filled(p, "一二三四五六七八", 10, 10)
		beats(p, c.beats)
		if got, all := s.Heard(); got != c.want || all != c.all {
			t.Errorf("after %d of 20 beats: %q %v, want %q", c.beats, got, all, c.want)
		}
	}
}

func TestHeardOfASentenceStillBeingMadeIsEstimated(t *testing.T) {
	p := NewPlayout(simRate)
	s := NewSpeech([]Line{{Text: strings.Repeat("字", 45)}}) // ten seconds at a usual pace
	p.Play(s)
	for range 100 {
		s.Add(0, constant(1))
	}
	beats(p, 100) // two seconds of it
	if got, _ := s.Heard(); len([]rune(got)) != 9 {
		t.Errorf("%d characters", len([]rune(got)))
	}
}

func TestPauseFadesAndResumeBeginsAShortSentenceAgain(t *testing.T) {
	p := NewPlayout(simRate)
	filled(p, "一", 6)
	beats(p, 2)
	p.Pause()
	fade := slices.Clone(p.Next(noon))
	if fade[0] != 100 || fade[len(fade)-1] > 2 || !slices.IsSortedFunc(fade, func(a, b int16) int { return int(b) - int(a) }) {
		t.Errorf("the frame after Pause must fade out: %v ... %v", fade[:3], fade[len(fade)-3:])
	}
	if got := beats(p, 10); slices.Max(got) != 0 {
		t.Errorf("sound while paused: %v", got)
	}
	p.Resume()
	rise := p.Next(noon)
	if rise[0] != 0 || rise[len(rise)-1] < 98 {
		t.Error("the frame after Resume must fade in")
	}
	if got := beats(p, 6); !slices.Equal(got, []int16{100, 100, 100, 100, 100, 0}) {
		t.Errorf("after Resume: %v; its six frames from the first one", got)
	}
}

func TestPausingBeforeASpeechHoldsItBack(t *testing.T) {
	p := NewPlayout(simRate)
	p.Pause()
	s := filled(p, "一", 2)
	if got := beats(p, 5); slices.Max(got) != 0 {
		t.Errorf("sound while the caller speaks: %v", got)
	}
	p.Resume()
	beats(p, 2)
	if made, sent := s.First(); !done(s) || made.IsZero() || sent.IsZero() {
		t.Error("after Resume it must be said")
	}
}

func TestStopEndsTheMouthsWork(t *testing.T) {
	p := NewPlayout(simRate)
	s := NewSpeech([]Line{{Text: "一"}, {Text: "二"}})
	p.Play(s)
	if !s.Add(0, constant(1)) {
		t.Fatal("sound was refused")
	}
	p.Stop()
	if s.Add(0, constant(1)) || !done(s) {
		t.Error("after Stop the mouth must be told to stop")
	}
	if got := beats(p, 2); slices.Max(got) != 0 {
		t.Errorf("sound after Stop: %v", got)
	}
}

func TestTheBridgeComesOnlyWhenDueAndNeeded(t *testing.T) {
	pcm := slices.Concat(constant(9), constant(9))
	p := NewPlayout(simRate)
	p.Bridge(noon.Add(time.Second), pcm)
	if p.Next(noon)[0] != 0 || p.Next(noon.Add(time.Second))[0] != 9 {
		t.Error("the bridge must begin when it is due")
	}
	p = NewPlayout(simRate)
	p.Bridge(noon.Add(time.Second), pcm)
	filled(p, "一", 1)
	beats(p, 1)
	if p.Next(noon.Add(2 * time.Second))[0] != 0 {
		t.Error("an answer takes the bridge back")
	}
	p.Bridge(noon, pcm)
	p.NoBridge()
	if p.Next(noon)[0] != 0 {
		t.Error("NoBridge takes the bridge back")
	}
}

func TestCloseEndsWhatIsBeingSaid(t *testing.T) {
	p := NewPlayout(simRate)
	s := filled(p, "一二", 10)
	beats(p, 5)
	p.Close()
	if text, all := s.Heard(); !done(s) || text != "一" || all {
		t.Errorf("heard %q", text)
	}
}

func TestABeatDoesNotAllocate(t *testing.T) {
	p := NewPlayout(simRate)
	filled(p, "一", 3000)
	if n := testing.AllocsPerRun(1000, func() { p.Next(noon) }); n != 0 {
		t.Errorf("%v allocations per frame", n)
	}
}

func TestListeningDoesNotAllocate(t *testing.T) {
	e := newEar(Config{Ear: Ear{VAD: &ready{}}}, NewPlayout(simRate))
	f := audio.Frame{PCM: constant(0), Rate: simRate}
	wide := audio.Frame{PCM: make([]int16, 960), Rate: 48000}
	listen := func(f audio.Frame) {
		usable, err := e.usable(f)
		if err != nil {
			t.Fatal(err)
		}
		if err := e.listen(usable); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 * preRollFrames { // until the buffers have grown
		listen(wide)
	}
	for name, frame := range map[string]audio.Frame{"8 kHz": f, "48 kHz": wide} {
		if n := testing.AllocsPerRun(500, func() { listen(frame) }); n != 0 {
			t.Errorf("%s: %v allocations per frame", name, n)
		}
	}
}

// ready is voice activity without a model.
type ready struct{ at time.Duration }

func (r *ready) Write(f audio.Frame) (asr.Activity, error) {
	r.at += f.Duration()
	return asr.Activity{At: r.at}, nil
}

func BenchmarkBeat(b *testing.B) {
	p := NewPlayout(simRate)
	s := NewSpeech([]Line{{Text: "一"}})
	p.Play(s)
	s.Add(0, make([]int16, 1<<20))
	b.ReportAllocs()
	for b.Loop() {
		p.Next(noon)
		s.position = 0
	}
}

func BenchmarkListen(b *testing.B) {
	e := newEar(Config{Ear: Ear{VAD: &ready{}}}, NewPlayout(simRate))
	f := audio.Frame{PCM: constant(0), Rate: simRate}
	b.ReportAllocs()
	for b.Loop() {
		if err := e.listen(f); err != nil {
			b.Fatal(err)
		}
	}
}

func TestOnHoldTimeStandsStill(t *testing.T) {
	p := NewPlayout(simRate)
	s := NewSpeech([]Line{{Text: "一", Protected: true}})
	p.Play(s)
	for range 100 {
		s.Add(0, constant(100))
	}
	s.Complete(0)
	beats(p, 60)
	p.Hold(true)
	if got := beats(p, 200); slices.Max(got) != 0 {
		t.Error("sound into a line on hold")
	}
	p.Hold(false)
	rest := 0
	for _, x := range beats(p, 200) {
		if x != 0 {
			rest++
		}
	}
	if rest < 44 || rest > 75 || !done(s) {
		t.Errorf("%d frames after the hold: 40 were left, and the last word comes again", rest)
	}
}
