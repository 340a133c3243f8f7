package segment

import (
	"context"
	"errors"
	"testing"
	"time"

	"waggle/asr"
	"waggle/audio"
)

const (
	loud  = 5000
	quiet = 20
)

func TestAnUtteranceIsHeardAtItsEnd(t *testing.T) {
	m := &counting{}
	s := open(t, recognizer(t, m, Options{Partial: -1}))
	speak(t, s, loud, 500*time.Millisecond)
	if got := s.Result(); got.Text != "" || got.Final || len(m.sizes) != 0 {
		t.Errorf("before the end: %+v after %d runs", got, len(m.sizes))
	}
	got := finish(t, s)
	if got.Text != "500ms" || !got.Final || got.Confidence != 0.9 || got.Tags.Event != "Speech" || len(m.sizes) != 1 {
		t.Errorf("%+v after %d runs", got, len(m.sizes))
	}
	if again := finish(t, s); again.Text != got.Text || s.Result().Text != got.Text || len(m.sizes) != 1 {
		t.Errorf("asked again: %+v after %d runs", again, len(m.sizes))
	}
	speak(t, s, loud, 300*time.Millisecond) // a new utterance, without Begin
	if got := finish(t, s); got.Text != "300ms" || got.Words[0].Start != 510*time.Millisecond {
		t.Errorf("the second: %+v", got)
	}
}

func TestNothingHeardIsNothingSaid(t *testing.T) {
	m := &counting{}
	s := open(t, recognizer(t, m, Options{}))
	if err := s.Begin(asr.Hints{}); err != nil {
		t.Fatal(err)
	}
	if got := finish(t, s); got.Text != "" || !got.Final || len(m.sizes) != 0 {
		t.Errorf("%+v after %d runs", got, len(m.sizes))
	}
}

func TestNumbersAndMarksAreWrittenOnce(t *testing.T) {
	marks := func(text string) (string, error) { return text + "。", nil }
	for _, c := range []struct {
		written bool
		text    string
		nbest   string
	}{{false, "100ms。", "38码"}, {true, "100ms", "三十八码"}} {
		s := open(t, recognizer(t, &counting{written: c.written}, Options{Punctuate: marks}))
		speak(t, s, loud, 100*time.Millisecond)
		if got := finish(t, s); got.Text != c.text || got.Spoken != "100ms" || got.NBest[0].Text != c.nbest {
			t.Errorf("written by the model %v: %+v", c.written, got)
		}
	}
	if !punctuated("好，三件") || punctuated("3.5折") {
		t.Error("marks are not told from numbers")
	}
	broken := open(t, recognizer(t, &counting{}, Options{Punctuate: func(string) (string, error) { return "", errModel }}))
	speak(t, broken, loud, 100*time.Millisecond)
	if _, err := broken.Finish(); !errors.Is(err, errModel) {
		t.Errorf("a broken punctuation model: %v", err)
	}
}

func TestTelephoneSoundIsBroughtToTheModelsRate(t *testing.T) {
	s := open(t, recognizer(t, &counting{}, Options{}))
	if err := s.Write(audio.Frame{PCM: make([]int16, 8000), Rate: 8000}); err != nil {
		t.Fatal(err)
	}
	if got := finish(t, s); got.Text != "1s" {
		t.Errorf("a second at 8 kHz is %s", got.Text)
	}
	for _, rate := range []int{16000, 44100} {
		if err := s.Write(audio.Frame{PCM: make([]int16, 100), Rate: rate}); !errors.Is(err, asr.ErrRate) {
			t.Errorf("%d Hz in a stream of 8 kHz: %v", rate, err)
		}
	}
}

func TestUtterancesAreBounded(t *testing.T) {
	s := open(t, recognizer(t, &counting{}, Options{Longest: time.Second}))
	speak(t, s, loud, time.Second)
	for range 3 {
		if err := s.Write(audio.Frame{PCM: make([]int16, 320), Rate: Rate}); !errors.Is(err, ErrTooLong) {
			t.Fatalf("beyond the longest: %v", err)
		}
	}
	if got := finish(t, s); got.Text != "1s" {
		t.Errorf("what was heard: %s", got.Text)
	}
}

func TestInterimRunsNeedNewSoundAndAQuickModel(t *testing.T) {
	m := &counting{}
	r := recognizer(t, m, Options{})
	s := open(t, r)
	r.runs.pace = time.Millisecond
	speak(t, s, loud, 600*time.Millisecond)
	if got := s.Result(); got.Text != "" {
		t.Errorf("after 600 ms: %s", got.Text)
	}
	speak(t, s, loud, 200*time.Millisecond)
	if got := s.Result(); got.Text != "800ms" || got.Final {
		t.Errorf("after 800 ms: %+v", got)
	}
	speak(t, s, loud, 400*time.Millisecond)
	if got := s.Result(); got.Text != "800ms" || len(m.sizes) != 1 {
		t.Errorf("400 ms later: %s after %d runs", got.Text, len(m.sizes))
	}
	r.runs.pace = time.Second // a second for a second
	speak(t, s, loud, time.Second)
	if got := s.Result(); got.Text != "800ms" || len(m.sizes) != 1 {
		t.Errorf("of a slow model: %s after %d runs", got.Text, len(m.sizes))
	}
}

