package dropin

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"waggle/asr"
	"waggle/asr/hotwords"
	"waggle/audio"
	"waggle/audio/clip"
)

// streaming opens a model of testdata and begins an utterance.
func streaming(t testing.TB, name string, o Options) asr.Stream {
	t.Helper()
	r, err := Open(context.Background(), filepath.Join("testdata", name), o)
	if err != nil {
		t.Fatal(err)
	}
	s, err := r.NewStream(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(s.Close(), r.Close()); err != nil {
			t.Error(err)
		}
	})
	return s
}

func tonesOf(t testing.TB, name string) clip.Clip {
	t.Helper()
	c, err := clip.Open(filepath.Join("testdata", name), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// A peek must read what Finish would, and leave no trace.
func TestPeekLeavesTheUtteranceAsItWas(t *testing.T) {
	for _, model := range []struct {
		name  string
		paths int
	}{{"zipformer2-ctc", 1}, {"zipformer2-ctc", 4}, {"zipformer2-transducer", 1}, {"zipformer2-transducer", 4}, {"zipformer-transducer", 4}, {"paraformer-streaming", 1}} {
		s := streaming(t, model.name, Options{Paths: model.paths})
		u, p := s.(asr.Utterances), s.(asr.Peeker)
		sound, want := tonesOf(t, "return.flac"), "我要退火"
		if model.name == "paraformer-streaming" { // knows no 火
			want = "我要退货"
		}
		var last string
		for range 2 { // the second utterance must not know of the first
			if err := u.Begin(asr.Hints{}); err != nil {
				t.Fatal(err)
			}
			n := 0
			err := sound.Frames(20*time.Millisecond, func(f audio.Frame) error {
				if n++; n%13 == 0 {
					got, _, err := p.Peek()
					if err != nil {
						return err
					}
					if !strings.HasPrefix(want, got.Text) || len(got.Text) < len(last) && n > 13 {
						t.Errorf("%s: peek reads %q", model.name, got.Text)
					}
					last = got.Text
				}
				return s.Write(f)
			})
			if err != nil {
				t.Fatal(err)
			}
			peek, _, err := p.Peek()
			if err != nil {
				t.Fatal(err)
			}
			heard, err := u.Finish()
			if err != nil {
				t.Fatal(err)
			}
			if heard.Text != want || peek.Text != heard.Text || !heard.Final || peek.Final {
				t.Errorf("%s: %q, peek %q", model.name, heard.Text, peek.Text)
			}
		}
	}
}

func TestPartialTextGrowsWhileSpeaking(t *testing.T) {
	s := streaming(t, "zipformer2-transducer", Options{})
	seen := map[string]bool{}
	if err := tonesOf(t, "return.flac").Frames(20*time.Millisecond, func(f audio.Frame) error {
		seen[s.Result().Text] = true
		return s.Write(f)
	}); err != nil {
		t.Fatal(err)
	}
	if !seen["我"] || !seen["我要"] {
		t.Errorf("partial texts: %v", seen)
	}
}

func TestHintsDecideBetweenTwoReadings(t *testing.T) {
	for _, name := range []string{"zipformer2-ctc", "zipformer2-transducer", "zipformer-transducer"} {
		r, err := Open(context.Background(), "testdata/"+name, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for phrase, want := range map[string]string{"退货": "我要退货", "": "我要退火", "不在表里": "我要退火"} {
			got := hearFile(t, r, "testdata/return.flac", asr.Hints{Phrases: []string{phrase}})
			if got.Text != want {
				t.Errorf("%s with %q: %q, want %q", name, phrase, got.Text, want)
			}
			if len(got.NBest) == 0 {
				t.Errorf("%s: no other readings", name)
			}
		}
		_ = r.Close()
	}
}

func TestStandingHotwordsCarryTheirScores(t *testing.T) {
	for score, want := range map[float32]string{2: "我要退货", 0.01: "我要退火", -5: "我要退火"} {
		r, err := Open(context.Background(), "testdata/zipformer2-transducer", Options{Hotwords: []hotwords.Hotword{{Text: "退货", Score: score}}})
		if err != nil {
			t.Fatal(err)
		}
		if got := hearFile(t, r, "testdata/return.flac", asr.Hints{}); got.Text != want {
			t.Errorf("score %v: %q, want %q", score, got.Text, want)
		}
		_ = r.Close()
	}
}

func TestHotwordsLieBesideTheModel(t *testing.T) {
	dir := folder(t, "zipformer2-transducer")
	put(t, dir+"/hotwords.txt", []byte("# names\n退货 :2\n"))
	r, err := Open(context.Background(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if got := hearFile(t, r, "testdata/return.flac", asr.Hints{}); got.Text != "我要退货" {
		t.Errorf("%q", got.Text)
	}
	put(t, dir+"/hotwords.txt", []byte("退货 :much\n"))
	if _, err := Open(context.Background(), dir, Options{}); !errors.Is(err, hotwords.ErrList) {
		t.Errorf("a score that is no number: %v", err)
	}
}

func TestTelephoneSoundIsHeardToo(t *testing.T) {
	s := streaming(t, "zipformer2-ctc", Options{})
	sound := tonesOf(t, "hello.flac")
	down, err := audio.NewResampler(clip.Rate, 8000)
	if err != nil {
		t.Fatal(err)
	}
	if err := sound.Frames(20*time.Millisecond, func(f audio.Frame) error {
		return s.Write(audio.Frame{PCM: down.Append(nil, f.PCM), Rate: 8000, TS: f.TS + time.Hour})
	}); err != nil {
		t.Fatal(err)
	}
	got, err := s.(asr.Utterances).Finish()
	if err != nil || got.Text != "你好" || got.Words[0].Start < time.Hour {
		t.Errorf("%+v, %v", got, err)
	}
	if err := s.Write(audio.Frame{PCM: make([]int16, 10), Rate: 44100}); !errors.Is(err, asr.ErrRate) {
		t.Errorf("44.1 kHz: %v", err)
	}
}

func TestFramesDoNotAllocate(t *testing.T) {
	for _, c := range []struct {
		name  string
		paths int
	}{{"zipformer2-ctc", 1}, {"zipformer2-ctc", 4}, {"zipformer2-transducer", 1}, {"zipformer2-transducer", 4}} {
		s := streaming(t, c.name, Options{Paths: c.paths})
		f := audio.Frame{PCM: make([]int16, 320), Rate: 16000}
		write := func() {
			if err := s.Write(f); err != nil {
				t.Fatal(err)
			}
		}
		for range 200 {
			write()
		}
		if n := testing.AllocsPerRun(200, write); n != 0 {
			t.Errorf("%s, %d paths: %v allocations a frame", c.name, c.paths, n)
		}
	}
}

func TestWordsOfAStreamingParaformerLieWhereTheySound(t *testing.T) {
	r, err := Open(context.Background(), "testdata/paraformer-streaming", Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	got := hearFile(t, r, "testdata/all.flac", asr.Hints{})
	if got.Spoken != "你好我要退货return" || len(got.Words) != 7 {
		t.Fatalf("%q, %d words", got.Spoken, len(got.Words))
	}
	for i, w := range got.Words { // tones of 240 ms, 120 ms apart
		begin := time.Duration(120+360*i) * time.Millisecond
		if d := w.Start - begin; d < -60*time.Millisecond || d > 120*time.Millisecond || w.End <= w.Start {
			t.Errorf("%s from %v to %v, its tone begins at %v", w.Text, w.Start, w.End, begin)
		}
	}
}

func TestManyCallsAreHeardAtOnce(t *testing.T) {
	sentences := map[string]string{"hello.flac": "你好", "return.flac": "我要退火", "thanks.flac": "谢瓷", "all.flac": "你好我要退火谢瓷"}
	r, err := Open(context.Background(), "testdata/zipformer2-transducer", Options{Streams: 16})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var calls sync.WaitGroup
	for file, want := range sentences {
		sound := tonesOf(t, file)
		for range 3 {
			calls.Go(func() {
				s, err := r.NewStream(context.Background())
				if err != nil {
					t.Error(err)
					return
				}
				defer s.Close()
				for range 3 {
					err := sound.Frames(20*time.Millisecond, func(f audio.Frame) error { return s.Write(f) })
					got, err2 := s.(asr.Utterances).Finish()
					if err := errors.Join(err, err2); err != nil || got.Text != want {
						t.Errorf("%s: %q, %v", file, got.Text, err)
						return
					}
				}
			})
		}
	}
	calls.Wait()
}
