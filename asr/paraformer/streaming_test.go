package paraformer

import (
	"errors"
	"maps"
	"math"
	"strings"
	"testing"

	"waggle/asr/ctcbeam"
	"waggle/asr/modeldir"
	"waggle/asr/offline"
	"waggle/models/onnx"
)

func streamingGraph(t testing.TB, role modeldir.Role) *modeldir.Graph {
	t.Helper()
	d, err := modeldir.Open("../dropin/testdata/paraformer-streaming", modeldir.Int8)
	if err != nil {
		t.Fatal(err)
	}
	g, err := d.Graph(role)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestStreamingMetadataThatCannotBeMeantIsRefused(t *testing.T) {
	good := streamingGraph(t, modeldir.Encoder).Meta
	for _, c := range []struct{ key, value string }{
		{"vocab_size", "2"}, {"vocab_size", "9999999"}, {"encoder_output_size", "0"}, {"encoder_output_size", "100000"},
		{"decoder_num_blocks", "-1"}, {"decoder_num_blocks", "1000"}, {"decoder_kernel_size", "1"}, {"decoder_kernel_size", "x"},
		{"lfr_window_size", "0"}, {"lfr_window_size", "1000"}, {"lfr_window_shift", "8"}, {"neg_mean", "1,2,3"}, {"inv_stddev", "NaN"},
		{"inv_stddev", strings.Repeat("1,", 1<<16)},
	} {
		m := maps.Clone(good)
		m[c.key] = c.value
		if err := new(Streaming).read(m); !errors.Is(err, modeldir.ErrMetadata) {
			t.Errorf("%s=%.20s: %v", c.key, c.value, err)
		}
		delete(m, c.key)
		if err := new(Streaming).read(m); !errors.Is(err, modeldir.ErrMetadata) || !strings.Contains(err.Error(), c.key) {
			t.Errorf("without %s: %v", c.key, err)
		}
	}
}

func TestStreamingGraphsThatDoNotFitAreRefused(t *testing.T) {
	encoder, decoder := streamingGraph(t, modeldir.Encoder), streamingGraph(t, modeldir.Decoder)
	m := &Streaming{}
	if err := errors.Join(m.read(encoder.Meta), m.checkEncoder(encoder), m.checkDecoder(decoder)); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(m *Streaming, e, d *modeldir.Graph){
		"encoder of another width": func(m *Streaming, _, _ *modeldir.Graph) { m.width = 32 },
		"other vocabulary":         func(m *Streaming, _, _ *modeldir.Graph) { m.cols = 99 },
		"other kernel":             func(m *Streaming, _, _ *modeldir.Graph) { m.past = 9 },
		"a block more":             func(m *Streaming, _, _ *modeldir.Graph) { m.blocks = 3 },
		"chunks of 20 rows":        func(_ *Streaming, e, _ *modeldir.Graph) { e.Inputs[0].Dims = []int64{1, 20, 560} },
		"lengths of int64":         func(_ *Streaming, e, _ *modeldir.Graph) { e.Inputs[1].Type = onnx.Int64 },
		"no weights":               func(_ *Streaming, e, _ *modeldir.Graph) { e.Outputs = e.Outputs[:2] },
		"tokens of float":          func(_ *Streaming, _, d *modeldir.Graph) { d.Outputs[1].Type = onnx.Float32 },
		"huge cache":               func(_ *Streaming, _, d *modeldir.Graph) { d.Inputs[4].Dims = []int64{1, 1 << 30, 3} },
	} {
		e, d := copied(encoder), copied(decoder)
		other := *m
		change(&other, e, d)
		if err := errors.Join(other.checkEncoder(e), other.checkDecoder(d)); !errors.Is(err, offline.ErrModel) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func copied(g *modeldir.Graph) *modeldir.Graph {
	c := *g
	c.Inputs, c.Outputs = append([]onnx.Port{}, g.Inputs...), append([]onnx.Port{}, g.Outputs...)
	return &c
}

func TestWeightsThatAreNoNumbersEndTheStream(t *testing.T) {
	d, err := modeldir.Open("../dropin/testdata/paraformer-streaming", modeldir.Int8)
	if err != nil {
		t.Fatal(err)
	}
	m := &Streaming{}
	if err := m.open(d); err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	s, err := m.newSearch()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for i := range s.feats {
		s.feats[i] = float32(math.NaN())
	}
	if err := s.encode(true); !errors.Is(err, ctcbeam.ErrOutput) {
		t.Errorf("features of NaN: %v", err)
	}
	clear(s.alphas)
	s.alphas[leftRows] = 7
	if err := s.integrate(); !errors.Is(err, ctcbeam.ErrOutput) {
		t.Errorf("a row of seven tokens: %v", err)
	}
}

func FuzzStreamingMetadata(f *testing.F) {
	good := streamingGraph(f, modeldir.Encoder).Meta
	f.Add("14", "16", "2", "4", "7", "6")
	f.Fuzz(func(t *testing.T, vocab, width, blocks, kernel, window, shift string) {
		meta := maps.Clone(good)
		for key, v := range map[string]string{
			"vocab_size": vocab, "encoder_output_size": width, "decoder_num_blocks": blocks, "decoder_kernel_size": kernel,
			"lfr_window_size": window, "lfr_window_shift": shift,
		} {
			meta[key] = v
		}
		m := &Streaming{}
		if err := m.read(meta); err != nil {
			return
		}
		if m.past < 1 || m.past >= maxKernel || m.blocks > maxBlocks || m.width > maxWidth || m.front.Cols() != 560 {
			t.Errorf("%+v", m)
		}
	})
}
