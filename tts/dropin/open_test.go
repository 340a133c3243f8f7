package dropin

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"waggle/audio"
	"waggle/models/onnx"
	"waggle/tts"
	"waggle/tts/kokoro"
	"waggle/tts/lexicon"
	"waggle/tts/voicegraph"
)

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
