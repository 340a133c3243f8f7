package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"waggle/asr"
	"waggle/asr/eval"
	"waggle/tts"
	"waggle/tts/spoken"
)

// roundTrip speaks the texts into files of a temporary folder and transcribes
// them.
func roundTrip(ctx context.Context, mouth tts.Synthesizer, texts []tts.Text, v tts.Voice, note func(eval.Detail) error) (eval.Report, error) {
	dir, err := os.MkdirTemp("", "waggle-eval-tts-*")
	if err != nil {
		return eval.Report{}, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	items, err := speakAll(ctx, mouth, dir, texts, v)
	if err != nil {
		return eval.Report{}, err
	}
	engine, err := asr.OpenBuiltin(asr.Options{})
	if err != nil {
		return eval.Report{}, err
	}
	defer engine.Close()
	return eval.Run(ctx, asr.Transcriber{Recognizer: engine}, items, eval.Options{Root: dir, Note: note})
}

func speakAll(ctx context.Context, mouth tts.Synthesizer, dir string, texts []tts.Text, v tts.Voice) ([]eval.Item, error) {
	items := make([]eval.Item, 0, len(texts))
	for i, text := range texts {
		name := fmt.Sprintf("%04d.wav", i)
		f, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			return nil, err
		}
		if _, err := tts.WriteWAV(ctx, mouth, f, text, v); err != nil {
			f.Close()
			return nil, fmt.Errorf("%q: %w", text, err)
		}
		if err := f.Close(); err != nil {
			return nil, err
		}
		items = append(items, eval.Item{Path: name, Text: spoken.Form(string(text))})
	}
	return items, nil
}

// roundTripDetails writes a row per sentence to path, or nothing when it is
// empty.
func roundTripDetails(path string) (note func(eval.Detail) error, done func() error, err error) {
	if path == "" {
		return nil, func() error { return nil }, nil
	}
	f, err := os.Create(path)
	if err != nil {
		return nil, nil, usageError{err}
	}
	if _, err := fmt.Fprintln(f, "text\theard\tconfidence\tchars\terrors"); err != nil {
		return nil, nil, err
	}
	note = func(d eval.Detail) error {
		_, err := fmt.Fprintf(f, "%s\t%s\t%.2f\t%d\t%d\n", d.Text, d.Spoken, d.Confidence, d.Chars, d.Errors)
		return err
	}
	return note, f.Close, nil
}
