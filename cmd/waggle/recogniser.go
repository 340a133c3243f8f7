package main

import (
	"context"
	"errors"
	"fmt"

	"waggle/asr"
	"waggle/asr/dropin"
	"waggle/asr/modeldir"
	"waggle/asr/punct"
	"waggle/config"
)

// hearing names what listens, as the keys of the configuration do: models are
// config.Builtin or a path.
type hearing struct {
	asr      string
	vad      string
	punct    string // "" for none
	language string // of models that ask for one; "" means zh
	streams  int    // heard at once; 0 leaves it to the model
}

// configured is what the configuration names.
func configured(cfg config.Config) hearing {
	return hearing{asr: cfg.Models.ASR, vad: cfg.Models.VAD, punct: cfg.Models.Punct}
}

// found replaces names of fetched models by their paths.
func (h hearing) found(cfg config.Config) (_ hearing, err error) {
	for kind, name := range map[string]*string{"asr": &h.asr, "vad": &h.vad, "punct": &h.punct} {
		if *name == "" || *name == config.Builtin {
			continue
		}
		if *name, err = modelPath(cfg, kind, *name); err != nil {
			return hearing{}, err
		}
	}
	return h, nil
}

// openRecogniser opens the built-in recogniser, a graph of its family with the
// built-in language model, or a model of another family that asr/dropin knows.
func openRecogniser(ctx context.Context, path string, o dropin.Options) (dropin.Recognizer, error) {
	if path == config.Builtin || ownFamily(path) {
		return openEar(path, asr.Options{Streams: o.Streams})
	}
	return dropin.Open(ctx, path, o)
}

// ownFamily reports whether path is a graph that asr.New takes. What cannot be
// read is left to dropin.Open, which says why.
func ownFamily(path string) bool {
	d, err := modeldir.Open(path, modeldir.Int8)
	if err != nil {
		return false
	}
	g, err := d.Graph(modeldir.Whole)
	return err == nil && g.Meta["model_type"] == "waggle_ctc"
}

// openTranscriber loads a recogniser and, for long recordings, the voice
// activity model. closeAll frees them.
func openTranscriber(ctx context.Context, h hearing) (t asr.Transcriber, closeAll func() error, err error) {
	ear, vad, closeAll, err := openHearing(ctx, h)
	return asr.Transcriber{Recognizer: ear, VAD: vad}, closeAll, err
}

// openHearing loads all models that listen. closeAll frees them.
func openHearing(ctx context.Context, h hearing) (ear dropin.Recognizer, vad asr.DetectorModel, closeAll func() error, err error) {
	var closers []func() error
	closeAll = func() error {
		var errs []error
		for i := len(closers) - 1; i >= 0; i-- {
			errs = append(errs, closers[i]())
		}
		return errors.Join(errs...)
	}
	o := dropin.Options{Language: h.language, Streams: h.streams}
	if h.punct != "" {
		marks, err := punct.Open(h.punct)
		if err != nil {
			return nil, nil, nil, err
		}
		closers = append(closers, marks.Close)
		o.Punctuate = marks.Punctuate
	}
	if ear, err = openRecogniser(ctx, h.asr, o); err != nil {
		return nil, nil, nil, errors.Join(err, closeAll())
	}
	closers = append(closers, ear.Close)
	if vad, err = openVAD(h.vad); err != nil {
		return nil, nil, nil, errors.Join(err, closeAll())
	}
	closers = append(closers, vad.Close)
	return ear, vad, closeAll, nil
}

// openVAD opens the built-in voice activity model or one that asr/dropin knows.
func openVAD(path string) (asr.DetectorModel, error) {
	if path == config.Builtin {
		return asr.OpenVAD()
	}
	m, err := dropin.OpenVAD(path)
	if err != nil {
		return nil, fmt.Errorf("models.vad: %w", err)
	}
	return m, nil
}
