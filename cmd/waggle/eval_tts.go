package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"waggle/asr"
	"waggle/asr/eval"
	"waggle/tts"
	"waggle/tts/spoken"
)

// roundTripLabel goes with every figure of eval tts: voice and ear learned
// from the same recordings, so a low error rate says that they agree, not how
// people understand the voice.
const roundTripLabel = "round trip: built-in voice heard by the built-in recogniser, trained on the same recordings"

// evalTTSCommand lets the recogniser write down what the voice says.
func evalTTSCommand() *cobra.Command {
	var (
		asJSON            bool
		manifest, details string
		rate              int
	)
	c := &cobra.Command{
		Use:   "tts",
		Short: "Round trip: what the recogniser understands of the voice",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			texts, err := textsToSpeak(manifest)
			if err != nil {
				return err
			}
			report, err := roundTrip(c.Context(), texts, rate, details)
			if err != nil {
				return err
			}
			if asJSON {
				return json.NewEncoder(c.OutOrStdout()).Encode(struct {
					eval.Report
					What string `json:"what"`
				}{report, roundTripLabel})
			}
			_, err = fmt.Fprintf(c.OutOrStdout(), "%s\n%d sentences: CER %.3f (95 %% %.3f to %.3f), syllable error %.3f\n",
				roundTripLabel, report.N, report.CER, report.CERLow, report.CERHigh, report.SyllableError)
			return err
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	c.Flags().StringVar(&manifest, "manifest", "", "TSV with the columns path and text: the texts to say (default: sentences of a shop)")
	c.Flags().StringVar(&details, "details", "", "write a row per sentence to this file")
	c.Flags().IntVar(&rate, "rate", 16000, "sample rate in Hz; 8000 is the telephone")
	return c
}

func textsToSpeak(manifest string) ([]tts.Text, error) {
	if manifest == "" {
		return tts.ShopSentences(), nil
	}
	f, err := os.Open(manifest)
	if err != nil {
		return nil, usageError{err}
	}
	defer f.Close()
	items, err := eval.ReadManifest(f)
	if err != nil {
		return nil, usageError{fmt.Errorf("%s: %w", manifest, err)}
	}
	texts := make([]tts.Text, len(items))
	for i, item := range items {
		texts[i] = tts.Text(item.Text)
	}
	return texts, nil
}

// roundTrip speaks the texts into files of a temporary folder and transcribes
// them.
func roundTrip(ctx context.Context, texts []tts.Text, rate int, details string) (eval.Report, error) {
	dir, err := os.MkdirTemp("", "waggle-eval-tts-*")
	if err != nil {
		return eval.Report{}, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	items, err := speakAll(ctx, dir, texts, rate)
	if err != nil {
		return eval.Report{}, err
	}
	engine, err := asr.OpenBuiltin(asr.Options{})
	if err != nil {
		return eval.Report{}, err
	}
	defer engine.Close()
	note, done, err := roundTripDetails(details)
	if err != nil {
		return eval.Report{}, err
	}
	report, err := eval.Run(ctx, asr.Transcriber{Recognizer: engine}, items, eval.Options{Root: dir, Note: note})
	if err != nil {
		return report, err
	}
	return report, done()
}

func speakAll(ctx context.Context, dir string, texts []tts.Text, rate int) ([]eval.Item, error) {
	voice, err := tts.OpenBuiltin(tts.Options{CacheBytes: -1})
	if err != nil {
		return nil, err
	}
	defer voice.Close()
	items := make([]eval.Item, 0, len(texts))
	for i, text := range texts {
		name := fmt.Sprintf("%04d.wav", i)
		f, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			return nil, err
		}
		if _, err := tts.WriteWAV(ctx, voice, f, text, tts.Voice{Rate: rate}); err != nil {
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
