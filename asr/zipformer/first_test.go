package zipformer

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"waggle/asr/fbank"
	"waggle/asr/modeldir"
	"waggle/models/onnx"
)

// firstMeta is that of a small but whole model of the first zipformer.
func firstMeta() modeldir.Meta {
	return modeldir.Meta{
		"model_type": "zipformer", "encoder_dims": "80,8", "attention_dims": "6,4", "num_encoder_layers": "1,2",
		"cnn_module_kernels": "2,5", "left_context_len": "6,4", "T": "29", "decode_chunk_len": "16",
	}
}

func TestMetadataOfTheFirstZipformerAreBounded(t *testing.T) {
	if c, err := ReadConfig(firstMeta()); err != nil || len(c.states()) != 14 || !c.First {
		t.Fatalf("%+v, %v", c, err)
	}
	for _, c := range []struct {
		change modeldir.Meta
		want   error
	}{
		{modeldir.Meta{"attention_dims": "6"}, ErrModel},
		{modeldir.Meta{"attention_dims": "6,1"}, ErrModel},
		{modeldir.Meta{"attention_dims": "6,4097"}, modeldir.ErrMetadata},
		{modeldir.Meta{"cnn_module_kernels": "1,5"}, ErrModel},
		{modeldir.Meta{"left_context_len": "4096,4096", "attention_dims": "4096,4096", "num_encoder_layers": "32,32"}, ErrModel},
	} {
		m := firstMeta()
		maps.Copy(m, c.change)
		if _, err := ReadConfig(m); !errors.Is(err, c.want) {
			t.Errorf("%v: %v, want %v", c.change, err, c.want)
		}
	}
	for key := range firstMeta() {
		m := firstMeta()
		if delete(m, key); key == "model_type" {
			continue
		}
		if _, err := ReadConfig(m); !errors.Is(err, modeldir.ErrMetadata) || !strings.Contains(err.Error(), key) {
			t.Errorf("without %s: %v", key, err)
		}
	}
}

func TestACountOfFloatsIsRefused(t *testing.T) {
	g := *graph(t, "zipformer-transducer", modeldir.Encoder)
	g.Inputs = slices.Clone(g.Inputs)
	g.Inputs[1].Type = onnx.Float32
	if _, err := openEncoder(&g); !errors.Is(err, ErrModel) || !strings.Contains(err.Error(), "cached_len_0") {
		t.Errorf("%v", err)
	}
}

// The states of the first zipformer count streams at axis 1 and 2: a stream
// must put out the same alone and among others that hear something else.
func TestStreamsOfTheFirstZipformerKeepTheirStates(t *testing.T) {
	e, err := openEncoder(graph(t, "zipformer-transducer", modeldir.Encoder))
	if err != nil {
		t.Fatal(err)
	}
	defer e.close()
	streams := make([]*strand, 8)
	for i := range streams {
		if streams[i], err = e.newStrand(); err != nil {
			t.Fatal(err)
		}
		defer streams[i].step.Close()
	}
	lone, heard := streams[0], frames(t)
	var want [][]float32
	for at := 0; at+e.Window <= len(heard); at += e.Shift {
		y, err := lone.run(flat(heard[at:][:e.Window], 0), false)
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, slices.Clone(y))
	}
	if len(want) < 3 || slices.Equal(want[0], want[2]) {
		t.Fatalf("%d windows, or all alike", len(want))
	}
	lone.step.Reset()
	for n, w := range want {
		for i, s := range streams {
			copy(s.x, flat(heard[n*e.Shift:][:e.Window], float32(i)))
			if err := s.step.Start(false); err != nil {
				t.Fatal(err)
			}
		}
		for _, s := range streams {
			if err := s.step.Wait(); err != nil {
				t.Fatal(err)
			}
		}
		for i, v := range lone.y {
			if d := v - w[i]; d > 1e-3 || d < -1e-3 {
				t.Fatalf("window %d value %d: %v among others, %v alone", n, i, v, w[i])
			}
		}
	}
	if runs, all := e.runner.Stats(); runs == all {
		t.Error("no run was shared")
	}
}

// flat lays frames in a row, each value raised.
func flat(list [][fbank.Bins]float32, raised float32) []float32 {
	var x []float32
	for _, f := range list {
		for _, v := range f {
			x = append(x, v+raised)
		}
	}
	return x
}
