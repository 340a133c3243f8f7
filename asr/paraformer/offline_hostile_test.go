package paraformer

import (
	"errors"
	"testing"

	"waggle/asr/modeldir"
	"waggle/asr/offline"
	"waggle/asr/segment/segmenttest"
)

func readOffline(meta modeldir.Meta) error { return new(Offline).read(meta) }

func TestDamagedOfflineModelsAreRefused(t *testing.T) {
	segmenttest.RefusesDamage(t, "testdata/offline", func(d *modeldir.Dir) error {
		m, err := OpenOffline(d)
		if err != nil {
			return err
		}
		return m.Close()
	})
}

func TestOfflineMetadataOutsideTheirLimitsAreRefused(t *testing.T) {
	segmenttest.RefusesMeta(t, segmenttest.Meta(t, "testdata/offline", modeldir.Whole), map[string][]string{
		"vocab_size": {"0", "-5", "200001", "many"}, "lfr_window_size": {"0", "1000000"}, "lfr_window_shift": {"0", "8"},
		"neg_mean": {"", "1,2,3", "nan"}, "inv_stddev": {"1"},
	}, readOffline)
}

func TestAnOfflineGraphThatDoesNotKeepItsPromisesIsRefused(t *testing.T) {
	m := openOffline(t)
	m.cols++ // as if vocab_size said so
	if _, err := m.Recognise(segmenttest.Sounds(segmenttest.Say(0))); !errors.Is(err, offline.ErrModel) {
		t.Errorf("one column more: %v", err)
	}
}

func TestSoundTooShortForARowIsNothing(t *testing.T) {
	got, err := openOffline(t).Recognise(segmenttest.Sounds(nil, make([]int16, 400), segmenttest.Say(4)))
	if err != nil || got[0].Text != "" || got[1].Text != "" || got[2].Text != "t" {
		t.Errorf("%+v, %v", got, err)
	}
}

func FuzzOfflineMetadata(f *testing.F) {
	segmenttest.FuzzMeta(f, segmenttest.Meta(f, "testdata/offline", modeldir.Whole), readOffline, modeldir.ErrMetadata)
}

func BenchmarkOfflineTwoSeconds(b *testing.B) {
	m := openOffline(b)
	pcm := segmenttest.Sounds(segmenttest.Say(0, 1, 2, 3, 4))
	defer segmenttest.CPU(b)()
	for b.Loop() {
		if _, err := m.Recognise(pcm); err != nil {
			b.Fatal(err)
		}
	}
}
