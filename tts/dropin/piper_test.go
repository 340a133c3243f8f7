package dropin

import (
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"waggle/tts/lexicon"
	"waggle/tts/voicegraph"
)

// asPiper turns a folder's tokens.txt into piper's own file.
func asPiper(t *testing.T, voice string, change map[string]any) string {
	t.Helper()
	data, err := os.ReadFile("testdata/" + voice + "/tokens.txt")
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string][]int64{}
	for i, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
		symbol, _, _ := strings.Cut(line, " ")
		if symbol == "" {
			symbol = " "
		}
		ids[symbol] = []int64{int64(i)}
	}
	config := map[string]any{
		"audio": map[string]any{"sample_rate": 22050}, "espeak": map[string]any{"voice": "en-us"}, "phoneme_type": "espeak",
		"inference":      map[string]any{"noise_scale": 0.667, "length_scale": 1, "noise_w": 0.8},
		"phoneme_id_map": ids, "num_speakers": 3, "speaker_id_map": map[string]int{"ann": 0, "bob": 1, "cid": 2},
	}
	for k, v := range change {
		config[k] = v
	}
	file, err := json.Marshal(config)
	if err != nil {
		t.Fatal(err)
	}
	return folder(t, voice, map[string][]byte{"tokens.txt": nil, "model.onnx.json": file})
}

func TestPipersOwnFilesSoundAsThoseOfSherpaOnnx(t *testing.T) {
	espeakSays(t, "həlˈoʊ ðˈɛɹ")
	want, err := sound(t.Context(), open(t, "piper-many", Options{}), "Hello there.", 2, 1)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Open(t.Context(), asPiper(t, "piper-many", nil), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if got := s.Voices(); !slices.Equal(got, []string{"ann", "bob", "cid"}) {
		t.Errorf("Voices = %v", got)
	}
	got, err := sound(t.Context(), s.(*voice), "Hello there.", 2, 1)
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%d samples, %v, want the same %d", len(got), err, len(want))
	}
}

func TestPiperVoicesHaveTheirOwnScales(t *testing.T) {
	espeakSays(t, "həlˈoʊ")
	s, err := Open(t.Context(), asPiper(t, "piper-en", map[string]any{"num_speakers": 1, "inference": map[string]any{"length_scale": 1.5}}), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	plain := open(t, "piper-en", Options{})
	slow, err1 := sound(t.Context(), s.(*voice), "Hello.", 0, 1.5)
	same, err2 := sound(t.Context(), plain, "Hello.", 0, 1)
	if err := errors.Join(err1, err2); err != nil || !slices.Equal(slow, same) {
		t.Errorf("1.5 times as fast a voice that is 1.5 times as slow sounds different, %v", err)
	}
}

func TestHostilePiperFilesAreRefusedWithAReason(t *testing.T) {
	for reason, change := range map[string]map[string]any{
		"sample_rate":           {"audio": map[string]any{"sample_rate": -1}},
		"n_speakers":            {"num_speakers": 1 << 30},
		"2 ids":                 {"phoneme_id_map": map[string][]int64{"a": {1, 2}}},
		"0 symbols":             {"phoneme_id_map": map[string][]int64{}},
		"is taken":              {"phoneme_id_map": map[string][]int64{"a": {1}, "b": {1}}},
		"a scale of 1000":       {"inference": map[string]any{"length_scale": 1000}},
		"type \"pinyin\"":       {"phoneme_type": "pinyin"},
		"cannot unmarshal":      {"phoneme_id_map": "none"},
		"no name of its voices": {"espeak": map[string]any{"voice": "-w /etc/x"}},
	} {
		_, err := Open(t.Context(), asPiper(t, "piper-many", change), Options{})
		if err == nil || !strings.Contains(err.Error(), reason) ||
			!errors.Is(err, voicegraph.ErrModel) && !errors.Is(err, lexicon.ErrTokens) && !errors.Is(err, lexicon.ErrEspeak) {
			t.Errorf("%v: %v, want %q", change, err, reason)
		}
	}
}

func FuzzPiperConfig(f *testing.F) {
	f.Add([]byte(`{"audio":{"sample_rate":22050},"num_speakers":2,"speaker_id_map":{"a":0,"b":1},"phoneme_id_map":{"_":[0],"a":[1]}}`))
	f.Add([]byte(`{"inference":{"length_scale":NaN}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := parsePiper(data)
		if err != nil {
			return
		}
		config, err := c.config()
		if _, bad := c.tokens(); err != nil || bad != nil {
			return
		}
		if names := c.names(config.Speakers); names != nil && (len(names) != config.Speakers || config.Speakers > voicegraph.MaxSpeakers) {
			t.Errorf("%d names of %d speakers", len(names), config.Speakers)
		}
	})
}
