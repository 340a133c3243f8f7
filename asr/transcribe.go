package asr

import (
	"context"
	"fmt"
	"strings"
	"time"

	"waggle/audio"
	"waggle/audio/clip"
)

// wholeUpTo is how long a recording is heard as one utterance. Longer ones are
// cut at their pauses, as a call would be.
const wholeUpTo = 15 * time.Second

// fileFrame is how much sound is handed over at once; vadFrame is less than one
// verdict of the VAD, so that none is missed.
const (
	fileFrame = 100 * time.Millisecond
	vadFrame  = 20 * time.Millisecond
)

// Transcriber turns whole recordings into text.
type Transcriber struct {
	Recognizer Recognizer
	// VAD cuts long recordings; without it they are cut into equal parts.
	VAD DetectorModel
}

// Transcribe returns one Final transcript of the whole clip. Its confidence
// and words are those of its utterances, n-best only of a single one.
func (t Transcriber) Transcribe(ctx context.Context, c clip.Clip, h Hints) (Transcript, error) {
	parts, err := t.parts(c)
	if err != nil {
		return Transcript{}, err
	}
	stream, err := t.Recognizer.NewStream(ctx)
	if err != nil {
		return Transcript{}, err
	}
	defer stream.Close()
	heard := make([]Transcript, 0, len(parts))
	for _, p := range parts {
		one, err := hear(ctx, stream, c, p, h)
		if err != nil {
			return Transcript{}, err
		}
		if one.Text != "" {
			heard = append(heard, one)
		}
	}
	return joined(heard), nil
}

// part is a stretch of a clip.
type part struct{ from, to time.Duration }

func hear(ctx context.Context, s Stream, c clip.Clip, p part, h Hints) (Transcript, error) {
	u, ok := s.(Utterances)
	if !ok {
		return Transcript{}, fmt.Errorf("asr: %T does not hear single utterances", s)
	}
	if err := u.Begin(h); err != nil {
		return Transcript{}, err
	}
	if p.from == 0 {
		if err := s.Write(leadIn(c)); err != nil {
			return Transcript{}, err
		}
	}
	err := c.Frames(fileFrame, func(f audio.Frame) error {
		if f.TS+f.Duration() <= p.from || f.TS >= p.to {
			return nil
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		return s.Write(f)
	})
	if err != nil {
		return Transcript{}, err
	}
	return u.Finish()
}

// lead is how much of the room is heard before a recording that begins with its
// first word: a causal net needs it as a caller's pre-roll gives it, or misses
// the first syllable (CER 0.35 without, 0.31 with it on held-out students).
const lead = 320 * time.Millisecond

// leadIn is the quietest 40 ms of the clip, to and fro, as the sound before it.
func leadIn(c clip.Clip) audio.Frame {
	const window = clip.Rate * 40 / 1000
	quiet := c.PCM[:min(window, len(c.PCM))]
	if len(quiet) == 0 {
		return audio.Frame{}
	}
	least := energy(quiet)
	for at := window / 2; at+window <= len(c.PCM); at += window / 2 {
		if e := energy(c.PCM[at : at+window]); e < least {
			quiet, least = c.PCM[at:at+window], e
		}
	}
	pcm := make([]int16, int(lead*clip.Rate/time.Second))
	for i := range pcm {
		at := i % (2 * len(quiet))
		pcm[i] = quiet[min(at, 2*len(quiet)-1-at)]
	}
	return audio.Frame{PCM: pcm, Rate: clip.Rate, TS: -lead}
}

func energy(pcm []int16) (sum int64) {
	for _, v := range pcm {
		sum += int64(v) * int64(v)
	}
	return sum
}

// joined puts the utterances of a recording together.
func joined(heard []Transcript) Transcript {
	if len(heard) == 1 {
		return heard[0]
	}
	out := Transcript{Final: true}
	var text, spoken []string
	var weight float32
	for _, one := range heard {
		text, spoken = append(text, one.Text), append(spoken, one.Spoken)
		out.Words = append(out.Words, one.Words...)
		out.Confidence += one.Confidence * float32(len(one.Words))
		out.Uncalibrated = out.Uncalibrated || one.Uncalibrated
		weight += float32(len(one.Words))
	}
	out.Text, out.Spoken = strings.Join(text, "，"), strings.Join(spoken, "，")
	if weight > 0 {
		out.Confidence /= weight
	}
	return out
}

// parts finds the utterances of a clip. A clip in which the VAD hears no speech
// has none: the recogniser would make words of noise.
func (t Transcriber) parts(c clip.Clip) ([]part, error) {
	whole := []part{{0, c.Duration()}}
	if t.VAD == nil {
		if c.Duration() <= wholeUpTo {
			return whole, nil
		}
		return equalParts(c.Duration()), nil
	}
	vad, err := t.VAD.NewDetector()
	if err != nil {
		return nil, err
	}
	defer vad.Close()
	if c.Duration() > wholeUpTo {
		return voiced(c, vad)
	}
	if speech, err := anySpeech(c, vad); err != nil || !speech {
		return nil, err
	}
	return whole, nil
}

func anySpeech(c clip.Clip, vad detector) (found bool, err error) {
	err = c.Frames(vadFrame, func(f audio.Frame) error {
		a, err := vad.Write(f)
		found = found || a.Prob >= vadOn
		return err
	})
	return found, err
}

func equalParts(total time.Duration) []part {
	var parts []part
	for at := time.Duration(0); at < total; at += wholeUpTo {
		parts = append(parts, part{at, min(at+wholeUpTo, total)})
	}
	return parts
}

// detector is what voiced needs of a VAD.
type detector interface {
	Write(audio.Frame) (Activity, error)
}

// voiced cuts a clip at its pauses. People reading a text pause longer inside
// a sentence than callers do, so every pause counts as an unfinished one.
func voiced(c clip.Clip, vad detector) ([]part, error) {
	const margin = 200 * time.Millisecond // sound kept after the last speech
	ends := NewEndpointer(EndpointSettings{Max: wholeUpTo})
	var parts []part
	open := false
	note := func(to time.Duration) {
		parts = append(parts, part{max(ends.SpeechStart()-ends.Settings().PreRoll, 0), min(to+margin, c.Duration())})
	}
	err := c.Frames(vadFrame, func(f audio.Frame) error {
		a, err := vad.Write(f)
		if err != nil {
			return err
		}
		switch ends.Observe(a, ProgressUnfinished) {
		case EndpointStart:
			open = true
		case EndpointEnd, EndpointMax:
			open = false
			note(ends.SpeechEnd())
		}
		return nil
	})
	if err == nil && open {
		note(c.Duration())
	}
	return parts, err
}
