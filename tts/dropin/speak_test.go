package dropin

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"waggle/audio"
	"waggle/tts"
)

func speak(t *testing.T, s tts.Synthesizer, text tts.Text, v tts.Voice) []int16 {
	t.Helper()
	var out []int16
	err := s.Speak(t.Context(), text, v, func(f audio.Frame) error {
		if f.Rate != v.Rate || len(f.PCM) != v.Rate/50 {
			t.Fatalf("a frame of %d samples at %d Hz", len(f.PCM), f.Rate)
		}
		out = append(out, f.PCM...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestSpeakMakesBothRatesOfEveryFamily(t *testing.T) {
	for name, text := range map[string]tts.Text{
		"aishell3": "今天快递到了，请稍等。", "melo": "今天快递到了，hello。", "matcha-zh": "今天快递到了。", "kokoro": "你好，快递到了。", "characters": "hello there",
	} {
		v := open(t, name, Options{CacheBytes: -1})
		seconds := map[int]float64{}
		for _, rate := range []int{8000, 16000} {
			pcm := speak(t, v, text, tts.Voice{Rate: rate})
			if rate == 16000 && !slices.ContainsFunc(pcm, func(x int16) bool { return x > 100 || x < -100 }) { // 8 kHz cannot hold some of them
				t.Errorf("%s at %d Hz is silent", name, rate)
			}
			seconds[rate] = float64(len(pcm)) / float64(rate)
		}
		if d := seconds[8000] - seconds[16000]; d > 0.021 || d < -0.021 {
			t.Errorf("%s: %.3f s at 8 kHz and %.3f s at 16 kHz", name, seconds[8000], seconds[16000])
		}
	}
}

func TestSpeakersAreChosenByNameOrNumber(t *testing.T) {
	v := open(t, "kokoro", Options{CacheBytes: -1})
	if got := v.Voices(); !slices.Equal(got, []string{"af_heart", "zf_xiaobei", "zm_yunxi"}) {
		t.Fatalf("Voices = %v", got)
	}
	byName := speak(t, v, "你好", tts.Voice{Name: "zf_xiaobei", Rate: 16000})
	byNumber := speak(t, v, "你好", tts.Voice{Name: "1", Rate: 16000})
	first := speak(t, v, "你好", tts.Voice{Rate: 16000})
	if !slices.Equal(byName, byNumber) || slices.Equal(byName, first) {
		t.Error("the name and the number are not the same speaker, or the first one is")
	}
	err := v.Speak(t.Context(), "你好", tts.Voice{Name: "3", Rate: 16000}, nil)
	if !errors.Is(err, tts.ErrUnknownVoice) || !strings.Contains(err.Error(), "zm_yunxi") {
		t.Errorf("an unknown speaker: %v", err)
	}
}

func TestRequestsAreValidated(t *testing.T) {
	v := open(t, "aishell3", Options{})
	for _, c := range []struct {
		text  tts.Text
		voice tts.Voice
		want  error
	}{
		{"你好", tts.Voice{Rate: 44100}, tts.ErrRate},
		{"你好", tts.Voice{Rate: 8000, Speed: 9}, tts.ErrSpeed},
		{"\xff", tts.Voice{Rate: 8000}, tts.ErrNotText},
		{tts.Text(strings.Repeat("好", tts.LongestText+1)), tts.Voice{Rate: 8000}, tts.ErrTooLong},
		{"", tts.Voice{Rate: 8000}, tts.ErrNothingToSay},
		{"。。。", tts.Voice{Rate: 8000}, tts.ErrNothingToSay},
		{"鬱鬱", tts.Voice{Rate: 8000}, tts.ErrNothingToSay}, // not in this lexicon
	} {
		if err := v.Speak(t.Context(), c.text, c.voice, func(audio.Frame) error { return nil }); !errors.Is(err, c.want) {
			t.Errorf("%.12q %+v: %v, want %v", string(c.text), c.voice, err, c.want)
		}
	}
	if v.Skipped() != 2 {
		t.Errorf("Skipped = %d, want the two characters", v.Skipped())
	}
}

// slow is a speaker that makes a second of sound and says how often it was
// asked, and when the third time is.
type slow struct {
	speaker
	calls chan int
	n     int
}

func (s *slow) Say([]int64, []int64, int, float32) ([]float32, error) {
	s.n++
	s.calls <- s.n
	return make([]float32, 8000), nil
}

func TestTheFirstPhraseLeavesBeforeTheLastIsMade(t *testing.T) {
	v := open(t, "aishell3", Options{CacheBytes: -1})
	calls := make(chan int, 16)
	v.model = &slow{speaker: v.model, calls: calls}
	heard := 0
	most := 0
	err := v.Speak(t.Context(), "今天快递到了。今天快递到了。今天快递到了。今天快递到了。今天快递到了。", tts.Voice{Rate: 8000}, func(audio.Frame) error {
		for len(calls) > 0 {
			most = max(most, <-calls)
		}
		if heard == 0 && most == 5 {
			t.Error("all phrases were made before the first frame")
		}
		heard++
		return nil
	})
	if err != nil || heard < 250 {
		t.Errorf("%d frames, %v", heard, err)
	}
}

func TestSpeakEndsWithItsContextOrReceiver(t *testing.T) {
	v := open(t, "aishell3", Options{CacheBytes: -1})
	ctx, cancel := context.WithCancel(t.Context())
	err := v.Speak(ctx, "今天快递到了。今天快递到了。今天快递到了。", tts.Voice{Rate: 8000}, func(audio.Frame) error { cancel(); return nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("after cancel: %v", err)
	}
	broken := errors.New("line closed")
	if err := v.Speak(t.Context(), "今天快递到了。今天快递到了。", tts.Voice{Rate: 8000}, func(audio.Frame) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("after the receiver's error: %v", err)
	}
}

func TestRepeatedPromptsComeFromTheCache(t *testing.T) {
	v := open(t, "aishell3", Options{})
	calls := make(chan int, 16)
	v.model = &slow{speaker: v.model, calls: calls}
	for range 4 {
		speak(t, v, "今天快递到了。", tts.Voice{Rate: 8000})
	}
	speak(t, v, "今天快递到了。", tts.Voice{Rate: 8000, Name: "0", Speed: 1})
	if len(calls) != 2 {
		t.Errorf("the graph ran %d times for five times the same prompt, want 2", len(calls))
	}
	speak(t, v, "今天快递到了。", tts.Voice{Rate: 8000, Name: "1"})
	if len(calls) != 3 {
		t.Error("another speaker was served from the cache")
	}
}

func TestPhonemesAreThoseOfWholeSentences(t *testing.T) {
	espeakSays(t, "a")
	v := open(t, "piper-en", Options{})
	got, err := v.Phonemes(t.Context(), "One clause is here, another one there. And a second sentence!")
	if want := []string{"a, a.", "a!"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("Phonemes = %q, %v, want %q", got, err, want)
	}
	if got, err := open(t, "melo", Options{}).Phonemes(t.Context(), "你好"); got != nil || err != nil {
		t.Errorf("a voice with a lexicon has the phonemes %q, %v", got, err)
	}
}

func TestManySpeakAtOnce(t *testing.T) {
	v := open(t, "melo", Options{CacheBytes: -1, Concurrent: 2})
	want := speak(t, v, "今天快递到了，hello。", tts.Voice{Rate: 8000})
	var group sync.WaitGroup
	for range 6 {
		group.Go(func() {
			var got []int16
			err := v.Speak(t.Context(), "今天快递到了，hello。", tts.Voice{Rate: 8000}, func(f audio.Frame) error {
				got = append(got, f.PCM...)
				return nil
			})
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("%d samples, %v, want the same %d as alone", len(got), err, len(want))
			}
		})
	}
	group.Wait()
}
