package vits

import (
	"errors"
	"maps"
	"math"
	"os"
	"strings"
	"testing"

	"waggle/models/onnx"
	"waggle/tts/voicegraph"
)

func load(t *testing.T, path string) *Model {
	t.Helper()
	graph, err := os.ReadFile("../dropin/testdata/" + path)
	if err != nil {
		t.Fatal(err)
	}
	s, err := onnx.Open(path, graph, onnx.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	c, err := ParseConfig(s.Meta())
	if err != nil {
		t.Fatal(err)
	}
	m, err := New(s, c)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// The test graphs add up their inputs with known weights: see
// ../dropin/testdata/make_models.py.
func TestInputsAreBoundByPosition(t *testing.T) {
	const length, speed = 2e-1, 1.25
	noiseScale, durationNoiseScale := float64(published().Noise), float64(published().Duration)
	base := func(id, n float64) float64 {
		return id*1e-3 + id*2e-5 + n*1e-4 + noiseScale*1e-2 + length/speed + durationNoiseScale*3e-2
	}
	for _, c := range []struct {
		path        string
		tones       []int64
		speaker     int
		want        float64
		rate, count int
	}{
		{"piper-en/model.onnx", nil, 0, base(7, 2), 22050, 1},
		{"piper-many/model.onnx", nil, 2, base(7, 2) + 2*5e-2, 22050, 3},
		{"aishell3/vits-aishell3.onnx", nil, 3, base(7, 2) + 3*5e-3, 8000, 4},
		{"icefall/model.onnx", nil, 1, base(7, 2) + 5e-3, 16000, 3},
		{"melo/model.onnx", []int64{4, 0}, 0, base(7, 2) + 4*7e-3 + 5e-3, 44100, 1}, // its one speaker is number 1
	} {
		m := load(t, c.path)
		if m.Rate != c.rate || m.Speakers != c.count || m.Toned() != (c.tones != nil) {
			t.Errorf("%s: rate %d, %d speakers, toned %v", c.path, m.Rate, m.Speakers, m.Toned())
		}
		got, err := m.Say([]int64{7, 1}, c.tones, c.speaker, speed)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(float64(got[0])-c.want) > 1e-6 {
			t.Errorf("%s: first sample %g, want %g", c.path, got[0], c.want)
		}
	}
}

func TestSayRefusesWhatTheGraphCannotTake(t *testing.T) {
	m := load(t, "melo/model.onnx")
	if _, err := m.Say([]int64{1, 2}, []int64{1}, 0, 1); !errors.Is(err, voicegraph.ErrModel) {
		t.Errorf("a tone too few: %v", err)
	}
	if _, err := m.Say(make([]int64, voicegraph.MaxTokens+1), make([]int64, voicegraph.MaxTokens+1), 0, 1); !errors.Is(err, voicegraph.ErrTooManyTokens) {
		t.Errorf("too many tokens: %v", err)
	}
	if _, err := m.Say(nil, nil, 0, 1); !errors.Is(err, voicegraph.ErrSound) {
		t.Errorf("no tokens: %v", err)
	}
}

func TestHostileMetadataAreRefusedWithAReason(t *testing.T) {
	good := map[string]string{"sample_rate": "22050", "n_speakers": "1"}
	if c, err := ParseConfig(good); err != nil || !c.BosEos || c.AddBlank {
		t.Errorf("defaults: %+v, %v", c, err)
	}
	for key, value := range map[string]string{
		"sample_rate": "4", "n_speakers": "-7", "blank_id": "-1", "bos_id": "99999999999999999999", "add_blank": "maybe", "speaker_id": "1000000",
	} {
		props := maps.Clone(good)
		props[key] = value
		if _, err := ParseConfig(props); !errors.Is(err, voicegraph.ErrModel) || !strings.Contains(err.Error(), key) {
			t.Errorf("%s=%q: %v", key, value, err)
		}
	}
	if _, err := ParseConfig(nil); !errors.Is(err, voicegraph.ErrModel) || !strings.Contains(err.Error(), "missing") {
		t.Errorf("no metadata: %v", err)
	}
}

func FuzzParseConfig(f *testing.F) {
	f.Add("22050", "1", "1", "0")
	f.Add("1e5", "-1", "x", "")
	f.Fuzz(func(t *testing.T, rate, speakers, flag, id string) {
		c, err := ParseConfig(map[string]string{"sample_rate": rate, "n_speakers": speakers, "add_blank": flag, "jieba": flag, "blank_id": id, "speaker_id": id})
		if err == nil && (c.Rate < voicegraph.MinRate || c.Rate > voicegraph.MaxRate || c.Speakers < 1 || c.Speakers > voicegraph.MaxSpeakers || c.BlankID < 0) {
			t.Errorf("taken: %+v", c)
		}
	})
}
