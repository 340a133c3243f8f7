package bench

import (
	"context"
	"testing"
	"time"

	"waggle/asr"
	"waggle/audio"
)

// slow is a recogniser that counts what it is given.
type slow struct{ samples, begun, finished int }

func (s *slow) NewStream(context.Context) (asr.Stream, error) { return s, nil }
func (s *slow) Write(f audio.Frame) error                     { s.samples += len(f.PCM); return nil }
func (s *slow) Result() asr.Transcript                        { return asr.Transcript{} }
func (s *slow) Close() error                                  { return nil }
func (s *slow) Begin(asr.Hints) error                         { s.begun++; return nil }
func (s *slow) Finish() (asr.Transcript, error) {
	s.finished++
	return asr.Transcript{}, nil
}

func TestEveryUtteranceIsHeardWhole(t *testing.T) {
	s := new(slow)
	h, err := hear(context.Background(), s, Voice(time.Second), 3)
	if err != nil || len(h.finals) != 3 || s.begun != 3 || s.finished != 3 {
		t.Fatalf("%d finals, %d begun, %d finished, %v", len(h.finals), s.begun, s.finished, err)
	}
	if want := 3 * int((Utterance+endpoint)*rate/time.Second); s.samples != want {
		t.Errorf("%d samples heard, want %d", s.samples, want)
	}
}

func TestReportIsPlausible(t *testing.T) {
	rep, err := Run(context.Background(), &locked{}, Voice(time.Second), 4, []int{1, 2})
	if err != nil {
		t.Fatal(err)
	}
	if rep.Utterances != 4 || rep.AudioS < 16 || rep.RTF <= 0 || rep.RTF > 1 || rep.StreamsPerCore <= 1 || len(rep.Together) != 2 || rep.AllocsPerFrame > 1 {
		t.Errorf("%+v", rep)
	}
}

// locked gives every stream its own counter.
type locked struct{}

func (locked) NewStream(context.Context) (asr.Stream, error) { return new(slow), nil }

func TestVoiceSounds(t *testing.T) {
	pcm := Voice(time.Second)
	var sum float64
	for _, v := range pcm {
		sum += float64(v) * float64(v)
	}
	if rms := sum / float64(len(pcm)); len(pcm) != rate || rms < 1e4 || rms > 4e8 {
		t.Errorf("%d samples of mean square %.0f", len(pcm), rms)
	}
}
