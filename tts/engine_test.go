package tts

import (
	"context"
	"errors"
	"math"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"go.uber.org/goleak"

	"waggle/audio"
	"waggle/tts/wagglevoice"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// small is the voice of wagglevoice's tests: random graphs of the real shape.
// It is opened once for all tests.
var small = sync.OnceValues(func() (*wagglevoice.Voice, error) {
	acoustic, err := os.ReadFile("wagglevoice/testdata/acoustic.onnx")
	if err != nil {
		return nil, err
	}
	vocoder, err := os.ReadFile("wagglevoice/testdata/vocoder.onnx")
	if err != nil {
		return nil, err
	}
	return wagglevoice.Open(acoustic, vocoder, 1)
})

func fixture(t testing.TB, o Options) *Engine {
	t.Helper()
	v, err := small()
	if err != nil {
		t.Fatal(err)
	}
	return newEngine(v, o)
}

// collect speaks and checks what every receiver relies on: whole frames of
// 20 ms, in order, without gaps in time.
func collect(t testing.TB, e *Engine, text Text, v Voice) []int16 {
	t.Helper()
	var pcm []int16
	err := e.Speak(t.Context(), text, v, func(f audio.Frame) error {
		if f.Rate != v.Rate || len(f.PCM) != v.Rate/50 {
			t.Fatalf("a frame of %d samples at %d Hz", len(f.PCM), f.Rate)
		}
		if want := time.Duration(len(pcm)) * time.Second / time.Duration(v.Rate); f.TS != want {
			t.Fatalf("frame at %v, want %v", f.TS, want)
		}
		pcm = append(pcm, f.PCM...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return pcm
}

func TestSpeakAtBothRates(t *testing.T) {
	e := fixture(t, Options{})
	wide := collect(t, e, "您的订单已发出，预计2-3天送达。", Voice{Rate: 16000})
	narrow := collect(t, e, "您的订单已发出，预计2-3天送达。", Voice{Rate: 8000})
	if d := len(wide) - 2*len(narrow); d < -640 || d > 640 {
		t.Errorf("%d samples at 16 kHz, %d at 8 kHz", len(wide), len(narrow))
	}
	if a, b := audio.Level(wide), audio.Level(narrow); a < -70 || math.Abs(a-b) > 6 {
		t.Errorf("levels are %.1f and %.1f dBFS", a, b)
	}
}

func TestSpeedChangesTheLength(t *testing.T) {
	e := fixture(t, Options{})
	normal := len(collect(t, e, "您的订单已发出", Voice{Rate: 16000}))
	fast := len(collect(t, e, "您的订单已发出", Voice{Rate: 16000, Speed: 2}))
	slow := len(collect(t, e, "您的订单已发出", Voice{Rate: 16000, Speed: 0.5}))
	if fast*10 > normal*8 || slow*10 < normal*15 {
		t.Errorf("%d samples fast, %d normal, %d slow", fast, normal, slow)
	}
}

func TestSpeakRefusesWhatItCannotSay(t *testing.T) {
	e := fixture(t, Options{})
	cases := []struct {
		name  string
		text  Text
		voice Voice
		want  error
	}{
		{"empty", "", Voice{Rate: 8000}, ErrNothingToSay},
		{"emoji only", "😊！！", Voice{Rate: 8000}, ErrNothingToSay},
		{"not UTF-8", "你\xff好", Voice{Rate: 8000}, ErrNotText},
		{"too long", Text(strings.Repeat("好", LongestText+1)), Voice{Rate: 8000}, ErrTooLong},
		{"odd rate", "你好", Voice{Rate: 44100}, ErrRate},
		{"no rate", "你好", Voice{}, ErrRate},
		{"too fast", "你好", Voice{Rate: 8000, Speed: 3}, ErrSpeed},
		{"no number", "你好", Voice{Rate: 8000, Speed: float32(math.NaN())}, ErrSpeed},
		{"stranger", "你好", Voice{Rate: 8000, Name: "nobody"}, ErrUnknownVoice},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			err := e.Speak(t.Context(), c.text, c.voice, func(audio.Frame) error { return nil })
			if !errors.Is(err, c.want) {
				t.Errorf("Speak = %v, want %v", err, c.want)
			}
		})
	}
}

func TestCancelledSpeechStopsWithTheNextFrame(t *testing.T) {
	e := fixture(t, Options{})
	for _, again := range []string{"first", "second", "cached"} {
		ctx, cancel := context.WithCancel(t.Context())
		frames := 0
		err := e.Speak(ctx, "您的订单已发出，预计三天送达。", Voice{Rate: 16000}, func(audio.Frame) error {
			frames++
			if frames == 3 {
				cancel()
			}
			return nil
		})
		cancel()
		if !errors.Is(err, context.Canceled) || frames != 3 {
			t.Errorf("%s: %d frames, then %v", again, frames, err)
		}
		collect(t, e, "您的订单已发出，预计三天送达。", Voice{Rate: 16000})
	}
}

func TestErrorOfTheReceiverComesBack(t *testing.T) {
	e := fixture(t, Options{})
	gone := errors.New("line is gone")
	if err := e.Speak(t.Context(), "你好", Voice{Rate: 8000}, func(audio.Frame) error { return gone }); !errors.Is(err, gone) {
		t.Errorf("Speak = %v", err)
	}
}

func TestCachedPromptIsTheSameSound(t *testing.T) {
	e := fixture(t, Options{})
	v := Voice{Rate: 8000}
	first := collect(t, e, "您好，请问有什么可以帮您？", v)
	collect(t, e, "您好，请问有什么可以帮您？", v)
	if e.cache.bytes == 0 {
		t.Fatal("asked for twice, yet not cached")
	}
	if third := collect(t, e, "您好，请问有什么可以帮您？", v); !slices.Equal(first, third) {
		t.Error("the cached prompt differs from the fresh one")
	}
}

// One seat, many callers: each gets all of its own sound.
func TestCallersShareTheSeats(t *testing.T) {
	e := fixture(t, Options{Concurrent: 1, CacheBytes: -1})
	texts := []Text{"您好", "您的订单已发出", "请提供手机号", "再见"}
	want := make([][]int16, len(texts))
	for i, text := range texts {
		want[i] = collect(t, e, text, Voice{Rate: 8000})
	}
	var wg sync.WaitGroup
	for i, text := range texts {
		wg.Go(func() {
			if got := collect(t, e, text, Voice{Rate: 8000}); !slices.Equal(got, want[i]) {
				t.Errorf("%s sounds different beside other calls", text)
			}
		})
	}
	wg.Wait()
}

func TestWaitingForASeatEndsWithTheCall(t *testing.T) {
	e := fixture(t, Options{Concurrent: 1})
	e.seats.free <- struct{}{}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := e.Speak(ctx, "你好", Voice{Rate: 8000}, func(audio.Frame) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("Speak = %v", err)
	}
	<-e.seats.free
}

func FuzzSpeakNeverFailsOnText(f *testing.F) {
	e := fixture(f, Options{CacheBytes: -1})
	for _, s := range []string{"你好", "¥3.5，A-1", "\x00", "1\n2", "的的的", "嗯……欸"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if utf8.RuneCountInString(text) > 40 {
			t.Skip()
		}
		err := e.Speak(t.Context(), Text(text), Voice{Rate: 8000}, func(audio.Frame) error { return nil })
		if err != nil && !errors.Is(err, ErrNothingToSay) && !errors.Is(err, ErrNotText) {
			t.Fatalf("%q: %v", text, err)
		}
	})
}
