package dropin

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"

	"waggle/tts/lexicon"
	"waggle/tts/vits"
	"waggle/tts/voicegraph"
)

// maxPiperConfig bounds NAME.onnx.json; a voice of 900 speakers has 60 kB.
const maxPiperConfig = 1 << 20

// piperConfig is NAME.onnx.json, which piper's own voices have in the place of
// tokens.txt and metadata_props
// (https://github.com/OHF-Voice/piper1-gpl/blob/main/docs/VOICES.md).
type piperConfig struct {
	Audio struct {
		SampleRate int `json:"sample_rate"`
	} `json:"audio"`
	Espeak struct {
		Voice string `json:"voice"`
	} `json:"espeak"`
	Inference struct {
		Noise    *float32 `json:"noise_scale"`
		Length   *float32 `json:"length_scale"`
		Duration *float32 `json:"noise_w"`
	} `json:"inference"`
	PhonemeType string             `json:"phoneme_type"`
	PhonemeIDs  map[string][]int64 `json:"phoneme_id_map"`
	Speakers    int                `json:"num_speakers"`
	SpeakerIDs  map[string]int     `json:"speaker_id_map"`
	Language    struct {
		English string `json:"name_english"`
	} `json:"language"`
}

// piper reads NAME.onnx.json beside the graph; nil where there is none.
// Errors: ErrFiles, lexicon.ErrTokens, voicegraph.ErrModel.
func (f *files) piper() (*piperConfig, error) {
	path := f.graph + ".json"
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	data, err := read(path, maxPiperConfig)
	if err != nil {
		return nil, err
	}
	return parsePiper(data)
}

func parsePiper(data []byte) (*piperConfig, error) {
	var c piperConfig
	if err := json.Unmarshal(data, &c); err != nil {
		return nil, fmt.Errorf("%w: the .onnx.json of the voice: %w", voicegraph.ErrModel, err)
	}
	switch c.PhonemeType {
	case "", "espeak", "text":
	default:
		return nil, fmt.Errorf("%w: phonemes of type %.20q; use the voice in the form of sherpa-onnx, with lexicon.txt", voicegraph.ErrModel, c.PhonemeType)
	}
	return &c, nil
}

// tokens is the table of phonemes.
func (c *piperConfig) tokens() (lexicon.Tokens, error) {
	ids := make(map[string]int64, len(c.PhonemeIDs))
	for symbol, list := range c.PhonemeIDs {
		if len(list) != 1 {
			return lexicon.Tokens{}, fmt.Errorf("%w: the phoneme %.20q has %d ids, want one", lexicon.ErrTokens, symbol, len(list))
		}
		ids[symbol] = list[0]
	}
	return lexicon.NewTokens(ids)
}

// config is what sherpa-onnx's metadata of the same voice would say, and the
// scales that its author chose.
func (c *piperConfig) config() (vits.Config, error) {
	v, err := vits.ParseConfig(map[string]string{
		"comment": "piper", "sample_rate": strconv.Itoa(c.Audio.SampleRate), "n_speakers": strconv.Itoa(c.Speakers),
		"voice": c.Espeak.Voice, "language": c.Language.English, "frontend": c.PhonemeType,
	})
	if err != nil {
		return v, err
	}
	for _, s := range []struct {
		to          *float32
		from        *float32
		least, most float32
	}{
		{&v.Scales.Noise, c.Inference.Noise, 0, 2}, {&v.Scales.Length, c.Inference.Length, 0.2, 5}, {&v.Scales.Duration, c.Inference.Duration, 0, 2},
	} {
		if s.from == nil {
			continue
		}
		if !(*s.from >= s.least && *s.from <= s.most) {
			return v, fmt.Errorf("%w: a scale of %g, want %g to %g", voicegraph.ErrModel, *s.from, s.least, s.most)
		}
		*s.to = *s.from
	}
	return v, nil
}

// names are those of the speakers, nil where not all of them have one.
func (c *piperConfig) names(speakers int) []string {
	if len(c.SpeakerIDs) != speakers {
		return nil
	}
	names := make([]string, speakers)
	for name, id := range c.SpeakerIDs {
		if id < 0 || id >= speakers || names[id] != "" {
			return nil
		}
		names[id] = name
	}
	return names
}
