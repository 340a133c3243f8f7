package asr

import (
	"errors"
	"reflect"
	"testing"
)

func peek(t testing.TB, s *ear) (Transcript, Progress) {
	t.Helper()
	got, p, err := s.Peek()
	if err != nil {
		t.Fatal(err)
	}
	return got, p
}

func TestPeekSaysWhatFinishWouldSay(t *testing.T) {
	e := toneEngine(t, Options{})
	s := open(t, e)
	for _, spoken := range []string{"我要退货", "我的快递到哪了", "转人工"} {
		pcm := say(t, e, spoken, wide, pause, pause/2)
		feed(t, s, pcm, wide)
		peeked, _ := peek(t, s)
		if peeked.Final || peeked.Spoken != spoken {
			t.Errorf("peeked %q, final %v", peeked.Spoken, peeked.Final)
		}
		finished := finish(t, s)
		peeked.Final = true
		if !reflect.DeepEqual(peeked, finished) {
			t.Errorf("peeked %+v\nfinished %+v", peeked, finished)
		}
	}
}

func TestPeekLeavesTheUtteranceAsItWas(t *testing.T) {
	e := toneEngine(t, Options{})
	pcm := say(t, e, "我的快递到哪了", wide, pause, 2*pause)
	plain, peeping := open(t, e), open(t, e)
	feed(t, plain, pcm, wide)
	for at := 0; at < len(pcm); at += 1600 {
		feed(t, peeping, pcm[at:min(at+1600, len(pcm))], wide)
		peek(t, peeping)
	}
	peeping.peeked = peeked{} // so that Finish does its own work
	want, got := finish(t, plain), finish(t, peeping)
	// The last utterance began at another time stamp: only words and marks count.
	if got.Text != want.Text || got.Confidence != want.Confidence || len(got.NBest) != len(want.NBest) {
		t.Errorf("with peeks %+v\nwithout %+v", got, want)
	}
}

func TestSpeechAfterAPeekIsHeard(t *testing.T) {
	e := toneEngine(t, Options{})
	s := open(t, e)
	feed(t, s, say(t, e, "我的快递", wide, pause, pause/2), wide)
	if got, _ := peek(t, s); got.Spoken != "我的快递" {
		t.Errorf("peeked %q", got.Spoken)
	}
	feed(t, s, say(t, e, "到哪了", wide, 0, pause), wide)
	if got := finish(t, s); got.Spoken != "我的快递到哪了" {
		t.Errorf("finished %q", got.Spoken)
	}
}

func TestAPeekCostsFewStepsAndItsFinishNone(t *testing.T) {
	e := toneEngine(t, Options{})
	s := open(t, e)
	feed(t, s, say(t, e, "我要退货", wide, pause, 2*pause/3), wide)
	if err := s.now.settle(); err != nil {
		t.Fatal(err)
	}
	_, before := e.Shared()
	peek(t, s)
	_, after := e.Shared()
	if n := after - before; n < 1 || n > 2 {
		t.Errorf("the peek took %d steps", n)
	}
	peek(t, s) // nothing was heard since
	finish(t, s)
	if _, last := e.Shared(); last != after {
		t.Errorf("the finish took %d steps more", last-after)
	}
}

func TestPeekKnowsThatANumberIsUnfinished(t *testing.T) {
	e := toneEngine(t, Options{})
	s := open(t, e)
	if err := s.Begin(Hints{Kind: HintDigits}); err != nil {
		t.Fatal(err)
	}
	feed(t, s, say(t, e, "幺三八零零幺", wide, pause, pause/2), wide)
	if _, p := peek(t, s); p != ProgressUnfinished {
		t.Errorf("six digits of a mobile number: %v", p)
	}
	feed(t, s, say(t, e, "三八零零零", wide, 0, pause/2), wide)
	if got, p := peek(t, s); p != ProgressComplete || got.Text != "13800138000" {
		t.Errorf("eleven digits: %q, %v", got.Text, p)
	}
}

func TestPeekOutsideAnUtterance(t *testing.T) {
	e := toneEngine(t, Options{})
	s := open(t, e)
	if got, p := peek(t, s); got.Text != "" || p != ProgressUnknown {
		t.Errorf("before the first frame: %+v, %v", got, p)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Peek(); !errors.Is(err, ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
}
