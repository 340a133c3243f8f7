package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"waggle/tts"
)

// speakCommand turns a text into a WAV file.
func speakCommand() *cobra.Command {
	var (
		out   string
		voice tts.Voice
	)
	c := &cobra.Command{
		Use:   "speak [--voice V] [--rate 8000|16000] -o OUT.wav TEXT",
		Short: "Say a text in Mandarin into a WAV file",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if out == "" {
				return usagef("say where to write: -o OUT.wav")
			}
			return speak(c.Context(), out, tts.Text(args[0]), voice)
		},
	}
	c.Flags().StringVarP(&out, "output", "o", "", "the WAV file to write")
	c.Flags().StringVar(&voice.Name, "voice", "", "who speaks (default: the first voice)")
	c.Flags().IntVar(&voice.Rate, "rate", 16000, "sample rate in Hz, 8000 or 16000")
	c.Flags().Float32Var(&voice.Speed, "speed", 1, "tempo, 0.5 to 2")
	return c
}

// speak writes the file; one that could not be finished is removed.
func speak(ctx context.Context, path string, text tts.Text, v tts.Voice) error {
	if err := tts.Validate(text, v); err != nil {
		return usageError{err}
	}
	engine, err := tts.OpenBuiltin(tts.Options{CacheBytes: -1})
	if err != nil {
		return err
	}
	defer engine.Close()
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if _, err := tts.WriteWAV(ctx, engine, f, text, v); err != nil {
		err = errors.Join(err, f.Close(), os.Remove(path))
		if errors.Is(err, tts.ErrUnknownVoice) {
			return usageError{err}
		}
		return err
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}
