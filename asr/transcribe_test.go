package asr

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"waggle/audio/clip"
)

func TestLongRecordingsAreHeardSentenceBySentence(t *testing.T) {
	e := toneEngine(t, Options{})
	m, err := NewVADModel("tiny-vad", fixture(t, "testdata/tiny-vad.onnx"))
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	var pcm []int16
	texts := []string{"我的快递到哪了", "我要退货", "转人工", "帮我查一下订单", "不用了谢谢", "这个花瓶碎了"}
	for _, text := range texts {
		pcm = append(pcm, say(t, e, text, wide, time.Second, time.Second)...)
	}
	got, err := Transcriber{Recognizer: e, VAD: m}.Transcribe(context.Background(), clip.Clip{PCM: pcm}, Hints{})
	if err != nil {
		t.Fatal(err)
	}
	if want := strings.Join(texts, "，"); got.Text != want {
		t.Errorf("heard %s, want %s", got.Text, want)
	}
	last := time.Duration(0)
	for _, w := range got.Words {
		if w.Start < last {
			t.Errorf("%s starts at %v, before %v", w.Text, w.Start, last)
		}
		last = w.Start
	}
	if length := time.Duration(len(pcm)) * time.Second / wide; last < length-4*time.Second || last > length {
		t.Errorf("the last word starts at %v of %v", last, length)
	}
}

func TestRecordingsWithoutSpeechAreEmpty(t *testing.T) {
	e := toneEngine(t, Options{})
	m, err := NewVADModel("tiny-vad", fixture(t, "testdata/tiny-vad.onnx"))
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	tr := Transcriber{Recognizer: e, VAD: m}
	if got, err := tr.Transcribe(context.Background(), clip.Clip{PCM: hiss(nil, wide, 3*time.Second)}, Hints{}); err != nil || got.Text != "" {
		t.Errorf("faint noise is heard as %q, %v", got.Text, err)
	}
	got, err := tr.Transcribe(context.Background(), clip.Clip{PCM: say(t, e, "转人工", wide, 0, pause)}, Hints{})
	if err != nil || got.Text != "转人工" {
		t.Errorf("speech from the first sample on is heard as %q, %v", got.Text, err)
	}
}

func TestWithoutVADLongRecordingsAreStillHeard(t *testing.T) {
	parts := equalParts(40 * time.Second)
	if len(parts) != 3 || parts[2].to != 40*time.Second {
		t.Errorf("%v", parts)
	}
}

func TestTranscribingStopsWithItsContext(t *testing.T) {
	e := toneEngine(t, Options{})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := (Transcriber{Recognizer: e}).Transcribe(ctx, clip.Clip{PCM: make([]int16, wide)}, Hints{}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if used, _ := e.Load(); used != 0 {
		t.Errorf("%d places still taken", used)
	}
}
