package bench

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"waggle/audio"
	"waggle/tts"
)

// mouth says half a second of anything; form and phonemes make it a Former and
// a Phonemic.
type mouth struct{ fail error }

func (m mouth) Speak(_ context.Context, _ tts.Text, v tts.Voice, emit func(audio.Frame) error) error {
	for range 25 {
		if err := emit(audio.Frame{PCM: make([]int16, v.Rate/50), Rate: v.Rate}); err != nil {
			return err
		}
	}
	return m.fail
}

func (mouth) Form(text string) string { return text + "!" }

func (mouth) Phonemes(context.Context, string) ([]string, error) { return []string{"a", "b"}, nil }

// python puts a script in the place of a Python with sherpa_onnx. It keeps the
// jobs that it is given.
func python(t *testing.T, script string) (path, jobs string) {
	t.Helper()
	dir := t.TempDir()
	jobs, path = filepath.Join(dir, "jobs"), filepath.Join(dir, "python")
	if err := os.WriteFile(path, []byte("#!/bin/sh\njobs='"+jobs+"'\n"+script), 0o755); err != nil {
		t.Fatal(err)
	}
	return path, jobs
}

const honest = `echo '{"ready":true}'
while read -r line; do
	printf '%s\n' "$line" >>"$jobs"
	echo '{"samples":22050,"rate":22050,"wall_s":0.5,"cpu_s":0.25,"first_s":0.125}'
done`

func TestRunComparesSentenceBySentence(t *testing.T) {
	path, jobs := python(t, honest)
	p, err := StartPeer(t.Context(), path, "voice")
	if err != nil {
		t.Fatal(err)
	}
	c, err := Run(t.Context(), mouth{}, p, []tts.Text{"一", "二"}, 2, tts.Voice{Rate: 8000, Name: "3", Speed: 1.5})
	if err := errors.Join(err, p.Close()); err != nil {
		t.Fatal(err)
	}
	if c.Sentences != 4 || math.Abs(c.AudioS-2) > 1e-9 || c.Rate != 8000 {
		t.Errorf("%d sentences of %g s at %d Hz, want 4 of 2 s", c.Sentences, c.AudioS, c.Rate)
	}
	if s := c.Peer; s.Sentences != 4 || s.AudioS != 4 || s.RTF != 0.5 || s.RTFCPU != 0.25 || s.FirstAudioP50 != 125 || s.FirstAudioP95 != 125 {
		t.Errorf("peer = %+v", *s)
	}
	if want := 2 / c.WallS; c.WallRatio != want || c.CPURatio <= 0 || c.FirstRatio <= 0 {
		t.Errorf("ratios %g %g %g", c.WallRatio, c.CPURatio, c.FirstRatio)
	}
	lines, err := os.ReadFile(jobs)
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"text":"一!","phonemes":["a","b"],"speaker":3,"speed":1.5}`; strings.SplitN(string(lines), "\n", 2)[0] != want {
		t.Errorf("the peer was given %s, want %s first", lines, want)
	}
}

func TestRunWithoutAPeer(t *testing.T) {
	c, err := Run(t.Context(), mouth{}, nil, []tts.Text{"一"}, 3, tts.Voice{Rate: 16000})
	if err != nil || c.Sentences != 3 || c.Peer != nil || c.RTF <= 0 || c.WallRatio != 0 {
		t.Errorf("Run = %+v, %v", c, err)
	}
	broken := errors.New("broken")
	if _, err := Run(t.Context(), mouth{broken}, nil, []tts.Text{"一"}, 1, tts.Voice{Rate: 16000}); !errors.Is(err, broken) {
		t.Errorf("Run = %v, want the voice's error", err)
	}
	if _, err := Run(t.Context(), mouth{}, nil, nil, 1, tts.Voice{Rate: 16000}); err == nil {
		t.Error("no sentence was measured, and no error")
	}
}

func TestAPeerThatFailsSaysSo(t *testing.T) {
	if _, err := StartPeer(t.Context(), filepath.Join(t.TempDir(), "absent"), "voice"); !errors.Is(err, ErrPeer) {
		t.Errorf("no program: %v", err)
	}
	silent, _ := python(t, "exit 3")
	if _, err := StartPeer(t.Context(), silent, "voice"); !errors.Is(err, ErrPeer) || !strings.Contains(err.Error(), "exit status 3") {
		t.Errorf("a program without sherpa_onnx: %v", err)
	}
	for name, script := range map[string]string{
		"ends":    "echo ready; read -r line",
		"babbles": "echo ready; while read -r line; do echo babble; done",
	} {
		path, _ := python(t, script)
		p, err := StartPeer(t.Context(), path, "voice")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Run(t.Context(), mouth{}, p, []tts.Text{"一"}, 1, tts.Voice{Rate: 8000}); !errors.Is(err, ErrPeer) {
			t.Errorf("%s: %v", name, err)
		}
		_ = p.Close()
	}
}
