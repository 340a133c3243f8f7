// Package tts turns text into speech: normalisation, pronunciation, prosody
// and streaming synthesis, phrase by phrase. It may import audio, mandarin
// and models.
package tts

import (
	"context"
	"errors"
	"fmt"
	"strings"
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
	// Pitch moves the voice up or down, in semitones; valid -12 to 12. A
	// synthesizer whose model has no say over pitch leaves it as it is.
	Pitch float32
}

// Bounds of Speed and Pitch.
const (
	slowestSpeed, fastestSpeed = 0.5, 2
	farthestPitch              = 12
)

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
	ErrPitch        = errors.New("tts: the pitch must be between -12 and 12 semitones")
)

// Validate says what is wrong with a request, whatever the voice: ErrNotText,
// ErrTooLong, ErrRate, ErrSpeed, ErrPitch, ErrNothingToSay or nil.
func Validate(text Text, v Voice) error {
	switch {
	case !utf8.ValidString(string(text)):
		return ErrNotText
	case utf8.RuneCountInString(string(text)) > LongestText:
		return ErrTooLong
	case v.Rate != 8000 && v.Rate != 16000:
		return fmt.Errorf("%w, not %d", ErrRate, v.Rate)
	case v.Speed != 0 && !(v.Speed >= slowestSpeed && v.Speed <= fastestSpeed): // also refuses NaN
		return fmt.Errorf("%w, not %g", ErrSpeed, v.Speed)
	case !(v.Pitch >= -farthestPitch && v.Pitch <= farthestPitch):
		return fmt.Errorf("%w, not %g", ErrPitch, v.Pitch)
	case len(mandarin.Pronounce(spoken.Form(string(text)))) == 0:
		return ErrNothingToSay
	}
	return nil
}

// unknownVoice is ErrUnknownVoice with the names that there are.
func unknownVoice(name string, known []string) error {
	return fmt.Errorf("%w: %q; there is %s", ErrUnknownVoice, name, listed(known))
}

// longestList is how many names an error lists: some models know thousands.
const longestList = 12

func listed(names []string) string {
	if len(names) > longestList {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:longestList], ", "), len(names)-longestList)
	}
	return strings.Join(names, ", ")
}

// Synthesizer speaks. Implementations are safe for concurrent use.
type Synthesizer interface {
	// Speak hands 20 ms frames to emit in order, the first as soon as it
	// exists; their samples belong to the receiver. It stops early when ctx
	// ends or emit returns an error, and returns that error.
	Speak(ctx context.Context, text Text, voice Voice, emit func(audio.Frame) error) error
}
