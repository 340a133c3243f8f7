package main

import (
	"context"

	"waggle/config"
	"waggle/tts"
	"waggle/tts/dropin"
)

// mouth is a voice that holds models.
type mouth interface {
	tts.Synthesizer
	Voices() []string
	Close() error
}

// openMouth opens the built-in voice, for "" and config.Builtin, or one that
// users bring along: a folder or an .onnx file. cacheBytes is as in
// tts.Options.
func openMouth(ctx context.Context, path string, cacheBytes int) (mouth, error) {
	if path == "" || path == config.Builtin {
		return tts.OpenBuiltin(tts.Options{CacheBytes: cacheBytes})
	}
	return dropin.Open(ctx, path, dropin.Options{CacheBytes: cacheBytes})
}
