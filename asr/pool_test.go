package asr

import (
	"context"
	"errors"
	"sync"
	"testing"

	"waggle/asr/itn"
)

func TestSaturationRefusesNewStreamsAndSparesRunningOnes(t *testing.T) {
	e := toneEngine(t, Options{Streams: 1})
	s := open(t, e)
	pcm := say(t, e, "我要退货", wide, pause, pause)
	feed(t, s, pcm[:len(pcm)/2], wide)
	for range 50 {
		if _, err := e.NewStream(context.Background()); !errors.Is(err, ErrSaturated) {
			t.Fatalf("beyond the limit: %v", err)
		}
	}
	feed(t, s, pcm[len(pcm)/2:], wide)
	if got := finish(t, s); got.Text != "我要退货" {
		t.Errorf("the running stream heard %q", got.Text)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	open(t, e)
	if used, size := e.Load(); used != 1 || size != 1 {
		t.Errorf("%d of %d places taken", used, size)
	}
}

func TestPoolNeverHandsOutMoreThanItHas(t *testing.T) {
	const size, callers = 5, 100
	p := NewPool(size)
	var wg sync.WaitGroup
	got := make(chan func(), callers)
	for range callers {
		wg.Go(func() {
			if release, err := p.Acquire(); err == nil {
				got <- release
			}
		})
	}
	wg.Wait()
	close(got)
	if len(got) != size || p.Used() != size {
		t.Errorf("%d places handed out, %d counted, of %d", len(got), p.Used(), size)
	}
	for release := range got {
		release()
		release() // a second time does nothing
	}
	if p.Used() != 0 {
		t.Errorf("%d places still counted", p.Used())
	}
}

func TestEndedContextGetsNoStream(t *testing.T) {
	e := toneEngine(t, Options{Streams: 1})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := e.NewStream(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if used, _ := e.Load(); used != 0 {
		t.Errorf("%d places taken", used)
	}
}

func TestStreamsDoNotDisturbOneAnother(t *testing.T) {
	e := toneEngine(t, Options{Streams: 4})
	texts := []string{"我要退货", "转人工", "我的快递到哪了", "尾号三五七九"}
	var wg sync.WaitGroup
	for _, text := range texts {
		s := open(t, e)
		pcm := say(t, e, text, wide, pause, pause)
		wg.Go(func() {
			for range 3 {
				feed(t, s, pcm, wide)
				got, err := s.Finish()
				if err != nil || got.Text != itn.Normalise(text) {
					t.Errorf("%s was heard as %q, %v", text, got.Text, err)
				}
			}
		})
	}
	wg.Wait()
}
