package asr

import (
	"fmt"
	"testing"
	"time"

	"waggle/audio"
)

// frames cuts pcm into 20 ms.
func frames(pcm []int16, rate int) []audio.Frame {
	var out []audio.Frame
	for step := rate / 50; len(pcm) >= step; pcm = pcm[step:] {
		out = append(out, audio.Frame{PCM: pcm[:step], Rate: rate})
	}
	return out
}

func TestFramesAreHeardWithoutAllocating(t *testing.T) {
	if raceDetector {
		t.Skip("the race detector allocates on its own account")
	}
	e := toneEngine(t, Options{})
	for _, rate := range []int{8000, wide} {
		t.Run(fmt.Sprintf("%d Hz", rate), func(t *testing.T) {
			s := open(t, e)
			all := frames(say(t, e, "你好我想查一下我的快递到哪里了", rate, pause, pause), rate)
			utterance := func() {
				if err := s.Begin(Hints{}); err != nil {
					t.Fatal(err)
				}
				for _, f := range all {
					if err := s.Write(f); err != nil {
						t.Fatal(err)
					}
					s.Progress()
				}
			}
			utterance() // makes room; the next ones need no more
			if n := testing.AllocsPerRun(3, utterance); n != 0 {
				t.Errorf("%v allocations in an utterance of %d frames", n, len(all))
			}
		})
	}
}

func TestVoiceActivityIsFoundWithoutAllocating(t *testing.T) {
	v := toneVAD(t)
	all := frames(hiss(nil, 8000, 2*time.Second), 8000)
	at := 0
	write := func() {
		if _, err := v.Write(all[at%len(all)]); err != nil {
			t.Fatal(err)
		}
		at++
	}
	for range 200 {
		write()
	}
	if n := testing.AllocsPerRun(300, write); n != 0 {
		t.Errorf("%v allocations per 20 ms", n)
	}
}

func TestAPeekMakesOnlyItsTranscript(t *testing.T) {
	e := toneEngine(t, Options{})
	s := open(t, e)
	feed(t, s, say(t, e, "我的快递到哪了", wide, pause, pause/2), wide)
	peek(t, s) // makes the copy that later ones use
	readings := testing.AllocsPerRun(20, func() { s.transcript(s.now.decoder.Readings(1 + nBest)) })
	all := testing.AllocsPerRun(20, func() {
		s.peeked = peeked{} // or it would only be repeated
		peek(t, s)
	})
	if all > 1.2*readings+10 {
		t.Errorf("%v allocations a peek, of which its readings are %v", all, readings)
	}
}
