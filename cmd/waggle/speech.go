package main

import (
	"errors"

	"waggle/asr"
	"waggle/tts"
	"waggle/voice"
)

// speech is ear and mouth, opened once and shared by all calls.
type speech struct {
	ear   *asr.Engine
	vad   *asr.VADModel
	mouth *tts.Engine
}

// openSpeech loads the built-in models for that many calls at once.
func openSpeech(calls int) (*speech, error) {
	s := &speech{}
	var err error
	// One stream more than calls: a recording sent to the API is heard too.
	if s.ear, err = asr.OpenBuiltin(asr.Options{Streams: calls + 1}); err != nil {
		return nil, err
	}
	if s.vad, err = asr.OpenVAD(); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if s.mouth, err = tts.OpenBuiltin(tts.Options{}); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
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
