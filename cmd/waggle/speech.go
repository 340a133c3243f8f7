package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"waggle/asr"
	"waggle/asr/dropin"
	"waggle/config"
	"waggle/models"
	"waggle/voice"
)

// speech is ear and mouth, opened once and shared by all calls.
type speech struct {
	ear      dropin.Recognizer
	vad      asr.DetectorModel
	mouth    mouth
	closeEar func() error
}

// openSpeech loads the models that the configuration names for that many calls
// at once.
func openSpeech(ctx context.Context, cfg config.Config, calls int) (*speech, error) {
	h, err := configured(cfg).found(cfg)
	if err != nil {
		return nil, err
	}
	h.streams = calls + 1 // a recording sent to the API is heard too
	s := &speech{}
	if s.ear, s.vad, s.closeEar, err = openHearing(ctx, h); err != nil {
		return nil, err
	}
	if s.mouth, err = configuredMouth(ctx, cfg); err != nil {
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

func (s *speech) newVAD() (voice.ClosingVAD, error) { return s.vad.NewDetector() }

// Close frees the models; no call may be in progress.
func (s *speech) Close() error {
	var errs []error
	if s.mouth != nil {
		errs = append(errs, s.mouth.Close())
	}
	if s.closeEar != nil {
		errs = append(errs, s.closeEar())
	}
	return errors.Join(errs...)
}
