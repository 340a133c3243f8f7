package step

import (
	"errors"
	"os"
	"slices"
	"testing"
)

var family = Family{Type: "waggle_ctc", Feature: "kaldi_fbank80", Bins: 80}

func tiny(t testing.TB) []byte {
	t.Helper()
	raw, err := os.ReadFile("../testdata/tiny.onnx")
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestStateIsCarriedAndReset(t *testing.T) {
	m, err := Open("tiny", tiny(t), family)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	if m.Chunk != 16 || m.Rows != 4 || m.Cols < 50 {
		t.Errorf("chunk %d, output %d x %d", m.Chunk, m.Rows, m.Cols)
	}
	s, err := m.NewState()
	if err != nil {
		t.Fatal(err)
	}
	chunk := make([]float32, m.Chunk*80)
	for i := range chunk {
		chunk[i] = float32(i%13) - 6
	}
	step := func() []float32 {
		out, err := s.Step(chunk)
		if err != nil {
			t.Fatal(err)
		}
		return slices.Clone(out)
	}
	first, second := step(), step()
	if slices.Equal(first, second) {
		t.Error("the second step does not know of the first")
	}
	s.Reset()
	if again := step(); !slices.Equal(first, again) {
		t.Error("after Reset the first step differs")
	}
	if _, err := s.Step(chunk[:80]); err == nil {
		t.Error("a short chunk was accepted")
	}
	if err := errors.Join(s.Close(), s.Close()); err != nil {
		t.Error(err)
	}
}

func TestGraphsOfOtherFamiliesAreRefused(t *testing.T) {
	for name, f := range map[string]Family{
		"type":    {Type: "waggle_vad", Feature: "kaldi_fbank80", Bins: 80},
		"feature": {Type: "waggle_ctc", Feature: "whisper", Bins: 80},
		"bins":    {Type: "waggle_ctc", Feature: "kaldi_fbank80", Bins: 40},
	} {
		if _, err := Open("tiny", tiny(t), f); !errors.Is(err, ErrModel) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Open("text", []byte("not a graph"), family); err == nil {
		t.Error("text was accepted as a graph")
	}
}

func BenchmarkStep(b *testing.B) {
	m, err := Open("tiny", tiny(b), family)
	if err != nil {
		b.Fatal(err)
	}
	defer m.Close()
	s, err := m.NewState()
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	chunk := make([]float32, m.Chunk*80)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Step(chunk); err != nil {
			b.Fatal(err)
		}
	}
}
