package online

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"waggle/asr"
	"waggle/asr/ctcbeam"
	"waggle/asr/fbank"
	"waggle/asr/hotwords"
	"waggle/asr/tokens"
	"waggle/audio"
)

var errBroken = errors.New("broken")

// counter is a Model whose searches hear a token in every loud window.
type counter struct {
	windows, searches, open int
	broken                  bool
	phrases                 []hotwords.Hotword
	urgent                  int
}

type count struct {
	model *counter
	frame int
	path  ctcbeam.Path
}

func (m *counter) NewSearch() (Search, error) {
	if m.broken {
		return nil, errBroken
	}
	m.searches++
	m.open++
	return &count{model: m}, nil
}

func (m *counter) Close() error { return nil }

func (c *count) Begin(phrases []hotwords.Hotword) error {
	if len(phrases) > 0 {
		c.model.phrases = phrases
	}
	c.frame, c.path = 0, ctcbeam.Path{}
	return nil
}

func (c *count) Window(frames []float32, urgent bool) error {
	if urgent {
		c.model.urgent++
	}
	if c.model.broken {
		return errBroken
	}
	c.model.windows++
	if c.frame += 2; slices.Max(frames[:10*fbank.Bins]) > 0 {
		c.path.Tokens = append(c.path.Tokens, ctcbeam.Token{ID: 1 + len(c.path.Tokens)%2, First: c.frame - 2, Last: c.frame - 1, LogProb: -0.5})
	}
	return nil
}

func (c *count) Paths(int) []ctcbeam.Path {
	return []ctcbeam.Path{c.path, {Tokens: []ctcbeam.Token{{ID: 2, LogProb: -1}}}, {}}
}

func (c *count) CopyFrom(o Search) error {
	from := o.(*count)
	c.frame, c.path.Tokens = from.frame, slices.Clone(from.path.Tokens)
	return nil
}

func (c *count) Close() error { c.model.open--; return nil }

// spec: windows of 200 ms every 100 ms, two token frames in each.
func spec(t *testing.T) Spec {
	t.Helper()
	table, err := tokens.Read([]byte("<blk> 0\n三 1\n十 2\n"))
	if err != nil {
		t.Fatal(err)
	}
	return Spec{Features: fbank.Zipformer(), Window: 20, Shift: 10, Frame: 5, Tail: 10, Tokens: table}
}

