package sensevoice

import (
	"testing"

	"waggle/asr/modeldir"
	"waggle/asr/segment/segmenttest"
)

func TestTextsTagsAndTimesEqualSherpaOnnx(t *testing.T) {
	for _, row := range segmenttest.Golden(t, "testdata/golden.tsv", 7) {
		units, language, itn := segmenttest.Units(t, row[0]), row[1], row[2] == "1"
		m := open(t, Options{Language: language, ITN: itn})
		got, err := m.Recognise(segmenttest.Sounds(segmenttest.Say(units...)))
		if err != nil {
			t.Fatal(err)
		}
		r := got[0]
		if want := segmenttest.Plain(row[3]); r.Text != want || r.Written != itn {
			t.Errorf("%v in %s: %q, sherpa-onnx has %q", units, language, r.Text, want)
		}
		if tags := "<|" + r.Tags.Language + "|>\t<|" + r.Tags.Emotion + "|>\t<|" + r.Tags.Event + "|>"; tags != row[5]+"\t"+row[6]+"\t"+row[7] {
			t.Errorf("%v: tags %s, sherpa-onnx has %v", units, tags, row[5:])
		}
		segmenttest.CompareStarts(t, r.Words, row[4])
	}
}

func TestASharedRunGivesWhatSingleRunsGive(t *testing.T) {
	m := open(t, Options{})
	utterances := segmenttest.Sounds(segmenttest.Say(0, 1, 5), segmenttest.Say(0, 1, 5, 6, 7, 0), nil, segmenttest.Say(7))
	got, err := m.Recognise(utterances)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"我要三", "我要三shirt件我", "", "件"} {
		alone, err := m.Recognise(utterances[i : i+1])
		if err != nil || got[i].Text != want || alone[0].Text != want {
			t.Errorf("%d: %q together, %+v alone (%v), want %q", i, got[i].Text, alone, err, want)
		}
	}
	if m.Batch() < 2 {
		t.Errorf("%d utterances a run", m.Batch())
	}
}

func open(t testing.TB, o Options) *Model {
	t.Helper()
	d, err := modeldir.Open("testdata", modeldir.Int8)
	if err != nil {
		t.Fatal(err)
	}
	m, err := Open(d, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	return m
}
