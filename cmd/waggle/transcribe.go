package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"waggle/asr"
	"waggle/audio/clip"
	"waggle/config"
)

// transcribed is one line of `waggle transcribe --json`.
type transcribed struct {
	File       string     `json:"file"`
	Text       string     `json:"text"`
	Words      []wordTime `json:"words"`
	Confidence float32    `json:"confidence"`
	AudioS     float64    `json:"audio_s"`
	WallS      float64    `json:"wall_s"`
}

// wordTime is a word and where it was spoken, in seconds.
type wordTime struct {
	W     string  `json:"w"`
	Start float64 `json:"start"`
	End   float64 `json:"end"`
}

func transcribeCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "transcribe [--json] FILE...",
		Short: "Write down what is said in recordings",
		Long:  "Write down what is said in recordings: WAV, FLAC, MP3 or Ogg, up to one hour each.",
		Args:  cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, files []string) error {
			t, closeAll, err := openTranscriber()
			if err != nil {
				return err
			}
			var failed []error
			for _, file := range files {
				if err := transcribeFile(c, t, file, asJSON); err != nil {
					failed = append(failed, err)
				}
			}
			return errors.Join(append(failed, closeAll())...)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "one JSON object per file")
	return c
}

// openTranscriber loads the built-in recogniser and, for long recordings, the
// voice activity model.
func openTranscriber() (asr.Transcriber, func() error, error) {
	return openTranscriberOf(config.Builtin)
}

// openTranscriberOf does so with a recogniser named as in the configuration.
func openTranscriberOf(model string) (asr.Transcriber, func() error, error) {
	engine, err := openEar(model, asr.Options{})
	if err != nil {
		return asr.Transcriber{}, nil, err
	}
	vad, err := asr.OpenVAD()
	if err != nil {
		return asr.Transcriber{}, nil, errors.Join(err, engine.Close())
	}
	closeAll := func() error { return errors.Join(engine.Close(), vad.Close()) }
	return asr.Transcriber{Recognizer: engine, VAD: vad}, closeAll, nil
}

func transcribeFile(c *cobra.Command, t asr.Transcriber, file string, asJSON bool) error {
	begin := time.Now()
	sound, err := clip.Open(file, clip.Longest)
	if err != nil {
		return err
	}
	heard, err := t.Transcribe(c.Context(), sound, asr.Hints{})
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	out := transcribed{
		File: file, Text: heard.Text, Confidence: heard.Confidence, Words: []wordTime{},
		AudioS: seconds(sound.Duration()), WallS: seconds(time.Since(begin)),
	}
	for _, w := range heard.Words {
		out.Words = append(out.Words, wordTime{w.Text, seconds(w.Start), seconds(w.End)})
	}
	return printTranscribed(c.OutOrStdout(), out, asJSON)
}

// seconds rounds to a millisecond, so that JSON shows no digits that mean nothing.
func seconds(d time.Duration) float64 {
	return float64(d.Round(time.Millisecond).Milliseconds()) / 1000
}

func printTranscribed(w io.Writer, t transcribed, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(w).Encode(t)
	}
	text := t.Text
	if text == "" {
		text = "(nothing was understood)"
	}
	_, err := fmt.Fprintf(w, "%s: %s (confidence %.2f)\n", t.File, text, t.Confidence)
	return err
}
