package offlinectc

import (
	"errors"
	"maps"
	"slices"
	"testing"

	"waggle/asr/modeldir"
	"waggle/asr/offline"
	"waggle/asr/segment/segmenttest"
	"waggle/models/onnx"
)

// readMeta reads metadata as if they were those of the graph in a folder.
func readMeta(t testing.TB, folder string) func(modeldir.Meta) error {
	d, err := modeldir.Open("testdata/"+folder, modeldir.Int8)
	if err != nil {
		t.Fatal(err)
	}
	g, err := d.Graph(modeldir.Whole)
	if err != nil {
		t.Fatal(err)
	}
	return func(meta modeldir.Meta) error {
		with := *g
		with.Meta = meta
		return new(Model).read(&with)
	}
}

func TestDamagedModelsAreRefused(t *testing.T) {
	for _, folder := range []string{"testdata/zipformer2", "testdata/wenet", "testdata/nemo", "testdata/telespeech"} {
		segmenttest.RefusesDamage(t, folder, func(d *modeldir.Dir) error {
			m, err := Open(d, Options{})
			if err != nil {
				return err
			}
			return m.Close()
		})
	}
}

func TestMetadataOutsideTheirLimitsAreRefused(t *testing.T) {
	segmenttest.RefusesMeta(t, segmenttest.Meta(t, "testdata/wenet", modeldir.Whole), map[string][]string{
		"subsampling_factor": {"0", "-4", "1000", "four"},
	}, readMeta(t, "wenet"))
	for key, v := range map[string]string{"model_type": "nemo", "vocab_size": "12"} {
		meta := segmenttest.Meta(t, "testdata/wenet", modeldir.Whole)
		meta[key] = v
		if err := readMeta(t, "wenet")(meta); !errors.Is(err, offline.ErrModel) {
			t.Errorf("%s = %s: %v", key, v, err)
		}
	}
}

func TestModelsOfNeMoThatCannotBeHeardAreRefused(t *testing.T) {
	d, err := modeldir.Open("testdata/nemo", modeldir.Int8)
	if err != nil {
		t.Fatal(err)
	}
	g, err := d.Graph(modeldir.Whole)
	if err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*modeldir.Graph){
		"GigaAM":             func(g *modeldir.Graph) { g.Meta["is_giga_am"] = "1" },
		"other normalising":  func(g *modeldir.Graph) { g.Meta["normalize_type"] = "all_features" },
		"a streaming export": func(g *modeldir.Graph) { g.Inputs = append(slices.Clone(g.Inputs), g.Inputs[1]) },
		"time before values": func(g *modeldir.Graph) { g.Inputs = []onnx.Port{free(-1, -1, 64), lengths}; g.Inputs[0].Dims[1] = 64 },
		"one column":         func(g *modeldir.Graph) { g.Outputs = []onnx.Port{free(-1, -1, 1)} },
	} {
		with := *g
		with.Meta = maps.Clone(g.Meta)
		spoil(&with)
		if err := new(Model).read(&with); !errors.Is(err, offline.ErrModel) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNeMoTakesSeveralUtterancesAtOnce(t *testing.T) {
	m := open(t, "nemo-raw")
	got, err := m.Recognise(segmenttest.Sounds(segmenttest.Say(0, 1), nil, segmenttest.Say(6, 7, 2, 3)))
	if err != nil || got[0].Text != "我要" || got[1].Text != "" || got[2].Text != "三件退货" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestSilenceIsNormalisedToNothing(t *testing.T) {
	m := perFeature(func([]int16) offline.Matrix { return offline.Matrix{Cols: 2, Data: []float32{3, 1, 3, 5, 3, 3}} })(nil)
	for i, want := range []float32{0, -1.2247, 0, 1.2247, 0, 0} {
		if d := m.Data[i] - want; d > 1e-4 || d < -1e-4 {
			t.Errorf("value %d: %v, want %v", i, m.Data[i], want)
		}
	}
	if none := perFeature(func([]int16) offline.Matrix { return offline.Matrix{Cols: 2} })(nil); none.Rows() != 0 {
		t.Errorf("%d rows of nothing", none.Rows())
	}
}

func TestAGraphThatDoesNotKeepItsPromisesIsRefused(t *testing.T) {
	m := open(t, "zipformer2")
	m.cols++ // as if the vocabulary were larger
	if _, err := m.Recognise(segmenttest.Sounds(segmenttest.Say(0))); !errors.Is(err, offline.ErrModel) {
		t.Errorf("one column more: %v", err)
	}
}

func TestASharedRunGivesWhatSingleRunsGive(t *testing.T) {
	m := open(t, "zipformer2")
	utterances := segmenttest.Sounds(segmenttest.Say(0, 1, 5), segmenttest.Say(0, 1, 5, 6, 7, 0), nil, segmenttest.Say(7))
	got, err := m.Recognise(utterances)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"我要退", "我要退三件我", "", "件"} {
		alone, err := m.Recognise(utterances[i : i+1])
		if err != nil || got[i].Text != want || alone[0].Text != want {
			t.Errorf("%d: %q together, %+v alone (%v), want %q", i, got[i].Text, alone, err, want)
		}
	}
	if open(t, "wenet").Batch() != 1 || m.Batch() < 2 {
		t.Errorf("zipformer2 takes %d utterances a run, WeNet %d", m.Batch(), open(t, "wenet").Batch())
	}
}

func FuzzMetadata(f *testing.F) {
	segmenttest.FuzzMeta(f, segmenttest.Meta(f, "testdata/wenet", modeldir.Whole), readMeta(f, "wenet"), modeldir.ErrMetadata, offline.ErrModel)
}

func BenchmarkTwoSeconds(b *testing.B) {
	m := open(b, "zipformer2")
	pcm := segmenttest.Sounds(segmenttest.Say(0, 1, 2, 3, 4))
	defer segmenttest.CPU(b)()
	for b.Loop() {
		if _, err := m.Recognise(pcm); err != nil {
			b.Fatal(err)
		}
	}
}
