package main

import (
	"errors"
	"path/filepath"
	"slices"
	"testing"

	"waggle/audio"
	"waggle/config"
	"waggle/tts"
)

func TestTheVoiceThatIsNamedIsOpened(t *testing.T) {
	cfg := config.Default()
	cfg.DataDir = t.TempDir()
	cases := []struct {
		name, model string
		voices      int // at least
	}{
		{"built in", config.Builtin, 2},
		{"a folder", filepath.Join("..", "..", "tts", "dropin", "testdata", "aishell3"), 1},
	}
	for _, c := range cases {
		cfg.Models.TTS = c.model
		m, err := configuredMouth(t.Context(), cfg)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if got := m.Voices(); len(got) < c.voices || slices.Contains(got, "") {
			t.Errorf("%s: voices %q", c.name, got)
		}
		v := tts.Voice{Rate: 8000}
		if held, err := m.Warm(t.Context(), []tts.Text{"你好。"}, v); err != nil || held != 1 {
			t.Errorf("%s: Warm = %d, %v", c.name, held, err)
		}
		if err := m.Speak(t.Context(), "你好。", v, func(audio.Frame) error { return nil }); err != nil || m.Stats().Hits != 1 {
			t.Errorf("%s: Speak = %v, %+v", c.name, err, m.Stats())
		}
		if err := m.Close(); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestAVoiceThatIsNotThereIsNamed(t *testing.T) {
	cfg := config.Default()
	cfg.DataDir = t.TempDir()
	cfg.Models.TTS = "no-such-voice"
	if m, err := configuredMouth(t.Context(), cfg); !errors.Is(err, config.ErrInvalid) || m != nil {
		t.Errorf("configuredMouth = %v, %v", m, err)
	}
	if m, err := openMouth(t.Context(), t.TempDir(), 0); err == nil || m != nil {
		t.Errorf("openMouth of an empty folder = %v, %v", m, err)
	}
}
