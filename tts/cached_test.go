package tts

import (
	"context"
	"errors"
	"math"
	"testing"
	"time"

	"waggle/audio"
)

// counting is a synthesizer that counts what it is asked for and fails on
// demand.
type counting struct {
	asked int
	fail  error
}

func (c *counting) Speak(_ context.Context, text Text, v Voice, emit func(audio.Frame) error) error {
	c.asked++
	if c.fail != nil {
		return c.fail
	}
	for i := range 3 {
		f := audio.Frame{PCM: make([]int16, v.Rate/framesPerSecond), Rate: v.Rate}
		f.PCM[0] = int16(len(text) + i)
		if err := emit(f); err != nil {
			return err
		}
	}
	return nil
}

func speakTo(t *testing.T, s Synthesizer, text Text, v Voice) []int16 {
	t.Helper()
	var out []int16
	if err := s.Speak(t.Context(), text, v, func(f audio.Frame) error { out = append(out, f.PCM...); return nil }); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestCachedKeepsWhatIsAskedForTwice(t *testing.T) {
	inner := &counting{}
	s := Cached(inner, 0)
	v := Voice{Rate: 8000}
	first := speakTo(t, s, "你好", v)
	speakTo(t, s, "你好", v)
	third := speakTo(t, s, "你好", Voice{Rate: 8000, Speed: 1})
	if inner.asked != 2 {
		t.Errorf("the synthesizer was asked %d times, want 2: speed 0 means 1", inner.asked)
	}
	if len(first) != len(third) || first[0] != third[0] || third[160] != first[160] {
		t.Error("the cached prompt sounds different")
	}
	speakTo(t, s, "你好", Voice{Rate: 16000})
	if inner.asked != 3 {
		t.Error("another rate was served from the cache")
	}
}

func TestCachedPassesErrorsOnAndKeepsNothingOfThem(t *testing.T) {
	broken := errors.New("broken")
	inner := &counting{fail: broken}
	s := Cached(inner, 1<<20)
	for range 3 {
		if err := s.Speak(t.Context(), "好", Voice{Rate: 8000}, func(audio.Frame) error { return nil }); !errors.Is(err, broken) {
			t.Fatalf("Speak = %v, want %v", err, broken)
		}
	}
	if inner.asked != 3 {
		t.Errorf("a failure was cached: asked %d times", inner.asked)
	}
}

func TestCachedWithoutRoomKeepsNothing(t *testing.T) {
	inner := &counting{}
	s := Cached(inner, -1)
	for range 3 {
		if err := s.Speak(t.Context(), "好", Voice{Rate: 8000}, func(audio.Frame) error { return nil }); err != nil {
			t.Fatal(err)
		}
	}
	if held, err := s.Warm(t.Context(), []Text{"好"}, Voice{Rate: 8000}); held != 0 || err != nil || inner.asked != 3 {
		t.Errorf("asked %d times; Warm = %d, %v", inner.asked, held, err)
	}
}

func TestCachedIsWarmedWhileNobodyIsSpokenTo(t *testing.T) {
	inner := &counting{}
	s := Cached(inner, 1<<20)
	if held, err := s.Warm(t.Context(), []Text{"好", "您好", "好"}, Voice{Rate: 8000}); held != 3 || err != nil || inner.asked != 2 {
		t.Errorf("Warm = %d, %v; asked %d times", held, err, inner.asked)
	}
	if err := s.Speak(t.Context(), "好", Voice{Rate: 8000, Speed: 1}, func(audio.Frame) error { return nil }); err != nil || inner.asked != 2 {
		t.Errorf("Speak = %v; asked %d times: it was not warm", err, inner.asked)
	}
	if got := s.Stats(); got.Hits != 1 || got.Misses != 0 || got.Cached == 0 {
		t.Errorf("%+v", got)
	}
	end := s.attention.begin()
	defer end()
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := s.Warm(ctx, []Text{"再见"}, Voice{Rate: 8000}); !errors.Is(err, context.DeadlineExceeded) || inner.asked != 2 {
		t.Errorf("Warm beside a speaker = %v; asked %d times", err, inner.asked)
	}
}

func TestFramesKeepPitchAndLengthFromAnyRate(t *testing.T) {
	for _, from := range []int{8000, 16000, 22050, 24000, 44100, 48000} {
		for _, to := range []int{8000, 16000} {
			r, err := audio.NewResampler(from, to)
			if err != nil {
				t.Fatal(err)
			}
			for round := range 2 { // a clone begins anew
				n, crossings := sine(t, from, to, r.Clone())
				if want := to/2 + int(ending.Seconds()*float64(to)); n < want || n > want+to/20 {
					t.Errorf("%d->%d round %d: %d samples for half a second and the ending, want about %d", from, to, round, n, want)
				}
				if crossings < 198 || crossings > 202 { // 200 Hz, half a second, two a period
					t.Errorf("%d->%d: %d zero crossings of a 200 Hz tone, want 200", from, to, crossings)
				}
			}
		}
	}
}

// sine sends half a second of 200 Hz through frames and counts samples and zero
// crossings of what comes out.
func sine(t *testing.T, from, to int, r *audio.Resampler) (samples, crossings int) {
	t.Helper()
	var out []int16
	f := NewFrames(from, to, r, func(frame audio.Frame) error {
		if len(frame.PCM) != to/framesPerSecond || frame.Rate != to {
			t.Fatalf("frame of %d samples at %d Hz", len(frame.PCM), frame.Rate)
		}
		out = append(out, frame.PCM...)
		return nil
	})
	tone := make([]float32, from/2)
	for i := range tone {
		tone[i] = float32(0.5 * math.Sin(2*math.Pi*200*float64(i)/float64(from)))
	}
	if err := errors.Join(f.Phrase(tone), f.Finish()); err != nil {
		t.Fatal(err)
	}
	last := int16(0)
	for _, s := range out {
		if s > 200 || s < -200 { // beyond the ripple of the filter's ends
			if last != 0 && (s > 0) != (last > 0) {
				crossings++
			}
			last = s
		}
	}
	return len(out), crossings
}
