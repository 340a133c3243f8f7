package whisper

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"waggle/asr/ctcbeam"
	"waggle/asr/modeldir"
	"waggle/asr/segment/segmenttest"
)

func open(t testing.TB, o Options) *Model {
	t.Helper()
	d, err := modeldir.Open("testdata", modeldir.Int8)
	if err != nil {
		t.Fatal(err)
	}
	m, err := Open(d, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	return m
}

func TestTextsEqualSherpaOnnx(t *testing.T) {
	for _, row := range segmenttest.Golden(t, "testdata/golden.tsv", 2) {
		m := open(t, Options{Language: row[1]})
		got, err := m.Recognise(segmenttest.Sounds(segmenttest.Say(segmenttest.Units(t, row[0])...)))
		if err != nil {
			t.Fatal(err)
		}
		if r := got[0]; r.Text != row[2] || r.Tags.Language != row[1] {
			t.Errorf("%s in %s: %q in %q, sherpa-onnx has %q", row[0], row[1], r.Text, r.Tags.Language, row[2])
		} else if r.Text != "" && (len(r.Words) != 1 || r.Confidence < 0.9) {
			t.Errorf("%s in %s: %+v", row[0], row[1], r)
		}
	}
}

func TestTheLanguageIsDetectedWhenLeftOpen(t *testing.T) {
	got, err := open(t, Options{Language: "auto"}).Recognise(segmenttest.Sounds(segmenttest.Say(5, 7)))
	if err != nil {
		t.Fatal(err)
	}
	if got[0].Text != "三件" || got[0].Tags.Language != "zh" {
		t.Errorf("%+v", got[0])
	}
}

func TestLanguagesThatTheModelLacksAreNamed(t *testing.T) {
	s := open(t, Options{}).settings
	if _, _, err := s.start("tlh"); !errors.Is(err, errLanguage) || !strings.Contains(err.Error(), "tlh") {
		t.Errorf("tlh: %v", err)
	}
	s.multilingual = false
	if _, _, err := s.start("zh"); !errors.Is(err, errLanguage) || !strings.Contains(err.Error(), "multilingual") {
		t.Errorf("zh of an English model: %v", err)
	}
	if _, _, err := s.start("en"); err != nil {
		t.Errorf("en of an English model: %v", err)
	}
}

func TestSymbolsThatNobodySaysAreNotChosen(t *testing.T) {
	m := open(t, Options{})
	row := func(best ...int) []float32 {
		scores := make([]float32, m.vocabulary)
		for i, id := range best {
			scores[id] = float32(10 - i)
		}
		return scores
	}
	const word, space, dash, bracket, note = 0, 9, 10, 11, 12
	w := &writer{Model: m}
	for _, c := range []struct {
		name  string
		row   []float32
		first bool
		want  int
	}{
		{"special tokens", row(m.sot, m.vocabulary-1, m.noSpeech, word), false, word},
		{"brackets, dashes and notes", row(bracket, dash, note, word), false, word},
		{"a space at the beginning", row(space, word), true, word},
		{"a space later", row(space, word), false, space},
		{"the end", row(m.eot, word), true, m.eot},
	} {
		if got, lp, err := w.choose(c.row, c.first); err != nil || got != c.want || lp > 0 {
			t.Errorf("%s: token %d (%v), %v, want %d", c.name, got, lp, err, c.want)
		}
	}
	bad := row()
	bad[3] = float32(math.NaN())
	if _, _, err := w.choose(bad, false); !errors.Is(err, ctcbeam.ErrOutput) {
		t.Errorf("NaN: %v", err)
	}
}

func TestTokensThatTheExportListsAsNoSpeechAreTaken(t *testing.T) {
	meta := segmenttest.Meta(t, "testdata", modeldir.Encoder)
	meta["non_speech_tokens"] = "3,5"
	s, err := readSettings(meta)
	if err != nil {
		t.Fatal(err)
	}
	got := make(spelling, 8).suppressed(s)
	if want := append([]int{3, 5}, s.eot+1); !slices.Equal(got[:3], want) || len(got) != 2+s.vocabulary-s.eot-1 {
		t.Errorf("%v", got)
	}
	meta["non_speech_tokens"] = "-1"
	if _, err := readSettings(meta); !errors.Is(err, modeldir.ErrMetadata) {
		t.Errorf("-1: %v", err)
	}
}

func TestNoSpeechNeedsAnUnlikelyTextToo(t *testing.T) {
	for _, c := range []struct {
		noSpeech, mean float64
		want           bool
	}{{0.9, -2, true}, {0.9, -0.5, false}, {0.3, -2, false}} {
		w := written{tokens: make([]int, 4), noSpeech: c.noSpeech, logProbs: 5 * c.mean}
		if w.silent() != c.want {
			t.Errorf("%+v: silent is %v", c, w.silent())
		}
	}
}

func TestADecoderThatNeverEndsIsStopped(t *testing.T) {
	w := &writer{Model: open(t, Options{})}
	for _, c := range []struct {
		length time.Duration
		want   int
	}{{500 * time.Millisecond, 16}, {time.Minute, 24}} {
		if got := w.limit(c.length, 4); got != c.want {
			t.Errorf("%v: %d tokens, want %d", c.length, got, c.want)
		}
	}
}

func TestTextsThatGoRoundInCirclesAreTold(t *testing.T) {
	for text, want := range map[string]bool{
		"": false, "好的": false, "请帮我查一下昨天下午买的那件蓝色衬衫的快递现在到哪里了谢谢": false,
		strings.Repeat("谢谢大家", 20): true, strings.Repeat("三八", 6): false,
	} {
		if r := repetition(text); (r > repetitive) != want {
			t.Errorf("%s: %.2f", text, r)
		}
	}
}

func BenchmarkTwoSeconds(b *testing.B) {
	m := open(b, Options{})
	pcm := segmenttest.Sounds(segmenttest.Say(0, 1, 2, 3, 7))
	defer segmenttest.CPU(b)()
	for b.Loop() {
		if _, err := m.Recognise(pcm); err != nil {
			b.Fatal(err)
		}
	}
}
