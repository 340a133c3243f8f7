package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"

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

// openSpeech loads the models that the configuration names.
func openSpeech(ctx context.Context, cfg config.Config) (*speech, error) {
	h, err := configured(cfg).found(cfg)
	if err != nil {
		return nil, err
	}
	if calls := wantedCalls(cfg); calls > 0 {
		h.streams = calls + 1 // a recording sent to the API is heard too
	}
	s := &speech{}
	if s.ear, s.vad, s.closeEar, err = openHearing(ctx, h); err != nil {
		return nil, err
	}
	if s.mouth, err = configuredMouth(ctx, cfg); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// wantedCalls is how many calls are to be held at once, 0 to ask the recogniser:
// what was measured of the built-in one does not hold for others.
func wantedCalls(cfg config.Config) int {
	if cfg.Voice.Calls == 0 && cfg.Models.ASR == config.Builtin {
		return callsPerCore * runtime.GOMAXPROCS(0)
	}
	return cfg.Voice.Calls
}

// calls is how many calls can be heard at once.
func (s *speech) calls() int {
	_, size := s.ear.Load()
	return max(size-1, 1)
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
