package wagglectc

import (
	"maps"
	"testing"

	"waggle/asr/step"
)

func TestMetadataThatCannotBeTrueIsRefused(t *testing.T) {
	good := map[string]string{"tokens": "<blk> a b", "unit": "initial_final", "blank": "0", "lookahead_frames": "7"}
	read := func(change map[string]string) (*Model, error) {
		meta := maps.Clone(good)
		maps.Copy(meta, change)
		m := &Model{Model: &step.Model{Chunk: 16, Rows: 4, Cols: 3}}
		return m, m.read(meta)
	}
	m, err := read(nil)
	if err != nil || m.Subsampling != 4 || m.Lookahead != 7 || m.Syllables || len(m.Tokens) != 3 {
		t.Errorf("%+v, %v", m, err)
	}
	if m, err := read(map[string]string{"unit": "syllable"}); err != nil || !m.Syllables {
		t.Errorf("syllables: %+v, %v", m, err)
	}
	for name, change := range map[string]map[string]string{
		"too few tokens":  {"tokens": "<blk> a"},
		"strange unit":    {"unit": "letters"},
		"blank outside":   {"blank": "3"},
		"blank no number": {"blank": "first"},
		"negative delay":  {"lookahead_frames": "-1"},
	} {
		if _, err := read(change); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}