func stream0(t *testing.T, m *counter) *stream {
	t.Helper()
	r, err := New(m, spec(t), 1)
	if err != nil {
		t.Fatal(err)
	}
	s, err := r.NewStream(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return s.(*stream)
}

// sound is ms of a tone, or of faint noise.
func sound(ms int, loud bool) audio.Frame {
	pcm := make([]int16, ms*16)
	for i := range pcm {
		if pcm[i] = int16(i * 7919 % 5); loud {
			pcm[i] = int16(i%16*1500 - 12000)
		}
	}
	return audio.Frame{PCM: pcm, Rate: 16000}
}

func write(t *testing.T, s *stream, f audio.Frame) {
	t.Helper()
	if err := s.Write(f); err != nil {
		t.Fatal(err)
	}
}

func TestUtterancesAreReadWithTimes(t *testing.T) {
	m := &counter{}
	s := stream0(t, m)
	defer s.Close()
	if err := s.Begin(asr.Hints{Phrases: []string{"三十"}}); err != nil || !slices.Equal(m.phrases, []hotwords.Hotword{{Text: "三十"}}) {
		t.Fatalf("%v, %v", m.phrases, err)
	}
	f := sound(150, false)
	f.TS = 2 * time.Second // media time of the stream
	write(t, s, f)
	write(t, s, sound(100, true))
	write(t, s, sound(350, false))
	got, err := s.Finish()
	if err != nil {
		t.Fatal(err)
	}
	if got.Spoken != "三十" || got.Text != "30" || !got.Final || len(got.Words) != 2 {
		t.Fatalf("%+v", got)
	}
	if w := got.Words[0]; w.Start != 2100*time.Millisecond || w.End != 2200*time.Millisecond || w.Confidence < 0.60 || w.Confidence > 0.61 {
		t.Errorf("%+v", w)
	}
	if len(got.NBest) != 1 || got.NBest[0].Text != "10" {
		t.Errorf("others: %+v", got.NBest)
	}
	if again, err := s.Finish(); err != nil || again.Text != got.Text || s.Result().Text != got.Text {
		t.Errorf("asked again: %+v, %v", again, err)
	}
}

func TestEveryFrameIsFollowedByTheTail(t *testing.T) {
	for ms, want := range map[int]int{0: 0, 4: 0, 5: 2, 10: 2, 100: 2, 101: 2, 110: 3, 1000: 11} {
		m := &counter{}
		s := stream0(t, m)
		write(t, s, sound(ms, true))
		if _, err := s.Finish(); err != nil {
			t.Fatal(err)
		}
		if m.windows != want || m.urgent == 0 && want > 0 || m.urgent > 3 {
			t.Errorf("%d ms took %d windows, %d of them urgent, want %d", ms, m.windows, m.urgent, want)
		}
		_ = s.Close()
	}
}

func TestFinishAfterAPeekIntoALastingPauseRunsNothing(t *testing.T) {
	for _, c := range []struct {
		name  string
		after audio.Frame
		reuse bool
	}{{"silence", sound(60, false), true}, {"speech", sound(60, true), false}, {"a long time", sound(2000, false), false}} {
		m := &counter{}
		s := stream0(t, m)
		write(t, s, sound(400, true))
		write(t, s, sound(200, false))
		peek, _, err := s.Peek()
		if err != nil || peek.Final {
			t.Fatalf("%+v, %v", peek, err)
		}
		before := m.windows
		write(t, s, c.after)
		if _, err := s.Finish(); err != nil {
			t.Fatal(err)
		}
		own := (s.windows.frames - 20) / 10 // what the sound itself fills
		if got := m.windows - before; c.reuse && got > own-4+1 || !c.reuse && got < 2 {
			t.Errorf("%s: %d windows after the peek", c.name, got)
		}
		if m.searches != 2 {
			t.Errorf("%s: %d searches, want one and its fork", c.name, m.searches)
		}
		if err := s.Close(); err != nil || m.open != 0 {
			t.Errorf("%s: %d searches are open, %v", c.name, m.open, err)
		}
	}
}

func TestExpectedAnswersAreRaised(t *testing.T) {
	m := &counter{}
	s := stream0(t, m)
	defer s.Close()
	for kind, want := range map[asr.HintKind]string{asr.HintDigits: "幺", asr.HintYesNo: "不要"} {
		if err := s.Begin(asr.Hints{Kind: kind, Phrases: []string{"青花瓷"}}); err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(m.phrases, hotwords.Hotword{Text: want, Score: kindScore}) || m.phrases[0].Score != 0 {
			t.Errorf("%s: %v", kind, m.phrases)
		}
	}
}

func TestErrorsOfTheModelAreHandedOn(t *testing.T) {
	m := &counter{}
	s := stream0(t, m)
	m.broken = true
	if err := s.Write(sound(1000, true)); !errors.Is(err, errBroken) {
		t.Errorf("Write: %v", err)
	}
	if _, _, err := s.Peek(); !errors.Is(err, errBroken) {
		t.Errorf("Peek: %v", err)
	}
	if _, err := s.owner.NewStream(context.Background()); !errors.Is(err, asr.ErrSaturated) {
		t.Errorf("a second stream: %v", err)
	}
	if err := errors.Join(s.Close(), s.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := s.owner.NewStream(context.Background()); !errors.Is(err, errBroken) {
		t.Errorf("a broken model: %v", err)
	}
	if used, _ := s.owner.Load(); used != 0 {
		t.Errorf("%d places are lost", used)
	}
	for name, err := range map[string]error{
		"Begin": s.Begin(asr.Hints{}), "Write": s.Write(sound(10, true)),
	} {
		if !errors.Is(err, asr.ErrClosed) {
			t.Errorf("%s after Close: %v", name, err)
		}
	}
}

func TestWindowsThatCannotBeAreRefused(t *testing.T) {
	for _, spoil := range []func(*Spec){
		func(s *Spec) { s.Window = 0 }, func(s *Spec) { s.Shift = 21 }, func(s *Spec) { s.Window = maxWindow + 1 },
		func(s *Spec) { s.Shift = 0 }, func(s *Spec) { s.Tokens = nil }, func(s *Spec) { s.Frame = 0 },
	} {
		sp := spec(t)
		spoil(&sp)
		if _, err := New(&counter{}, sp, 1); err == nil {
			t.Errorf("%+v passes", sp)
		}
	}
}

func TestModelsThatPunctuateAreLeftAlone(t *testing.T) {
	table, err := tokens.Read([]byte("<blk> 0\n三 1\n。 2\n"))
	if err != nil {
		t.Fatal(err)
	}
	sp := spec(t)
	sp.Tokens = table
	r, err := New(&counter{}, sp, 1)
	if err != nil {
		t.Fatal(err)
	}
	got := r.transcript([]ctcbeam.Path{{Tokens: []ctcbeam.Token{{ID: 1}, {ID: 2}}}}, 0)
	if got.Text != "三。" {
		t.Errorf("%q", got.Text)
	}
}
