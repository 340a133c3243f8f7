package dropin

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"waggle/asr"
	"waggle/asr/modeldir"
	"waggle/asr/offline"
	"waggle/asr/tokens"
	"waggle/asr/zipformer"
	"waggle/audio"
	"waggle/models/onnx"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// folder copies a model of testdata, so that a test can spoil it.
func folder(t *testing.T, name string) string {
	t.Helper()
	dir := t.TempDir()
	files, err := filepath.Glob(filepath.Join("testdata", name, "*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files of %s: %v", name, err)
	}
	for _, f := range files {
		put(t, filepath.Join(dir, filepath.Base(f)), read(t, f))
	}
	return dir
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func put(t *testing.T, path string, raw []byte) {
	t.Helper()
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestFoldersThatCannotBeOpenedSayWhy(t *testing.T) {
	const ctc, transducer, paraformer = "zipformer2-ctc", "zipformer2-transducer", "paraformer-streaming"
	for _, c := range []struct {
		name, model string
		spoil       func(dir string)
		want        error
		says        string
	}{
		{"no tokens", ctc, func(d string) { _ = os.Remove(d + "/tokens.txt") }, modeldir.ErrFiles, "tokens.txt is missing beside"},
		{"no graph", ctc, func(d string) { _ = os.Remove(d + "/model.onnx") }, modeldir.ErrFiles, "no .onnx file"},
		{"truncated", ctc, func(d string) { put(t, d+"/model.onnx", read(t, d+"/model.onnx")[:5000]) }, onnx.ErrNotONNX, "model.onnx"},
		{"two models", ctc, func(d string) { put(t, d+"/other.onnx", read(t, d+"/model.onnx")) }, modeldir.ErrFiles, "model.onnx, other.onnx"},
		{"tokens of another", ctc, func(d string) { put(t, d+"/tokens.txt", []byte("<blk> 0\na 1\n")) }, zipformer.ErrModel, "names 2 tokens, the graph puts out 12"},
		{"no numbers", ctc, func(d string) { put(t, d+"/tokens.txt", []byte("a\nb\n")) }, tokens.ErrTokens, "line 1"},
		{"no joiner", transducer, func(d string) { _ = os.Remove(d + "/joiner.onnx") }, ErrFamily, "encoder.onnx has model_type"},
		{"no metadata", transducer, func(d string) { put(t, d+"/encoder.onnx", read(t, d+"/joiner.onnx")) }, ErrFamily, `model_type ""`},
		{"decoder for joiner", transducer, func(d string) { put(t, d+"/joiner.onnx", read(t, d+"/decoder.onnx")) }, zipformer.ErrModel, "a joiner has 2 inputs"},
		{"joiner for decoder", transducer, func(d string) { put(t, d+"/decoder.onnx", read(t, d+"/joiner.onnx")) }, modeldir.ErrMetadata, "vocab_size is missing"},
		{"paraformer without decoder", paraformer, func(d string) { _ = os.Remove(d + "/decoder.onnx") }, ErrFamily, "encoder encoder.onnx"},
		{"paraformer of two models", paraformer, func(d string) { put(t, d+"/decoder.onnx", read(t, d+"/encoder.onnx")) }, offline.ErrModel, "metadata mean 6 and 4"},
		{"paraformer's tokens of another", paraformer, func(d string) { put(t, d+"/tokens.txt", []byte("a 0\nb 1\n")) }, offline.ErrModel, "numbers 2 tokens, the output has 14"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := folder(t, c.model)
			c.spoil(dir)
			r, err := Open(context.Background(), dir, Options{})
			if err == nil {
				_ = r.Close()
			}
			if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("Open = %v, want %v saying %q", err, c.want, c.says)
			}
		})
	}
	if _, err := Open(context.Background(), "testdata/absent", Options{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("an absent folder: %v", err)
	}
	if _, err := Open(context.Background(), "testdata/hello.flac", Options{}); !errors.Is(err, modeldir.ErrFiles) {
		t.Errorf("a recording: %v", err)
	}
}

func TestAFileIsOpenedWithTheTokensBesideIt(t *testing.T) {
	dir := folder(t, "zipformer2-ctc")
	put(t, dir+"/other.onnx", []byte("not asked for"))
	r, err := Open(context.Background(), dir+"/model.onnx", Options{Streams: 3})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if _, size := r.Load(); size != 3 {
		t.Errorf("%d streams, want 3", size)
	}
	if got := hearFile(t, r, "testdata/hello.flac", asr.Hints{}); got.Text != "你好" || !got.Final || got.Confidence < 0.5 || !got.Uncalibrated {
		t.Errorf("%+v", got)
	}
}

func TestSaturationIsSaid(t *testing.T) {
	r, err := Open(context.Background(), "testdata/zipformer2-transducer", Options{Streams: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	s, err := r.NewStream(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.NewStream(context.Background()); !errors.Is(err, asr.ErrSaturated) {
		t.Errorf("second stream: %v", err)
	}
	if err := errors.Join(s.Close(), s.Close()); err != nil {
		t.Fatal(err)
	}
	if s, err = r.NewStream(context.Background()); err != nil {
		t.Fatal(err)
	}
	_ = s.Close()
}

func TestVADsOfEveryFamilyAreOpened(t *testing.T) {
	for path, fails := range map[string]error{
		"../silero/testdata/v5.onnx": nil, "../silero/testdata/v4.onnx": nil, "../silero/testdata/xhc.onnx": nil,
		"../testdata/tiny-vad.onnx": nil, "../tenvad/testdata/model.onnx": nil, "testdata/zipformer2-ctc": ErrFamily, "testdata/hello.flac": modeldir.ErrFiles,
		"testdata/zipformer2-transducer": modeldir.ErrFiles,
	} {
		m, err := OpenVAD(path)
		if !errors.Is(err, fails) {
			t.Errorf("%s: %v, want %v", path, err, fails)
		}
		if err != nil {
			continue
		}
		d, err := m.NewDetector()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Write(audio.Frame{PCM: make([]int16, 1600), Rate: 16000}); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		if err := errors.Join(d.Close(), m.Close()); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
}
