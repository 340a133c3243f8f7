package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"waggle/config"
	"waggle/models/pull"
)

// modelsRun runs one `waggle models` command over a data directory.
func modelsRun(t *testing.T, data string, args ...string) (string, error) {
	t.Helper()
	return runCommand(t, map[string]string{"WAGGLE_DATA_DIR": data}, "", append([]string{"models"}, args...)...)
}

func TestModelsListShowsWhatIsHereAndWhatCanBeFetched(t *testing.T) {
	out, err := modelsRun(t, t.TempDir(), "list")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"asr-zh", "built in", "sensevoice", "163.0 MB  to fetch", "FunASR Model"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing in\n%s", want, out)
		}
	}
}

func TestModelsPullRefusesAnUnknownNameAndAWrongFile(t *testing.T) {
	data := t.TempDir()
	_, err := modelsRun(t, data, "pull", "silero-vad", "no-such")
	var usage usageError
	if !errors.As(err, &usage) || !strings.Contains(err.Error(), "no-such") {
		t.Errorf("%v", err)
	}
	shelf := t.TempDir()
	if err := os.WriteFile(filepath.Join(shelf, "silero_vad.onnx"), []byte("not the model"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := modelsRun(t, data, "pull", "silero-vad", "--from", shelf); !errors.Is(err, pull.ErrChanged) {
		t.Errorf("%v", err)
	}
	if out, err := modelsRun(t, data, "info", "sensevoice"); err != nil || !strings.Contains(out, "models: {asr: sensevoice}") {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestModelPathSaysWhatToDo(t *testing.T) {
	c := config.Default()
	c.DataDir = t.TempDir()
	file := filepath.Join(t.TempDir(), "m.onnx")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ name, want string }{
		{"sensevoice", "waggle models pull sensevoice` fetches it (163 MB)"},
		{"silero-vad", "is for models.vad"},
		{"nothing-like-it", "neither builtin"},
		{file, ""},
	} {
		got, err := modelPath(c, "asr", tc.name)
		switch {
		case tc.want == "" && (err != nil || got != tc.name):
			t.Errorf("%s: %q, %v", tc.name, got, err)
		case tc.want != "" && (!errors.Is(err, config.ErrInvalid) || !strings.Contains(err.Error(), tc.want)):
			t.Errorf("%s: %v", tc.name, err)
		}
	}
}

func TestProgressLine(t *testing.T) {
	for _, tc := range []struct {
		p    pull.Progress
		want string
	}{
		{pull.Progress{Step: "fetch", File: "m", Done: 50e6, Total: 100e6}, "fetch m [============            ]  50 %  50.0 of 100.0 MB, 5.0 MB/s, 10s left"},
		{pull.Progress{Step: "unpack", File: "m", Done: 100e6, Total: 100e6}, "unpack m [========================] 100 %  100.0 of 100.0 MB"},
		{pull.Progress{Step: "fetch", File: "m", Done: 20e6}, "fetch m  20.0 MB, 2.0 MB/s"},
	} {
		if got := progressLine(tc.p, 0, 10*time.Second); got != tc.want {
			t.Errorf("%q, want %q", got, tc.want)
		}
	}
}
