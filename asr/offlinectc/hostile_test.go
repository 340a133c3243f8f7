package offlinectc

import (
	"errors"
	"testing"

	"waggle/asr/modeldir"
	"waggle/asr/offline"
	"waggle/asr/segment/segmenttest"
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
	for _, folder := range []string{"testdata/zipformer2", "testdata/wenet"} {
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
