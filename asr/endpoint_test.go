package asr

import (
	"slices"
	"testing"
	"time"
)

// run plays speech (true) and silence in steps of 20 ms and returns when each
// decision fell.
func run(e *Endpointer, p Progress, stretches ...any) (starts, ends []time.Duration) {
	at := time.Duration(0)
	for i := 0; i < len(stretches); i += 2 {
		speech, length := stretches[i].(bool), stretches[i+1].(time.Duration)
		for stop := at + length; at < stop; {
			at += 20 * time.Millisecond
			switch e.Observe(Activity{At: at, Speech: speech}, p) {
			case EndpointStart:
				starts = append(starts, at)
			case EndpointEnd, EndpointMax:
				ends = append(ends, at)
			}
		}
	}
	return starts, ends
}

const ms = time.Millisecond

func TestSilenceWaitedForDependsOnTheSentence(t *testing.T) {
	for p, want := range map[Progress]time.Duration{
		ProgressComplete: 240 * ms, ProgressUnknown: 360 * ms, ProgressUnfinished: 640 * ms, ProgressAwaited: 1500 * ms,
	} {
		e := NewEndpointer(EndpointSettings{})
		_, ends := run(e, p, false, 500*ms, true, 1000*ms, false, 2000*ms)
		if len(ends) != 1 || ends[0]-1500*ms != want {
			t.Errorf("progress %d: ends %v, want %v after speech", p, ends, want)
		}
		if e.SpeechStart() != 500*ms || e.SpeechEnd() != 1500*ms {
			t.Errorf("speech from %v to %v", e.SpeechStart(), e.SpeechEnd())
		}
	}
}

func TestClicksBeginNothing(t *testing.T) {
	starts, ends := run(NewEndpointer(EndpointSettings{}), ProgressUnknown, false, 300*ms, true, 80*ms, false, 300*ms, true, 100*ms, false, time.Second)
	if len(starts)+len(ends) != 0 {
		t.Errorf("starts %v, ends %v", starts, ends)
	}
}

func TestShortPausesDoNotEndASentence(t *testing.T) {
	starts, ends := run(NewEndpointer(EndpointSettings{}), ProgressUnfinished, true, 500*ms, false, 400*ms, true, 500*ms, false, time.Second)
	if len(starts) != 1 || len(ends) != 1 || ends[0] != 2040*ms {
		t.Errorf("starts %v, ends %v", starts, ends)
	}
}

func TestEndlessSpeechIsCutAndGoesOn(t *testing.T) {
	starts, ends := run(NewEndpointer(EndpointSettings{Max: 2 * time.Second}), ProgressUnknown, true, 5*time.Second)
	if len(ends) != 2 || ends[0] != 2*time.Second || len(starts) != 3 {
		t.Errorf("starts %v, ends %v", starts, ends)
	}
}

// A pause is looked at once, and anew after the caller went on.
func TestEveryPauseIsPeekedAtOnce(t *testing.T) {
	e := NewEndpointer(EndpointSettings{})
	var got []Endpoint
	at := time.Duration(0)
	for _, s := range []struct {
		speech bool
		length time.Duration
	}{{true, 500 * ms}, {false, 140 * ms}, {true, 300 * ms}, {false, 340 * ms}, {true, 300 * ms}, {false, 600 * ms}} {
		for stop := at + s.length; at < stop; {
			at += 20 * ms
			if d := e.Observe(Activity{At: at, Speech: s.speech}, ProgressUnknown); d != EndpointNone {
				got = append(got, d)
			}
		}
	}
	want := []Endpoint{EndpointStart, EndpointPeek, EndpointResume, EndpointPeek, EndpointEnd}
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
