package dropin

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"waggle/tts"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// golden is a case of testdata/golden.json, made by sherpa-onnx from the same
// files.
type golden struct {
	Voice, Text, Phonemes, More string
	Speaker                     int `json:"sid"`
	Speed                       float32
	Stride, Length              int
	Samples                     []float32
}

func goldens(t *testing.T) []golden {
	t.Helper()
	data, err := os.ReadFile("testdata/golden.json")
	if err != nil {
		t.Fatal(err)
	}
	var list []golden
	if err := json.Unmarshal(data, &list); err != nil {
		t.Fatal(err)
	}
	return list
}

// espeakSays puts a program in the place of espeak-ng that always prints the
// same phonemes, as the real one does: without the mark, one line.
func espeakSays(t *testing.T, phonemes string) {
	t.Helper()
	dir := t.TempDir()
	script := "#!/bin/sh\nprintf '%s\\n' '" + phonemes + "'\n"
	if err := os.WriteFile(filepath.Join(dir, "espeak-ng"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
}

func open(t testing.TB, name string, o Options) *voice {
	t.Helper()
	s, err := Open(t.Context(), filepath.Join("testdata", name), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s.(*voice)
}

// sound is what the graph says before it becomes frames.
func sound(ctx context.Context, v *voice, text string, speaker int, speed float32) ([]float32, error) {
	var out []float32
	err := v.say(ctx, text, tts.Voice{Name: strconv.Itoa(speaker), Speed: speed}, func(s said) error {
		out = append(out, s.samples...)
		return nil
	})
	return out, err
}

func TestEveryFamilySoundsAsInSherpaOnnx(t *testing.T) {
	for _, g := range goldens(t) {
		t.Run(g.Voice+" "+g.Text, func(t *testing.T) {
			espeakSays(t, strings.TrimRight(g.Phonemes, ".?!"))
			if g.Speed == 0 {
				g.Speed = 1
			}
			v := open(t, g.Voice, Options{})
			got, err := sound(t.Context(), v, g.Text, g.Speaker, g.Speed)
			if err != nil {
				t.Fatal(err)
			}
			compare(t, g, got)
		})
	}
}

func compare(t *testing.T, g golden, got []float32) {
	t.Helper()
	if len(got) != g.Length && (g.More == "" || len(got) > g.Length || len(got) < g.Length/2) {
		t.Fatalf("%d samples, sherpa-onnx makes %d", len(got), g.Length)
	}
	const tolerance = 1e-4
	for i, want := range g.Samples {
		if at := i * max(g.Stride, 1); at < len(got) && math.Abs(float64(got[at]-want)) > tolerance {
			t.Fatalf("sample %d of %d is %g, sherpa-onnx makes %g", at, len(got), got[at], want)
		}
	}
}
