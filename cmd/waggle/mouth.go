package main

import (
	"context"
	"fmt"

	"waggle/config"
	"waggle/tts"
	"waggle/tts/dropin"
)

// mouth is a voice that holds models and a cache of prompts.
type mouth interface {
	tts.Synthesizer
	Voices() []string
	Warm(ctx context.Context, texts []tts.Text, v tts.Voice) (int, error)
	Stats() tts.Stats
	Close() error
}

// openMouth opens the built-in voice, for "" and config.Builtin, or one that
// users bring along: a folder or an .onnx file. cacheBytes is as in
// tts.Options.
func openMouth(ctx context.Context, path string, cacheBytes int) (mouth, error) {
	if path != "" && path != config.Builtin {
		return dropin.Open(ctx, path, dropin.Options{CacheBytes: cacheBytes})
	}
	e, err := tts.OpenBuiltin(tts.Options{CacheBytes: cacheBytes})
	if err != nil {
		return nil, err // not a mouth that holds nothing
	}
	return e, nil
}

// configuredMouth opens what models.tts names.
func configuredMouth(ctx context.Context, cfg config.Config) (mouth, error) {
	if cfg.Models.TTS == config.Builtin {
		return openMouth(ctx, config.Builtin, 0)
	}
	path, err := modelPath(cfg, "tts", cfg.Models.TTS)
	if err != nil {
		return nil, err
	}
	m, err := openMouth(ctx, path, 0)
	if err != nil {
		return nil, fmt.Errorf("models.tts: %w", err)
	}
	return m, nil
}
