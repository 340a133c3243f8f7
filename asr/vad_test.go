package asr

import (
	"errors"
	"testing"
	"time"

	"waggle/asr/step"
	"waggle/audio"
)

func TestVADFindsWhereTheToneBeginsAndEnds(t *testing.T) {
	v := toneVAD(t)
	pcm := hiss(nil, wide, 500*time.Millisecond)
	pcm = chord(pcm, wide, 600*time.Millisecond, 500, 900)
	pcm = hiss(pcm, wide, 500*time.Millisecond)
	var begin, end time.Duration
	was := false
	for at := 0; at+320 <= len(pcm); at += 320 {
		a, err := v.Write(audio.Frame{PCM: pcm[at : at+320], Rate: wide})
		if err != nil {
			t.Fatal(err)
		}
		if a.Speech && !was {
			begin = a.At
		}
		if !a.Speech && was {
			end = a.At
		}
		was = a.Speech
	}
	if begin < 480*time.Millisecond || begin > 580*time.Millisecond {
		t.Errorf("speech begins at %v, it did at 500 ms", begin)
	}
	if end < 1100*time.Millisecond || end > 1100*time.Millisecond+vadHangover+80*time.Millisecond {
		t.Errorf("speech ends at %v, it did at 1.1 s", end)
	}
	v.Reset()
	if a, err := v.Write(audio.Frame{PCM: make([]int16, 1600), Rate: wide}); err != nil || a.Speech || a.At > 100*time.Millisecond {
		t.Errorf("after Reset: %+v, %v", a, err)
	}
}

func TestVADRefusesOtherGraphs(t *testing.T) {
	if _, err := NewVADModel("tiny", fixture(t, "testdata/tiny.onnx")); !errors.Is(err, step.ErrModel) {
		t.Errorf("a recogniser as VAD: %v", err)
	}
	if _, err := New("vad", fixture(t, "testdata/tiny-vad.onnx"), fixture(t, "../models/builtin/asr-zh-lm.gz"), Options{}); !errors.Is(err, step.ErrModel) {
		t.Errorf("a VAD as recogniser: %v", err)
	}
}

func TestTheShippedModelsOpenAndHear(t *testing.T) {
	e, err := OpenBuiltin(Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	m, err := OpenVAD()
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	v, err := m.NewVAD()
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	s := open(t, e)
	for range 100 {
		f := audio.Frame{PCM: hiss(nil, 8000, 20*time.Millisecond), Rate: 8000}
		if err := s.Write(f); err != nil {
			t.Fatal(err)
		}
		if a, err := v.Write(f); err != nil || a.Speech {
			t.Fatalf("faint noise is speech: %+v, %v", a, err)
		}
	}
	if got := finish(t, s); got.Text != "" && got.Confidence > 0.5 {
		t.Errorf("faint noise is heard as %q with confidence %.2f", got.Text, got.Confidence)
	}
	_ = s.Close()
}
