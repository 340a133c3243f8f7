package dropin

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"waggle/audio"
	"waggle/models/onnx"
	"waggle/tts"
	"waggle/tts/kokoro"
	"waggle/tts/lexicon"
	"waggle/tts/voicegraph"
)

func speak(t *testing.T, s tts.Synthesizer, text tts.Text, v tts.Voice) []int16 {
	t.Helper()
	var out []int16
	err := s.Speak(t.Context(), text, v, func(f audio.Frame) error {
		if f.Rate != v.Rate || len(f.PCM) != v.Rate/50 {
			t.Fatalf("a frame of %d samples at %d Hz", len(f.PCM), f.Rate)
		}
		out = append(out, f.PCM...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestSpeakMakesBothRatesOfEveryFamily(t *testing.T) {
	for name, text := range map[string]tts.Text{
		"aishell3": "今天快递到了，请稍等。", "melo": "今天快递到了，hello。", "matcha-zh": "今天快递到了。", "kokoro": "你好，快递到了。", "characters": "hello there",
	} {
		v := open(t, name, Options{CacheBytes: -1})
		seconds := map[int]float64{}
		for _, rate := range []int{8000, 16000} {
			pcm := speak(t, v, text, tts.Voice{Rate: rate})
			if rate == 16000 && !slices.ContainsFunc(pcm, func(x int16) bool { return x > 100 || x < -100 }) { // 8 kHz cannot hold some of them
				t.Errorf("%s at %d Hz is silent", name, rate)
			}
			seconds[rate] = float64(len(pcm)) / float64(rate)
		}
		if d := seconds[8000] - seconds[16000]; d > 0.021 || d < -0.021 {
			t.Errorf("%s: %.3f s at 8 kHz and %.3f s at 16 kHz", name, seconds[8000], seconds[16000])
		}
	}
}

func TestSpeakersAreChosenByNameOrNumber(t *testing.T) {
	v := open(t, "kokoro", Options{CacheBytes: -1})
	if got := v.Voices(); !slices.Equal(got, []string{"af_heart", "zf_xiaobei", "zm_yunxi"}) {
		t.Fatalf("Voices = %v", got)
	}
	byName := speak(t, v, "你好", tts.Voice{Name: "zf_xiaobei", Rate: 16000})
	byNumber := speak(t, v, "你好", tts.Voice{Name: "1", Rate: 16000})
	first := speak(t, v, "你好", tts.Voice{Rate: 16000})
	if !slices.Equal(byName, byNumber) || slices.Equal(byName, first) {
		t.Error("the name and the number are not the same speaker, or the first one is")
	}
	err := v.Speak(t.Context(), "你好", tts.Voice{Name: "3", Rate: 16000}, nil)
	if !errors.Is(err, tts.ErrUnknownVoice) || !strings.Contains(err.Error(), "zm_yunxi") {
		t.Errorf("an unknown speaker: %v", err)
	}
}

func TestRequestsAreValidated(t *testing.T) {
	v := open(t, "aishell3", Options{})
	for _, c := range []struct {
		text  tts.Text
		voice tts.Voice
		want  error
	}{
		{"你好", tts.Voice{Rate: 44100}, tts.ErrRate},
		{"你好", tts.Voice{Rate: 8000, Speed: 9}, tts.ErrSpeed},
		{"\xff", tts.Voice{Rate: 8000}, tts.ErrNotText},
		{tts.Text(strings.Repeat("好", tts.LongestText+1)), tts.Voice{Rate: 8000}, tts.ErrTooLong},
		{"", tts.Voice{Rate: 8000}, tts.ErrNothingToSay},
		{"。。。", tts.Voice{Rate: 8000}, tts.ErrNothingToSay},
		{"鬱鬱", tts.Voice{Rate: 8000}, tts.ErrNothingToSay}, // not in this lexicon
	} {
		if err := v.Speak(t.Context(), c.text, c.voice, func(audio.Frame) error { return nil }); !errors.Is(err, c.want) {
			t.Errorf("%.12q %+v: %v, want %v", string(c.text), c.voice, err, c.want)
		}
	}
	if v.Skipped() != 2 {
		t.Errorf("Skipped = %d, want the two characters", v.Skipped())
	}
}

// slow is a speaker that makes a second of sound and says how often it was
// asked, and when the third time is.
type slow struct {
	speaker
	calls chan int
	n     int
}

func (s *slow) Say([]int64, []int64, int, float32) ([]float32, error) {
	s.n++
	s.calls <- s.n
	return make([]float32, 8000), nil
}

func TestTheFirstPhraseLeavesBeforeTheLastIsMade(t *testing.T) {
	v := open(t, "aishell3", Options{CacheBytes: -1})
	calls := make(chan int, 16)
	v.model = &slow{speaker: v.model, calls: calls}
	heard := 0
	most := 0
	err := v.Speak(t.Context(), "今天快递到了。今天快递到了。今天快递到了。今天快递到了。今天快递到了。", tts.Voice{Rate: 8000}, func(audio.Frame) error {
		for len(calls) > 0 {
			most = max(most, <-calls)
		}
		if heard == 0 && most == 5 {
			t.Error("all phrases were made before the first frame")
		}
		heard++
		return nil
	})
	if err != nil || heard < 250 {
		t.Errorf("%d frames, %v", heard, err)
	}
}

func TestSpeakEndsWithItsContextOrReceiver(t *testing.T) {
	v := open(t, "aishell3", Options{CacheBytes: -1})
	ctx, cancel := context.WithCancel(t.Context())
	err := v.Speak(ctx, "今天快递到了。今天快递到了。今天快递到了。", tts.Voice{Rate: 8000}, func(audio.Frame) error { cancel(); return nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("after cancel: %v", err)
	}
	broken := errors.New("line closed")
	if err := v.Speak(t.Context(), "今天快递到了。今天快递到了。", tts.Voice{Rate: 8000}, func(audio.Frame) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("after the receiver's error: %v", err)
	}
}

func TestRepeatedPromptsComeFromTheCache(t *testing.T) {
	v := open(t, "aishell3", Options{})
	calls := make(chan int, 16)
	v.model = &slow{speaker: v.model, calls: calls}
	for range 4 {
		speak(t, v, "今天快递到了。", tts.Voice{Rate: 8000})
	}
	speak(t, v, "今天快递到了。", tts.Voice{Rate: 8000, Name: "0", Speed: 1})
	if len(calls) != 2 {
		t.Errorf("the graph ran %d times for five times the same prompt, want 2", len(calls))
	}
	speak(t, v, "今天快递到了。", tts.Voice{Rate: 8000, Name: "1"})
	if len(calls) != 3 {
		t.Error("another speaker was served from the cache")
	}
}

// folder copies a voice of testdata, without and with some files changed.
func folder(t *testing.T, voice string, change map[string][]byte) string {
	t.Helper()
	dir := t.TempDir()
	entries, err := os.ReadDir(filepath.Join("testdata", voice))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, e := range entries {
		if files[e.Name()], err = os.ReadFile(filepath.Join("testdata", voice, e.Name())); err != nil {
			t.Fatal(err)
		}
	}
	for name, data := range change {
		files[name] = data
	}
	for name, data := range files {
		if data == nil {
			continue
		}
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestIncompleteAndBrokenFoldersAreRefusedWithAReason(t *testing.T) {
	t.Setenv("PATH", t.TempDir()) // no espeak-ng
	graph, err := os.ReadFile("testdata/kokoro/model.onnx")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, voice string
		change      map[string][]byte
		want        error
		reason      string
	}{
		{"no tokens", "melo", map[string][]byte{"tokens.txt": nil}, ErrFiles, "tokens.txt is missing"},
		{"tokens without blanks", "melo", map[string][]byte{"tokens.txt": []byte("a\nb\n")}, lexicon.ErrTokens, "no blank"},
		{"no lexicon", "melo", map[string][]byte{"lexicon.txt": nil}, ErrFiles, "lexicon.txt is missing"},
		{"a lexicon of another voice", "melo", map[string][]byte{"lexicon.txt": []byte("你 q9 q8\n")}, lexicon.ErrLexicon, "tone"},
		{"no graph", "melo", map[string][]byte{"model.onnx": nil}, ErrFiles, "no .onnx"},
		{"half a graph", "kokoro", map[string][]byte{"model.onnx": graph[:len(graph)/2]}, onnx.ErrNotONNX, "truncated"},
		{"two graphs", "kokoro", map[string][]byte{"other.onnx": graph}, ErrFiles, "several graphs"},
		{"no styles", "kokoro", map[string][]byte{"voices.bin": nil}, ErrFiles, "voices.bin is missing"},
		{"short styles", "kokoro", map[string][]byte{"voices.bin": make([]byte, 100)}, kokoro.ErrVoices, "100 bytes"},
		{"styles that are no numbers", "kokoro", map[string][]byte{"voices.bin": bytes.Repeat([]byte{0xff}, 3*40*8*4)}, kokoro.ErrVoices, "NaN"},
		{"no vocoder", "matcha-zh", map[string][]byte{"vocos-22khz-univ.onnx": nil}, ErrFiles, "needs a vocoder for 22050 Hz"},
		{"no espeak-ng", "piper-en", nil, lexicon.ErrEspeak, "install espeak-ng"},
		{"no begin and end", "pinyin", map[string][]byte{"tokens.txt": []byte("_ 0\nn 1\ni3 2\n")}, lexicon.ErrTokens, `"^"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			refused(t, folder(t, c.voice, c.change), c.want, c.reason)
		})
	}
	refused(t, "testdata/absent", os.ErrNotExist, "absent")
	refused(t, "testdata/golden.json", ErrFiles, "neither")
}

func refused(t *testing.T, path string, want error, reason string) {
	t.Helper()
	s, err := Open(t.Context(), path, Options{})
	if err == nil {
		t.Fatal("the voice was opened:", s.Close())
	}
	if !errors.Is(err, want) || !strings.Contains(err.Error(), reason) {
		t.Errorf("Open = %v, want %v with %q", err, want, reason)
	}
}

func TestHostileGraphsAreRefusedWithAReason(t *testing.T) {
	for _, c := range []struct {
		file   string
		want   error
		reason string
	}{
		{"ports.onnx", voicegraph.ErrModel, "form of VITS"},
		{"stranger.onnx", ErrFamily, "whisper"},
		{"number.onnx", voicegraph.ErrModel, "no sound"},
		{"speakers.onnx", voicegraph.ErrModel, `n_speakers is "-3"`},
		{"rate.onnx", voicegraph.ErrModel, "sample_rate"},
	} {
		t.Run(c.file, func(t *testing.T) { refused(t, "testdata/hostile/"+c.file, c.want, c.reason) })
	}
	for file, reason := range map[string]string{"nan.onnx": "NaN", "endless.onnx": "seconds", "silent.onnx": "0 samples", "mel.onnx": "[1 81 2]"} {
		t.Run(file, func(t *testing.T) {
			s, err := Open(t.Context(), "testdata/hostile/"+file, Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			text := tts.Text("hello there")
			if file == "mel.onnx" {
				text = "你好"
			}
			err = s.Speak(t.Context(), text, tts.Voice{Rate: 8000}, func(audio.Frame) error { return nil })
			if !errors.Is(err, voicegraph.ErrSound) || !strings.Contains(err.Error(), reason) {
				t.Errorf("Speak = %v, want ErrSound with %q", err, reason)
			}
		})
	}
}

func TestVocodersAreFoundBesideAndByRate(t *testing.T) {
	vocoder, err := os.ReadFile("testdata/matcha-zh/vocos-22khz-univ.onnx")
	if err != nil {
		t.Fatal(err)
	}
	wrong, err := os.ReadFile("testdata/hostile/vocos-16khz.onnx")
	if err != nil {
		t.Fatal(err)
	}
	above := t.TempDir()
	dir := folder(t, "matcha-zh", map[string][]byte{"vocos-22khz-univ.onnx": nil, "vocos-16khz-univ.onnx": wrong})
	inner := filepath.Join(above, "voice")
	if err := errors.Join(os.Rename(dir, inner), os.WriteFile(filepath.Join(above, "vocos-22khz-univ.onnx"), vocoder, 0o600)); err != nil {
		t.Fatal(err)
	}
	s, err := Open(t.Context(), inner, Options{})
	if err != nil {
		t.Fatal(err)
	}
	speak(t, s, "今天快递到了。", tts.Voice{Rate: 8000})
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	_, err = Open(t.Context(), inner, Options{Vocoder: filepath.Join(inner, "vocos-16khz-univ.onnx")})
	if !errors.Is(err, voicegraph.ErrModel) || !strings.Contains(err.Error(), "16000 Hz") {
		t.Errorf("a vocoder of another rate: %v", err)
	}
}

func TestOneFileOfAFolderCanBeNamed(t *testing.T) {
	graph, err := os.ReadFile("testdata/melo/model.onnx")
	if err != nil {
		t.Fatal(err)
	}
	dir := folder(t, "melo", map[string][]byte{"model.int8.onnx": graph, "other.onnx": graph})
	refused(t, dir, ErrFiles, "several graphs")
	s, err := Open(t.Context(), filepath.Join(dir, "other.onnx"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if s.SampleRate() != 44100 {
		t.Errorf("SampleRate = %d", s.SampleRate())
	}
}

func TestPhonemesAreThoseOfWholeSentences(t *testing.T) {
	espeakSays(t, "a")
	v := open(t, "piper-en", Options{})
	got, err := v.Phonemes(t.Context(), "One clause is here, another one there. And a second sentence!")
	if want := []string{"a, a.", "a!"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("Phonemes = %q, %v, want %q", got, err, want)
	}
	if got, err := open(t, "melo", Options{}).Phonemes(t.Context(), "你好"); got != nil || err != nil {
		t.Errorf("a voice with a lexicon has the phonemes %q, %v", got, err)
	}
}
