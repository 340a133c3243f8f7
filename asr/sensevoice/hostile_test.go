package sensevoice

import (
	"errors"
	"testing"

	"waggle/asr/modeldir"
	"waggle/asr/offline"
	"waggle/asr/segment/segmenttest"
)

func readMeta(meta modeldir.Meta) error { return new(Model).read(meta, Options{}) }

func TestDamagedModelsAreRefused(t *testing.T) {
	segmenttest.RefusesDamage(t, "testdata", func(d *modeldir.Dir) error {
		m, err := Open(d, Options{})
		if err != nil {
			return err
		}
		return m.Close()
	})
}

func TestMetadataOutsideTheirLimitsAreRefused(t *testing.T) {
	segmenttest.RefusesMeta(t, segmenttest.Meta(t, "testdata", modeldir.Whole), map[string][]string{
		"vocab_size": {"0", "-5", "200001", "many"}, "lfr_window_size": {"0", "1000000"}, "lfr_window_shift": {"0", "8"},
		"neg_mean": {"", "1,2,3", "nan"}, "inv_stddev": {"1"}, "without_itn": {"-1"}, "lang_zh": {"x"},
	}, readMeta)
}

func TestAGraphThatDoesNotKeepItsPromisesIsRefused(t *testing.T) {
	m := open(t, Options{})
	m.cols++ // as if vocab_size said so
	if _, err := m.Recognise(segmenttest.Sounds(segmenttest.Say(0))); !errors.Is(err, offline.ErrModel) {
		t.Errorf("one column more: %v", err)
	}
}

func FuzzMetadata(f *testing.F) {
	segmenttest.FuzzMeta(f, segmenttest.Meta(f, "testdata", modeldir.Whole), readMeta, modeldir.ErrMetadata, offline.ErrModel)
}

func BenchmarkTwoSeconds(b *testing.B) {
	m := open(b, Options{})
	pcm := segmenttest.Sounds(segmenttest.Say(0, 1, 2, 3, 4))
	defer segmenttest.CPU(b)()
	for b.Loop() {
		if _, err := m.Recognise(pcm); err != nil {
			b.Fatal(err)
		}
	}
}
