package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"waggle/tts"
	"waggle/tts/ssml"
)

// speaking is what the flags of speak say.
type speaking struct {
	output string
	model  string
	markup bool
	voice  tts.Voice
}

// speakCommand turns a text into a WAV file.
func speakCommand() *cobra.Command {
	var s speaking
	c := &cobra.Command{
		Use:   "speak [--model VOICE] [--voice V] [--speed S] [--rate 8000|16000] [--ssml] -o OUT.wav TEXT",
		Short: "Say a text in Mandarin into a WAV file",
		Long: `Say a text in Mandarin into a WAV file.

With --ssml the text is an SSML document: speak, p, s, break, say-as, prosody,
sub, phoneme with numbered pinyin (alphabet="py"), voice. Without it every text
is plain.`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if s.output == "" {
				return usagef("say where to write: -o OUT.wav")
			}
			return s.speak(c.Context(), tts.Text(args[0]))
		},
	}
	c.Flags().StringVarP(&s.output, "output", "o", "", "the WAV file to write")
	c.Flags().StringVar(&s.model, "model", "", "folder or .onnx of another voice: piper, coqui, icefall, MeloTTS, Matcha, Kokoro (default: the built-in one)")
	c.Flags().BoolVar(&s.markup, "ssml", false, "the text is SSML")
	c.Flags().StringVar(&s.voice.Name, "voice", "", "who speaks (default: the first voice)")
	c.Flags().IntVar(&s.voice.Rate, "rate", 16000, "sample rate in Hz, 8000 or 16000")
	c.Flags().Float32Var(&s.voice.Speed, "speed", 1, "tempo, 0.5 to 2")
	return c
}

// speak writes the file; one that could not be finished is removed.
func (s speaking) speak(ctx context.Context, text tts.Text) error {
	validate := tts.Validate
	if s.markup {
		validate = tts.ValidateSSML
	}
	if err := validate(text, s.voice); err != nil {
		return usageError{err}
	}
	engine, err := openMouth(ctx, s.model, -1)
	if err != nil {
		return err
	}
	defer engine.Close()
	mouth := tts.Synthesizer(engine)
	if s.markup {
		mouth = tts.SSML(engine)
	}
	f, err := os.Create(s.output)
	if err != nil {
		return err
	}
	if _, err := tts.WriteWAV(ctx, mouth, f, text, s.voice); err != nil {
		err = errors.Join(err, f.Close(), os.Remove(s.output))
		if errors.Is(err, tts.ErrUnknownVoice) || errors.Is(err, ssml.ErrMarkup) {
			return usageError{err}
		}
		return err
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("write %s: %w", s.output, err)
	}
	return nil
}
