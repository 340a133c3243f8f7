package main

import (
	"errors"
	"fmt"
	"os"

	"waggle/asr"
	"waggle/config"
	"waggle/models"
	"waggle/tts"
	"waggle/voice"
)

// speech is ear and mouth, opened once and shared by all calls.
type speech struct {
	ear   *asr.Engine
	vad   *asr.VADModel
	mouth *tts.Engine
}

// openSpeech loads the models for that many calls at once: the built-in ones,
// or files of the same families that the configuration names.
func openSpeech(m config.Models, calls int) (*speech, error) {
	s := &speech{}
	var err error
	// One stream more than calls: a recording sent to the API is heard too.
	if s.ear, err = openEar(m.ASR, asr.Options{Streams: calls + 1}); err != nil {
		return nil, err
	}
	if s.vad, err = openVAD(m.VAD); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if s.mouth, err = tts.OpenBuiltin(tts.Options{}); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// openEar uses the built-in language model with either graph.
func openEar(path string, o asr.Options) (*asr.Engine, error) {
	if path == config.Builtin {
		return asr.OpenBuiltin(o)
	}
	graph, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("models.asr: %w", err)
	}
	language, _, err := models.Builtin().Open("asr-zh-lm")
	if err != nil {
		return nil, err
	}
	return asr.New(path, graph, language, o)
}

func openVAD(path string) (*asr.VADModel, error) {
	if path == config.Builtin {
		return asr.OpenVAD()
	}
	graph, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("models.vad: %w", err)
	}
	return asr.NewVADModel(path, graph)
}

func (s *speech) newVAD() (voice.ClosingVAD, error) { return s.vad.NewVAD() }

// Close frees the models; no call may be in progress.
func (s *speech) Close() error {
	var errs []error
	if s.mouth != nil {
		errs = append(errs, s.mouth.Close())
	}
	if s.vad != nil {
		errs = append(errs, s.vad.Close())
	}
	if s.ear != nil {
		errs = append(errs, s.ear.Close())
	}
	return errors.Join(errs...)
}
