package paraformer

import (
	"testing"

	"waggle/asr/modeldir"
	"waggle/asr/segment"
	"waggle/asr/segment/segmenttest"
)

func openOffline(t testing.TB) *Offline {
	t.Helper()
	d, err := modeldir.Open("testdata/offline", modeldir.Int8)
	if err != nil {
		t.Fatal(err)
	}
	m, err := OpenOffline(d)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	return m
}

func TestOfflineTextsAndTimesEqualSherpaOnnx(t *testing.T) {
	m := openOffline(t)
	var together []segment.Utterance
	golden := segmenttest.Golden(t, "testdata/offline/golden.tsv", 2)
	for _, row := range golden {
		together = append(together, segmenttest.Sounds(segmenttest.Say(segmenttest.Units(t, row[0])...))...)
	}
	shared, err := m.Recognise(together)
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range golden {
		alone, err := m.Recognise(together[i : i+1])
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range []struct {
			how string
			segmenttest.Reading
		}{{"alone", alone[0]}, {"in a shared run", shared[i]}} {
			if want := segmenttest.Plain(row[1]); r.Text != want {
				t.Errorf("%s %s: %q, sherpa-onnx has %q", row[0], r.how, r.Text, want)
			}
			if r.Text != "" && (r.Confidence < 0.9 || len(r.Words) < 3) {
				t.Errorf("%s %s: %+v", row[0], r.how, r)
			}
		}
		segmenttest.CompareStarts(t, alone[0].Words, row[2])
	}
}
