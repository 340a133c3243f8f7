// Package tts turns text into speech: normalisation, pronunciation, prosody
// and streaming synthesis, phrase by phrase. It may import audio, mandarin
// and models.
package tts

import (
	"context"
	"errors"
	"fmt"
	"unicode/utf8"

	"waggle/audio"
	"waggle/mandarin"
	"waggle/tts/spoken"
)

// Text is what to say. Digits, dates, money and Latin letters are allowed;
// the synthesizer reads them as a Mandarin speaker would.
type Text string

// Voice chooses who speaks and how.
type Voice struct {
	// Name is a voice of the synthesizer; empty means its first one.
	Name string
	// Rate is the sample rate of the frames: 8000 or 16000 Hz.
	Rate int
	// Speed is the tempo, 1 is normal; 0 means 1. Valid 0.5 to 2.
	Speed float32
}

// LongestText is how many characters one Speak takes.
const LongestText = 2000

// Verdicts of synthesis.
var (
	ErrNothingToSay = errors.New("tts: the text holds nothing that can be spoken")
	ErrNotText      = errors.New("tts: the text is not valid UTF-8")
	ErrTooLong      = errors.New("tts: the text is longer than 2,000 characters; split it")
	ErrUnknownVoice = errors.New("tts: no such voice")
	ErrRate         = errors.New("tts: the sample rate must be 8000 or 16000")
	ErrSpeed        = errors.New("tts: the speed must be between 0.5 and 2")
)

// Validate says what is wrong with a request, whatever the voice: ErrNotText,
// ErrTooLong, ErrRate, ErrSpeed, ErrNothingToSay or nil.
func Validate(text Text, v Voice) error {
	switch {
	case !utf8.ValidString(string(text)):
		return ErrNotText
	case utf8.RuneCountInString(string(text)) > LongestText:
		return ErrTooLong
	case v.Rate != 8000 && v.Rate != 16000:
		return fmt.Errorf("%w, not %d", ErrRate, v.Rate)
	case v.Speed != 0 && !(v.Speed >= 0.5 && v.Speed <= 2): // also refuses NaN
		return fmt.Errorf("%w, not %g", ErrSpeed, v.Speed)
	case len(mandarin.Pronounce(spoken.Form(string(text)))) == 0:
		return ErrNothingToSay
	}
	return nil
}

// Synthesizer speaks. Implementations are safe for concurrent use.
type Synthesizer interface {
	// Speak hands 20 ms frames to emit in order, the first as soon as it
	// exists; their samples belong to the receiver. It stops early when ctx
	// ends or emit returns an error, and returns that error.
	Speak(ctx context.Context, text Text, voice Voice, emit func(audio.Frame) error) error
}
