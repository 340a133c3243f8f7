package offlinectc

import (
	"testing"

	"waggle/asr/modeldir"
	"waggle/asr/segment/segmenttest"
)

func open(t testing.TB, folder string) *Model {
	t.Helper()
	d, err := modeldir.Open("testdata/"+folder, modeldir.Int8)
	if err != nil {
		t.Fatal(err)
	}
	m, err := Open(d, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	return m
}

func TestTextsAndTimesEqualSherpaOnnx(t *testing.T) {
	for _, row := range segmenttest.Golden(t, "testdata/golden.tsv", 3) {
		m := open(t, row[1])
		got, err := m.Recognise(segmenttest.Sounds(segmenttest.Say(segmenttest.Units(t, row[0])...)))
		if err != nil {
			t.Fatal(err)
		}
		if want := segmenttest.Plain(row[2]); got[0].Text != want {
			t.Errorf("%s by %s: %q, sherpa-onnx has %q", row[0], row[1], got[0].Text, want)
		}
		segmenttest.CompareStarts(t, got[0].Words, row[3])
	}
}