func TestPeekIsReusedWhenOnlySilenceFollows(t *testing.T) {
	for _, c := range []struct {
		name     string
		before   time.Duration // silence before Peek
		after    int16         // height of what follows it
		wantRuns int
	}{
		{"silence", 200 * time.Millisecond, quiet, 1},
		{"speech after", 200 * time.Millisecond, loud, 2},
		{"peeked into speech", 0, quiet, 2},
	} {
		m := &counting{}
		s := open(t, recognizer(t, m, Options{}))
		speak(t, s, quiet, 200*time.Millisecond)
		speak(t, s, loud, 400*time.Millisecond)
		speak(t, s, quiet, c.before)
		peeked, _, err := s.Peek()
		if err != nil || peeked.Text == "" || peeked.Final {
			t.Fatalf("%s: %+v, %v", c.name, peeked, err)
		}
		speak(t, s, c.after, 200*time.Millisecond)
		if got := finish(t, s); len(m.sizes) != c.wantRuns || !got.Final || (got.Text == peeked.Text) != (c.wantRuns == 1) {
			t.Errorf("%s: %s after %s, %d runs", c.name, got.Text, peeked.Text, len(m.sizes))
		}
	}
}

func TestAFailedRunLeavesTheStreamUsable(t *testing.T) {
	m := &counting{}
	s := open(t, recognizer(t, m, Options{}))
	m.enter = func([]Utterance) error { return errModel }
	speak(t, s, loud, time.Second)
	if _, err := s.Finish(); !errors.Is(err, errModel) {
		t.Errorf("Finish: %v", err)
	}
	m.enter = nil
	if err := s.Begin(asr.Hints{}); err != nil {
		t.Fatal(err)
	}
	speak(t, s, loud, 100*time.Millisecond)
	if got := finish(t, s); got.Text != "100ms" {
		t.Errorf("after the failure: %+v", got)
	}
}

func TestClosedStreamsSaySoAndGiveTheirPlaceBack(t *testing.T) {
	r := recognizer(t, &counting{}, Options{Streams: 1})
	s := open(t, r)
	if _, err := r.NewStream(context.Background()); !errors.Is(err, asr.ErrSaturated) {
		t.Errorf("a second stream: %v", err)
	}
	if err := errors.Join(s.Close(), s.Close()); err != nil {
		t.Error(err)
	}
	_, finished := s.Finish()
	_, _, peeked := s.Peek()
	for name, err := range map[string]error{"Begin": s.Begin(asr.Hints{}), "Write": s.Write(audio.Frame{}), "Finish": finished, "Peek": peeked} {
		if !errors.Is(err, asr.ErrClosed) {
			t.Errorf("%s: %v", name, err)
		}
	}
	open(t, r)
	if used, size := r.Load(); used != 1 || size != 1 {
		t.Errorf("%d of %d places taken", used, size)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := r.NewStream(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("an ended context: %v", err)
	}
}

func TestCapacityFollowsFromTheModelsPace(t *testing.T) {
	for _, c := range []struct {
		pace        time.Duration
		cores, want int
	}{
		{time.Millisecond, 2, 2 * asr.StreamsPerCore}, {250 * time.Millisecond, 2, 8}, {3 * time.Second, 2, 1}, {0, 1, asr.StreamsPerCore},
	} {
		if got := capacity(c.pace, c.cores); got != c.want {
			t.Errorf("%v a second on %d cores: %d streams, want %d", c.pace, c.cores, got, c.want)
		}
	}
}

func TestAModelThatFailsItsTrialIsRefused(t *testing.T) {
	m := &counting{enter: func([]Utterance) error { return errModel }}
	if _, err := New(m, Options{}); !errors.Is(err, errModel) {
		t.Errorf("%v", err)
	}
}

func TestWritingAllocatesNothingInTheSteadyState(t *testing.T) {
	s := open(t, recognizer(t, &counting{}, Options{}))
	frame := audio.Frame{PCM: make([]int16, 160), Rate: 8000}
	speakUp := func() {
		if len(s.pcm) > 15*Rate {
			if err := s.Begin(asr.Hints{}); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Write(frame); err != nil {
			t.Fatal(err)
		}
	}
	for range 1000 {
		speakUp()
	}
	if n := testing.AllocsPerRun(1000, speakUp); n != 0 {
		t.Errorf("%v allocations per 20 ms", n)
	}
}
