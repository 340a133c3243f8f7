package tts

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"waggle/audio"
	"waggle/mandarin"
	"waggle/tts/ssml"
)

// SSML returns a synthesizer that reads its texts as SSML documents (see
// package ssml for what is understood) and has s speak them, part by part.
// Errors besides those of s wrap ssml.ErrMarkup; a document is checked as a
// whole before its first sound.
//
// Markup is for programs of the shop only. Never hand it what a shopper or a
// language model wrote: those speak through s itself, for which < is a sign
// like any other.
func SSML(s Synthesizer) Synthesizer { return markup{s} }

type markup struct{ voice Synthesizer }

// ValidateSSML says what is wrong with a document, whatever the voice: an
// error that wraps ssml.ErrMarkup, what Validate says, or nil.
func ValidateSSML(document Text, v Voice) error {
	parts, err := ssml.Parse(string(document))
	if err != nil {
		return err
	}
	said := false
	for _, p := range parts {
		switch err := Validate(Text(p.Text), v); {
		case err == nil:
			said = true
		case !errors.Is(err, ErrNothingToSay):
			return err
		}
	}
	if !said {
		return ErrNothingToSay
	}
	return nil
}

// Speak implements Synthesizer.
func (m markup) Speak(ctx context.Context, document Text, v Voice, emit func(audio.Frame) error) error {
	if err := ValidateSSML(document, v); err != nil {
		return err
	}
	parts, err := ssml.Parse(string(document))
	if err != nil {
		return err
	}
	if err := errors.Join(m.known(parts), m.spells(parts)); err != nil {
		return err
	}
	out := partWriter{rate: v.Rate, emit: emit}
	for _, p := range parts {
		if err := m.part(ctx, p, v, &out); err != nil {
			return err
		}
	}
	return nil
}

// known checks the names of voices where the synthesizer lists them.
func (m markup) known(parts []ssml.Part) error {
	lister, ok := m.voice.(interface{ Voices() []string })
	if !ok {
		return nil
	}
	for _, p := range parts {
		if names := lister.Voices(); p.Voice != "" && !slices.Contains(names, p.Voice) {
			return unknownVoice(p.Voice, names)
		}
	}
	return nil
}

// spells checks that the synthesizer can say syllables where the document has
// some: a model with a lexicon of its own would pass over them.
func (m markup) spells(parts []ssml.Part) error {
	if s, ok := m.voice.(interface{ Spells() bool }); ok && s.Spells() {
		return nil
	}
	for _, p := range parts {
		if strings.ContainsFunc(p.Text, mandarin.IsSpelled) {
			return fmt.Errorf("%w: this voice takes no <phoneme>; use <sub> with characters that sound so", ssml.ErrMarkup)
		}
	}
	return nil
}

// part speaks one part and the silence after it, of which the synthesizer has
// made some.
func (m markup) part(ctx context.Context, p ssml.Part, v Voice, out *partWriter) error {
	out.gain = float32(math.Pow(10, float64(p.Gain)/20))
	if p.Gain <= ssml.Silent {
		out.gain = 0
	}
	pause := p.Pause - ending
	err := m.voice.Speak(ctx, Text(p.Text), styled(v, p.Style), out.write)
	if errors.Is(err, ErrNothingToSay) {
		pause, err = p.Pause, nil
	}
	if err != nil {
		return err
	}
	return out.silence(ctx, pause)
}

// styled is the voice that was asked for, changed as the markup says.
func styled(v Voice, s ssml.Style) Voice {
	if s.Voice != "" {
		v.Name = s.Voice
	}
	if v.Speed == 0 {
		v.Speed = 1
	}
	v.Speed = min(max(v.Speed*s.Rate, slowestSpeed), fastestSpeed)
	v.Pitch = min(max(v.Pitch+s.Pitch, -farthestPitch), farthestPitch)
	return v
}

// partWriter makes one stream of the parts: time runs on from one to the next.
type partWriter struct {
	rate int
	emit func(audio.Frame) error
	gain float32
	sent int // samples
}

func (w *partWriter) write(f audio.Frame) error {
	if w.gain != 1 {
		for i, x := range f.PCM {
			f.PCM[i] = int16(math.Round(32767 * limit(float64(w.gain)*float64(x)/32768)))
		}
	}
	f.TS = time.Duration(w.sent) * time.Second / time.Duration(w.rate)
	w.sent += len(f.PCM)
	return w.emit(f)
}

// silence is as long as whole frames make it, at least as long as asked for.
func (w *partWriter) silence(ctx context.Context, pause time.Duration) error {
	size := w.rate / framesPerSecond
	for ; pause > 0; pause -= time.Second / framesPerSecond {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := w.write(audio.Frame{PCM: make([]int16, size), Rate: w.rate}); err != nil {
			return err
		}
	}
	return nil
}
