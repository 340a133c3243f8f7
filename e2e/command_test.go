package e2e

import (
	"encoding/binary"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func write(t *testing.T, name string, content []byte) string {
	t.Helper()
	p := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(p, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return p
}

// emptyWAV is a header without sound.
func emptyWAV() []byte {
	h := []byte("RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00")
	h = binary.LittleEndian.AppendUint32(h, 16000)
	h = binary.LittleEndian.AppendUint32(h, 32000)
	return append(h, "\x02\x00\x10\x00data\x00\x00\x00\x00"...)
}

// hourWAV claims and holds a little more than an hour at 8 kHz, 8 bits.
func hourWAV() []byte {
	const seconds, rate = 3700, 8000
	h := []byte("RIFF")
	h = binary.LittleEndian.AppendUint32(h, 36+seconds*rate)
	h = append(h, "WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00"...)
	h = binary.LittleEndian.AppendUint32(h, rate)
	h = binary.LittleEndian.AppendUint32(h, rate)
	h = append(h, "\x01\x00\x08\x00data"...)
	h = binary.LittleEndian.AppendUint32(h, seconds*rate)
	return append(h, make([]byte, seconds*rate)...)
}

func TestBadInputGetsOneClearLineAndTheRightExitCode(t *testing.T) {
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close()
	free := func() int { return port(t) }
	busyConfig := fmt.Sprintf("data_dir: %s\nhttp: {listen: %q}\nops: {listen: '127.0.0.1:%d'}\nsip: {listen: ['udp://127.0.0.1:%d']}\n",
		t.TempDir(), busy.Addr(), free(), free())
	for _, c := range []struct {
		name string
		args []string
		code int
		says string
	}{
		{"unknown command", []string{"dance"}, 2, "unknown command"},
		{"unknown flag", []string{"serve", "--dance"}, 2, "unknown flag"},
		{"missing argument", []string{"transcribe"}, 2, "arg"},
		{"unknown key", []string{"config", "check", "--config", write(t, "w.yaml", []byte("htpp: 1\n"))}, 2, `unknown key "htpp"`},
		{"missing configuration", []string{"serve", "--config", "/nowhere/w.yaml"}, 2, "/nowhere/w.yaml"},
		{"missing model", []string{"serve", "--config", write(t, "w.yaml", []byte("models: {asr: /nowhere/m.onnx}\n"))}, 2, "models.asr"},
		{"damaged model", []string{"serve", "--config", damagedModel(t)}, 1, "not an ONNX file"},
		{"unknown model", []string{"models", "info", "nobody"}, 1, "no such model"},
		{"busy port", []string{"serve", "--config", write(t, "w.yaml", []byte(busyConfig))}, 1, "in use"},
		{"no recording", []string{"transcribe", "/nowhere.wav"}, 1, "/nowhere.wav"},
		{"empty recording", []string{"transcribe", write(t, "empty.wav", emptyWAV())}, 1, "no sound"},
		{"hour", []string{"transcribe", write(t, "hour.wav", hourWAV())}, 1, "too long"},
		{"not a recording", []string{"transcribe", write(t, "x.wav", []byte("hello"))}, 1, "recording"},
		{"wrong rate", []string{"speak", "--rate", "44100", "-o", filepath.Join(t.TempDir(), "o.wav"), "你好"}, 2, "8000"},
		{"nothing to say", []string{"speak", "-o", filepath.Join(t.TempDir(), "o.wav"), "……"}, 2, "nothing"},
		{"not a text", []string{"speak", "-o", filepath.Join(t.TempDir(), "o.wav"), "\xff\xfe"}, 2, "UTF-8"},
		{"not a photo", []string{"inspect", write(t, "p.jpg", []byte("<svg/>"))}, 1, "JPEG"},
		{"no data directory", []string{"calls", "--data", "/nowhere"}, 2, "/nowhere"},
		{"not a list", []string{"campaign", "import", "--data", t.TempDir(), write(t, "l.csv", []byte("name\nx\n"))}, 1, "number"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, errs, code := run(t, c.args...)
			if code != c.code {
				t.Errorf("exit %d, want %d: %s", code, c.code, errs)
			}
			if !strings.Contains(errs, c.says) {
				t.Errorf("stderr does not say %q: %s", c.says, errs)
			}
			if n := strings.Count(strings.TrimSpace(errs), "\n"); n > 0 {
				t.Errorf("%d lines instead of one: %s", n+1, errs)
			}
		})
	}
}

// damagedModel is a configuration whose recogniser is the built-in one, cut in half.
func damagedModel(t *testing.T) string {
	t.Helper()
	whole, err := os.ReadFile("../models/builtin/asr-zh.onnx")
	if err != nil {
		t.Fatal(err)
	}
	half := write(t, "half.onnx", whole[:len(whole)/2])
	return write(t, "w.yaml", fmt.Appendf(nil, "data_dir: %s\nmodels: {asr: %s}\n", t.TempDir(), half))
}

func TestADamagedModelIsRefusedBeforeItRuns(t *testing.T) {
	lib := write(t, "libonnxruntime.so.1", []byte("not a library"))
	t.Setenv("WAGGLE_ONNXRUNTIME", lib)
	_, errs, code := run(t, "models", "verify")
	if code != 1 || !strings.Contains(errs, "make setup") {
		t.Errorf("exit %d: %s", code, errs)
	}
}

func TestModelsAndConfigurationAreShown(t *testing.T) {
	if out := must(t, "models", "verify"); strings.Count(out, "good") < 4 {
		t.Errorf("verified: %s", out)
	}
	if out := must(t, "config", "print"); !strings.Contains(out, "data_dir") {
		t.Errorf("printed: %s", out)
	}
	must(t, "config", "check")
}
