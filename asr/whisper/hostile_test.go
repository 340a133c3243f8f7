package whisper

import (
	"errors"
	"testing"

	"waggle/asr/modeldir"
	"waggle/asr/offline"
	"waggle/asr/segment/segmenttest"
	"waggle/asr/tokens"
)

func readMeta(meta modeldir.Meta) error {
	_, err := readSettings(meta)
	return err
}

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
	good := segmenttest.Meta(t, "testdata", modeldir.Encoder)
	segmenttest.RefusesMeta(t, good, map[string][]string{
		"n_mels": {"0", "100000"}, "n_text_layer": {"-1", "1000000000"}, "n_text_ctx": {"4", "1e9"}, "n_text_state": {"0", "5000"},
		"n_vocab": {"200001"}, "sot": {"-1", "99999"}, "eot": {"28"}, "blank_id": {"x"}, "translate": {"-2"}, "transcribe": {"-2"},
		"no_speech": {"-2"}, "no_timestamps": {"-2"}, "sot_sequence": {"", "1,2,3,4,5,6,7,8,9", "-1", "1,2,3"}, "is_multilingual": {"2"},
		"all_language_tokens": {"", "1,x", "99999"}, "all_language_codes": nil,
	}, readMeta)
	good["n_text_layer"], good["n_text_ctx"], good["n_text_state"] = "64", "4096", "4096"
	if err := readMeta(good); !errors.Is(err, modeldir.ErrMetadata) {
		t.Errorf("a cache of 4 GiB: %v", err)
	}
	good["n_text_layer"], good["all_language_codes"] = "2", "zh"
	if err := readMeta(good); !errors.Is(err, modeldir.ErrMetadata) {
		t.Errorf("fewer codes than tokens: %v", err)
	}
}

func TestGraphsThatDoNotKeepTheirPromisesAreRefused(t *testing.T) {
	for name, change := range map[string]func(*Model){
		"a column more": func(m *Model) { m.vocabulary++ }, "a layer more": func(m *Model) { m.layers++ }, "a wider state": func(m *Model) { m.state++ },
	} {
		m := open(t, Options{})
		change(m)
		if _, err := m.Recognise(segmenttest.Sounds(segmenttest.Say(0))); !errors.Is(err, offline.ErrModel) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTokensThatAreNotBase64AreRefused(t *testing.T) {
	table, err := tokens.Read([]byte("5oiR 0\n我 1\n"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := readSpelling(table); !errors.Is(err, tokens.ErrTokens) {
		t.Errorf("%v", err)
	}
	if table, err = tokens.Read([]byte("5oiR 0\n= 1\nIQ== 2\n")); err != nil {
		t.Fatal(err)
	}
	if s, err := readSpelling(table); err != nil || s.text([]int{1, 0, 2, 7}) != "我!" {
		t.Errorf("%q, %v", s, err)
	}
}

func FuzzMetadata(f *testing.F) {
	segmenttest.FuzzMeta(f, segmenttest.Meta(f, "testdata", modeldir.Encoder), readMeta, modeldir.ErrMetadata)
}

func FuzzTokens(f *testing.F) {
	f.Add([]byte("5oiR 0\n6aaB 1\n"), uint8(3))
	f.Add([]byte("= 0\n \t1\n"), uint8(1))
	f.Fuzz(func(t *testing.T, raw []byte, id uint8) {
		table, err := tokens.Read(raw)
		if err != nil {
			return
		}
		s, err := readSpelling(table)
		if err != nil {
			if !errors.Is(err, tokens.ErrTokens) {
				t.Error(err)
			}
			return
		}
		_ = s.text([]int{int(id), 0, int(id)})
		_ = s.suppressed(settings{eot: int(id), vocabulary: len(s)})
	})
}
