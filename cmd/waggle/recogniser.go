package main

import (
	"context"
	"errors"

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
	var closers []func() error
	closeAll = func() error {
		var errs []error
		for i := len(closers) - 1; i >= 0; i-- {
			errs = append(errs, closers[i]())
		}
		return errors.Join(errs...)
	}
	o := dropin.Options{Language: h.language}
	if h.punct != "" {
		marks, err := punct.Open(h.punct)
		if err != nil {
			return t, nil, err
		}
		closers = append(closers, marks.Close)
		o.Punctuate = marks.Punctuate
	}
	ear, err := openRecogniser(ctx, h.asr, o)
	if err != nil {
		return t, nil, errors.Join(err, closeAll())
	}
	closers = append(closers, ear.Close)
	vad, err := openVAD(h.vad)
	if err != nil {
		return t, nil, errors.Join(err, closeAll())
	}
	closers = append(closers, vad.Close)
	return asr.Transcriber{Recognizer: ear, VAD: vad}, closeAll, nil
}
