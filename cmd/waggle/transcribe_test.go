package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"waggle/asr/segment/segmenttest"
	"waggle/audio"
)

// transcribe runs `waggle transcribe --json` over a data directory.
func transcribe(t *testing.T, args ...string) (transcribed, error) {
	t.Helper()
	t.Setenv("WAGGLE_DATA_DIR", t.TempDir())
	root := rootCommand()
	var out bytes.Buffer
	root.SetOut(&out)
	root.SetErr(&out)
	root.SetArgs(append([]string{"transcribe", "--json"}, args...))
	if err := root.ExecuteContext(t.Context()); err != nil {
		return transcribed{}, err
	}
	var got transcribed
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatalf("%v in %s", err, out.String())
	}
	return got, nil
}

// recording writes test tones to a WAV file.
func recording(t *testing.T, units ...int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "tones.wav")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w, err := audio.NewWAVWriter(f, 16000, 1)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(segmenttest.Say(units...)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestTranscribeTakesModelsOfOtherFamilies(t *testing.T) {
	const asr = "../../asr/"
	file := recording(t, 0, 1, 2, 3)
	for _, model := range []string{"sensevoice/testdata", "paraformer/testdata/offline/model.onnx", "offlinectc/testdata/wenet"} {
		got, err := transcribe(t, "--model", asr+model, "--punct", asr+"punct/testdata", file)
		if err != nil {
			t.Fatal(err)
		}
		if got.Text != "我要退货。" || len(got.Words) != 4 || got.Words[0].Start < 0 || got.Confidence < 0.9 {
			t.Errorf("%s: %+v", model, got)
		}
	}
}

func TestTranscribeNamesTheModelThatItCannotOpen(t *testing.T) {
	file := recording(t, 0)
	for want, args := range map[string][]string{
		"no-such":       {"--model", "no-such", file},
		`"fr"`:          {"--model", "../../asr/whisper/testdata", "--language", "fr", file},
		"key tokens":    {"--punct", "../../asr/paraformer/testdata/offline", file},
		"no .onnx file": {"--model", t.TempDir(), file},
	} {
		if _, err := transcribe(t, args...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v", args, err)
		}
	}
}
