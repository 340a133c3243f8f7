package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
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
	// Calibrated is false for models of one's own, whose confidence is their
	// own opinion.
	Calibrated bool    `json:"confidence_calibrated"`
	AudioS     float64 `json:"audio_s"`
	WallS      float64 `json:"wall_s"`
}

// wordTime is a word and where it was spoken, in seconds.
type wordTime struct {
	W     string  `json:"w"`
	Start float64 `json:"start"`
	End   float64 `json:"end"`
}

func transcribeCommand() *cobra.Command {
	var asJSON bool
	var model, marks, language string
	c := &cobra.Command{
		Use:   "transcribe [--json] [--model M] [--punct M] [--language L] FILE...",
		Short: "Write down what is said in recordings",
		Long: `Write down what is said in recordings: WAV, FLAC, MP3 or Ogg, up to one hour each.

The recogniser is that of the configuration (models.asr), or what --model names:
builtin, a fetched model, or the folder or .onnx file of a zipformer2,
Paraformer, SenseVoice, offline CTC or Whisper model with its tokens.txt.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, files []string) error {
			h, err := chooseHearing(model, marks, language)
			if err != nil {
				return err
			}
			t, closeAll, err := openTranscriber(c.Context(), h)
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
	c.Flags().StringVar(&model, "model", "", "the recogniser (default: models.asr of the configuration)")
	c.Flags().StringVar(&marks, "punct", "", "the punctuation model (default: models.punct of the configuration)")
	c.Flags().StringVar(&language, "language", "", "what a model of many languages hears, such as zh, yue, en, auto (default: zh)")
	return c
}

// chooseHearing is what the configuration names, unless a flag does.
func chooseHearing(model, marks, language string) (hearing, error) {
	cfg, err := config.Load("", os.LookupEnv)
	if err != nil {
		return hearing{}, err
	}
	h := configured(cfg)
	h.language = language
	if model != "" {
		h.asr = model
	}
	if marks != "" {
		h.punct = marks
	}
	return h.found(cfg)
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
		File: file, Text: heard.Text, Confidence: heard.Confidence, Calibrated: !heard.Uncalibrated, Words: []wordTime{},
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
	calibrated := ""
	if !t.Calibrated {
		calibrated = ", the model's own"
	}
	_, err := fmt.Fprintf(w, "%s: %s (confidence %.2f%s)\n", t.File, text, t.Confidence, calibrated)
	return err
}
