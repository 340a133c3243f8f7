package main

import (
	"fmt"
	"log/slog"

	"waggle/config"
	"waggle/dialog/nlu"
	"waggle/dialog/nlu/encoder"
)

// openUnderstander opens what models.text says: builtin is the linear
// classifier for intents and the encoder for moods and meanings, off the
// classifier alone. Where the encoder cannot be opened (no ONNX Runtime, say)
// the log says so and the classifier works alone. The encoder lives as long as
// the process.
func openUnderstander(text string, log *slog.Logger) (*nlu.Understander, error) {
	if text == config.Off {
		return nlu.Open()
	}
	e, err := encoder.Open()
	if err != nil {
		log.Warn("moods are guessed from intents, without the text encoder", "error", err)
		return nlu.Open()
	}
	return nlu.OpenWith(nlu.Options{Encoder: e, OnError: func(err error) {
		log.Error("the text encoder failed; moods are guessed from intents where it does", "error", err)
	}})
}

// servedReader is what serve reads with by default, for measuring.
func servedReader() (*nlu.Understander, error) {
	e, err := encoder.Open()
	if err != nil {
		return nil, err
	}
	return nlu.OpenWith(nlu.Options{Encoder: e})
}

// readerNamed opens one reader, or both, for measuring.
func readerNamed(name string) (*nlu.Understander, error) {
	if name == "linear" {
		return nlu.Open()
	}
	o := nlu.Options{Share: nlu.BestShare}
	switch name {
	case "both":
	case "encoder":
		o.Share = 1
	default:
		return nil, usagef("--reader is both, linear or encoder, not %q", name)
	}
	e, err := encoder.Open()
	if err != nil {
		return nil, fmt.Errorf("%w; --reader linear needs no network", err)
	}
	o.Encoder = e
	return nlu.OpenWith(o)
}
