package punct

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"waggle/asr/modeldir"
	"waggle/asr/offline"
	"waggle/asr/segment/segmenttest"
)

func TestDamagedModelsAreRefused(t *testing.T) {
	raw, err := os.ReadFile("testdata/model.onnx")
	if err != nil {
		t.Fatal(err)
	}
	for name, form := range map[string][]byte{"empty": nil, "half": raw[:len(raw)/2], "all but the end": raw[:len(raw)-9], "text": []byte("not found")} {
		path := filepath.Join(t.TempDir(), "model.onnx")
		if err := os.WriteFile(path, form, 0o600); err != nil {
			t.Fatal(err)
		}
		if m, err := Open(path); err == nil {
			m.Close()
			t.Errorf("%s was taken", name)
		}
	}
	for _, other := range []string{"../paraformer/testdata/offline", "../sensevoice/testdata/model.onnx", "absent"} {
		if _, err := Open(other); err == nil {
			t.Errorf("%s was taken", other)
		}
	}
}

func TestMetadataOutsideTheirLimitsAreRefused(t *testing.T) {
	good := segmenttest.Meta(t, "testdata", modeldir.Whole)
	segmenttest.RefusesMeta(t, good, map[string][]string{
		"vocab_size": {"0", "-1", "500001", "3"}, "tokens": {"", "a|b"}, "unk_symbol": {"", "<nothing>"},
		"punctuations": {"", "_|，|。", "_|,|.|?|、"},
	}, func(meta modeldir.Meta) error { return new(Model).read(meta) })
}

func TestAGraphThatDoesNotKeepItsPromisesIsRefused(t *testing.T) {
	m := open(t)
	m.marks = append(m.marks, "！")
	if _, err := m.Punctuate("好"); !errors.Is(err, offline.ErrModel) {
		t.Errorf("a mark more: %v", err)
	}
}
