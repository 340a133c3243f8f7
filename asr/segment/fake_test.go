package segment

import (
	"context"
	"errors"
	"testing"
	"time"

	"go.uber.org/goleak"

	"waggle/asr"
	"waggle/audio"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// counting is a model that reads out how long an utterance was, in
// milliseconds, and remembers the sizes of its runs.
type counting struct {
	batch   int
	sizes   []int
	enter   func(utterances []Utterance) error
	written bool
}

func (m *counting) Recognise(utterances []Utterance) ([]Reading, error) {
	m.sizes = append(m.sizes, len(utterances))
	if m.enter != nil {
		if err := m.enter(utterances); err != nil {
			return nil, err
		}
	}
	readings := make([]Reading, len(utterances))
	for i, u := range utterances {
		text := duration(len(u.PCM)).Round(time.Millisecond).String()
		readings[i] = Reading{
			Text: text, Written: m.written, Confidence: 0.9, Tags: asr.Tags{Event: "Speech"},
			Words: []asr.Word{{Text: text, Start: 10 * time.Millisecond, End: 20 * time.Millisecond}},
			NBest: []asr.Alternative{{Text: "三十八码", Confidence: 0.5}},
		}
	}
	return readings, nil
}

func (m *counting) Batch() int   { return max(m.batch, 1) }
func (m *counting) Close() error { return nil }

var errModel = errors.New("the model is out of order")

func recognizer(t *testing.T, m *counting, o Options) *Recognizer {
	t.Helper()
	r, err := New(m, o)
	if err != nil {
		t.Fatal(err)
	}
	m.sizes = nil // without the trial runs
	return r
}

func open(t *testing.T, r *Recognizer) *stream {
	t.Helper()
	s, err := r.NewStream(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s.(*stream)
}

// speak writes a tone, or silence with height 0, in frames of 20 ms.
func speak(t *testing.T, s *stream, height int16, d time.Duration) {
	t.Helper()
	for ; d > 0; d -= 20 * time.Millisecond {
		pcm := make([]int16, Rate/50)
		for i := range pcm {
			pcm[i] = height
			if i%16 < 8 {
				pcm[i] = -height
			}
		}
		if err := s.Write(audio.Frame{PCM: pcm, Rate: Rate}); err != nil {
			t.Fatal(err)
		}
	}
}

func finish(t *testing.T, s *stream) asr.Transcript {
	t.Helper()
	got, err := s.Finish()
	if err != nil {
		t.Fatal(err)
	}
	return got
}
