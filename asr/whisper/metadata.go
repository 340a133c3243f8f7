package whisper

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"waggle/asr/modeldir"
	"waggle/asr/offline"
)

// Limits of the metadata. The largest real model, large-v3, has 32 layers, 448
// positions and a state of 1,280.
const (
	maxLayers  = 64
	maxContext = 4096
	maxState   = 4096
	maxCache   = 1 << 26 // values of one self-attention cache
	maxPrompt  = 8
	maxLangs   = 1000
	maxSilent  = 4096
)

// settings is what the encoder's metadata say of the model.
type settings struct {
	mels, layers, context, state, vocabulary int

	sot, eot, blank, translate, transcribe, noSpeech, noTimestamps int
	// prompt is sot_sequence: start of transcript, and for multilingual models
	// language and task.
	prompt       []int
	multilingual bool
	languages    map[string]int // code to token
	// notSpeech are tokens that transcribers write and nobody says; exports
	// that do not list them leave it nil.
	notSpeech []int
}

func readSettings(meta modeldir.Meta) (settings, error) {
	var s settings
	if err := s.readSizes(meta); err != nil {
		return s, err
	}
	if err := s.readTokens(meta); err != nil {
		return s, err
	}
	return s, s.readLanguages(meta)
}

// number is a whole number of the metadata and where it goes.
type number struct {
	key         string
	least, most int
	to          *int
}

func readNumbers(meta modeldir.Meta, list []number) error {
	for _, n := range list {
		v, err := meta.Int(n.key, n.least, n.most)
		if err != nil {
			return err
		}
		*n.to = v
	}
	return nil
}

func (s *settings) readSizes(meta modeldir.Meta) error {
	err := readNumbers(meta, []number{
		{"n_mels", 8, 256, &s.mels}, {"n_text_layer", 1, maxLayers, &s.layers},
		{"n_text_ctx", 2 * maxPrompt, maxContext, &s.context}, {"n_text_state", 1, maxState, &s.state},
		{"n_vocab", 8, offline.MaxVocabulary, &s.vocabulary},
	})
	if err == nil && s.layers*s.context*s.state > maxCache {
		err = fmt.Errorf("%w: a cache of %d layers, %d positions and %d values is larger than any model's", modeldir.ErrMetadata, s.layers, s.context, s.state)
	}
	return err
}

func (s *settings) readTokens(meta modeldir.Meta) error {
	last := s.vocabulary - 1
	err := readNumbers(meta, []number{
		{"sot", 0, last, &s.sot}, {"eot", 0, last, &s.eot}, {"blank_id", 0, last, &s.blank},
		{"translate", 0, last, &s.translate}, {"transcribe", 0, last, &s.transcribe},
		{"no_speech", 0, last, &s.noSpeech}, {"no_timestamps", 0, last, &s.noTimestamps},
	})
	if err != nil {
		return err
	}
	s.prompt, err = meta.Ints("sot_sequence", maxPrompt-1, 0, last)
	if err == nil && s.prompt[0] != s.sot {
		err = fmt.Errorf("%w: sot_sequence begins with %d, sot is %d", modeldir.ErrMetadata, s.prompt[0], s.sot)
	}
	if _, listed := meta["non_speech_tokens"]; err == nil && listed {
		s.notSpeech, err = meta.Ints("non_speech_tokens", maxSilent, 0, last)
	}
	return err
}

func (s *settings) readLanguages(meta modeldir.Meta) error {
	multilingual, err := meta.Int("is_multilingual", 0, 1)
	if err != nil || multilingual == 0 {
		return err
	}
	s.multilingual = true
	ids, err := meta.Ints("all_language_tokens", maxLangs, 0, s.vocabulary-1)
	if err != nil {
		return err
	}
	text, err := meta.Text("all_language_codes")
	if err != nil {
		return err
	}
	codes := strings.Split(text, ",")
	if len(codes) != len(ids) || len(s.prompt) < 3 {
		return fmt.Errorf("%w: %d language codes, %d language tokens, %d tokens in sot_sequence, want as many codes as tokens and 3",
			modeldir.ErrMetadata, len(codes), len(ids), len(s.prompt))
	}
	s.languages = make(map[string]int, len(ids))
	for i, c := range codes {
		s.languages[strings.TrimSpace(c)] = ids[i]
	}
	return nil
}

// errLanguage is returned for a language that a model was not trained on.
var errLanguage = errors.New("whisper: the model does not know the language")

// start is the prompt for a language code; auto leaves the place of the
// language to detection.
func (s *settings) start(code string) (prompt []int, detect bool, err error) {
	prompt = append(slices.Clone(s.prompt), s.noTimestamps)
	if code == "" {
		code = "zh"
	}
	id, known := s.languages[code]
	switch {
	case !s.multilingual && (code == "en" || code == "auto"):
		return prompt, false, nil
	case !s.multilingual:
		return nil, false, fmt.Errorf("%w %q: it hears English only; take a multilingual one, or language en", errLanguage, code)
	case code != "auto" && !known:
		return nil, false, fmt.Errorf("%w %q", errLanguage, code)
	}
	prompt[1], prompt[2] = id, s.transcribe
	return prompt, code == "auto", nil
}
