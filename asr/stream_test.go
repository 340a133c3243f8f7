package asr

import (
	"errors"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"waggle/audio"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	pause = 300 * time.Millisecond
	wide  = 16000
)

func finish(t testing.TB, s *ear) Transcript {
	t.Helper()
	got, err := s.Finish()
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestSentencesAreHeardThroughTheWholeChain(t *testing.T) {
	e := toneEngine(t, Options{})
	s := open(t, e)
	for spoken, written := range map[string]string{
		"我的快递到哪了": "我的快递到哪了",
		"我要退货":    "我要退货",
		"手机号是幺三八零零幺三八零零零": "手机号是13800138000",
		"转人工": "转人工",
	} {
		if err := s.Begin(Hints{}); err != nil {
			t.Fatal(err)
		}
		feed(t, s, say(t, e, spoken, wide, pause, pause), wide)
		got := finish(t, s)
		if got.Spoken != spoken || got.Text != written || !got.Final {
			t.Errorf("%s was heard as %s, written %s", spoken, got.Spoken, got.Text)
		}
		if got.Confidence < 0.5 {
			t.Errorf("%s: confidence %.2f", spoken, got.Confidence)
		}
	}
}

func TestWordsLieWhereTheyWereSpoken(t *testing.T) {
	e := toneEngine(t, Options{})
	s := open(t, e)
	pcm := say(t, e, "我要退货", wide, time.Second, pause)
	feed(t, s, pcm, wide)
	got := finish(t, s)
	if len(got.Words) == 0 {
		t.Fatal("no words")
	}
	first, last := got.Words[0], got.Words[len(got.Words)-1]
	if d := first.Start - time.Second; d < -100*time.Millisecond || d > 100*time.Millisecond {
		t.Errorf("the first word starts at %v, it was spoken at 1 s", first.Start)
	}
	end := time.Duration(len(pcm))*time.Second/wide - pause
	if d := last.End - end; d < -150*time.Millisecond || d > 350*time.Millisecond {
		t.Errorf("the last word ends at %v, it was spoken until %v", last.End, end)
	}
}

func TestPartialTranscriptGrowsIntoTheFinalOne(t *testing.T) {
	e := toneEngine(t, Options{})
	s := open(t, e)
	pcm := say(t, e, "我的快递到哪了", wide, pause, pause)
	feed(t, s, pcm[:2*len(pcm)/3], wide)
	partial := s.Result()
	if partial.Final || partial.Spoken == "" || !strings.HasPrefix(partial.Spoken, "我的") {
		t.Errorf("two thirds in: %+v", partial)
	}
	feed(t, s, pcm[2*len(pcm)/3:], wide)
	final := finish(t, s)
	if again, err := s.Finish(); err != nil || again.Text != final.Text {
		t.Errorf("a second Finish gives %q, %v", again.Text, err)
	}
	if s.Result().Text != final.Text {
		t.Errorf("Result after Finish is %q", s.Result().Text)
	}
}

func TestUnheardUtterancesAreEmpty(t *testing.T) {
	e := toneEngine(t, Options{})
	s := open(t, e)
	if err := s.Begin(Hints{}); err != nil {
		t.Fatal(err)
	}
	if got := finish(t, s); got.Text != "" || !got.Final || got.Confidence != 0 {
		t.Errorf("nothing written gives %+v", got)
	}
	feed(t, s, hiss(nil, wide, time.Second), wide)
	if got := finish(t, s); got.Text != "" {
		t.Errorf("silence gives %q", got.Text)
	}
}

func TestNonsenseGetsLowConfidence(t *testing.T) {
	e := toneEngine(t, Options{})
	s := open(t, e)
	feed(t, s, say(t, e, "我的快递到哪了", wide, pause, pause), wide)
	clear := finish(t, s).Confidence
	var pcm []int16
	for i := range 24 { // single units in an order that no word has
		a, b := pair((i*17 + 5) % 20)
		pcm = hiss(chord(pcm, wide, 80*time.Millisecond, centre(a), centre(b)), wide, 60*time.Millisecond)
	}
	feed(t, s, pcm, wide)
	if got := finish(t, s); got.Confidence > 0.3 || got.Confidence > clear/2 {
		t.Errorf("nonsense is heard as %q with confidence %.2f; clear speech has %.2f", got.Text, got.Confidence, clear)
	}
}

func TestRatesThatCannotBeHeardAreRefused(t *testing.T) {
	s := open(t, toneEngine(t, Options{}))
	if err := s.Write(audio.Frame{PCM: make([]int16, 100), Rate: 44100}); !errors.Is(err, ErrRate) {
		t.Errorf("44.1 kHz: %v", err)
	}
	if err := s.Write(audio.Frame{PCM: make([]int16, 100), Rate: 8000}); err != nil {
		t.Errorf("8 kHz: %v", err)
	}
	if err := s.Write(audio.Frame{PCM: make([]int16, 100), Rate: 16000}); !errors.Is(err, ErrRate) {
		t.Errorf("changed rate: %v", err)
	}
}

func TestTelephoneRateIsHeard(t *testing.T) {
	e := toneEngine(t, Options{})
	s := open(t, e)
	// Units whose carriers lie below 4 kHz survive the telephone band.
	feed(t, s, say(t, e, "爸爸", 8000, pause, pause), 8000)
	if got := finish(t, s); len(got.Words) == 0 {
		t.Errorf("heard %+v", got)
	}
}

func TestClosedStreamsSaySo(t *testing.T) {
	s := open(t, toneEngine(t, Options{}))
	if err := errors.Join(s.Close(), s.Close()); err != nil {
		t.Error(err)
	}
	if err := s.Write(audio.Frame{PCM: make([]int16, 320), Rate: wide}); !errors.Is(err, ErrClosed) {
		t.Errorf("Write: %v", err)
	}
	if _, err := s.Finish(); !errors.Is(err, ErrClosed) {
		t.Errorf("Finish: %v", err)
	}
	if err := s.Begin(Hints{}); !errors.Is(err, ErrClosed) {
		t.Errorf("Begin: %v", err)
	}
}

func TestProgressSeesThatANumberIsUnfinished(t *testing.T) {
	e := toneEngine(t, Options{})
	s := open(t, e)
	if err := s.Begin(Hints{Kind: HintDigits}); err != nil {
		t.Fatal(err)
	}
	feed(t, s, say(t, e, "幺三八零零幺", wide, pause, pause), wide)
	if got := s.Progress(); got != ProgressUnfinished {
		t.Errorf("six digits of a mobile number: %v", got)
	}
	feed(t, s, say(t, e, "三八零零零", wide, 0, pause), wide)
	if got := s.Progress(); got != ProgressComplete {
		t.Errorf("eleven digits: %v", got)
	}
}

func BenchmarkWrite(b *testing.B) {
	e := toneEngine(b, Options{})
	s := open(b, e)
	pcm := say(b, e, "你好我想查一下我的快递到哪里了", wide, pause, pause)
	b.ReportAllocs()
	at := 0
	for b.Loop() {
		if at+320 > len(pcm) {
			at = 0
			finish(b, s)
		}
		if err := s.Write(audio.Frame{PCM: pcm[at : at+320], Rate: wide}); err != nil {
			b.Fatal(err)
		}
		at += 320
	}
}
