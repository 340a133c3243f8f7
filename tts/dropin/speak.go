package dropin

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"waggle/audio"
	"waggle/tts"
	"waggle/tts/lexicon"
)

// Silence between phrases, beyond what the models make themselves.
const (
	pauseClause   = 40 * time.Millisecond
	pauseSentence = 200 * time.Millisecond
)

// voice is a graph with its front end. It is safe for concurrent use.
type voice struct {
	model      speaker
	front      lexicon.FrontEnd
	rate       int
	names      []string
	resamplers map[int]*audio.Resampler // by the rate they make; cloned for use
	seats      chan struct{}
	cached     *tts.Prompts
	skipped    atomic.Uint64
}

var _ Synth = (*voice)(nil)

// numbers names speakers who have no names.
func numbers(n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = strconv.Itoa(i)
	}
	return names
}

// Voices implements Synth.
func (v *voice) Voices() []string { return slices.Clone(v.names) }

// SampleRate implements Synth.
func (v *voice) SampleRate() int { return v.rate }

// Skipped implements Synth.
func (v *voice) Skipped() uint64 { return v.skipped.Load() }

// Close implements Synth.
func (v *voice) Close() error { return v.model.Close() }

// Speak implements tts.Synthesizer. Errors besides those of ctx and emit:
// tts.ErrNothingToSay, tts.ErrNotText, tts.ErrTooLong, tts.ErrUnknownVoice,
// tts.ErrRate, tts.ErrSpeed, lexicon.ErrEspeak, voicegraph.ErrSound,
// voicegraph.ErrTooManyTokens, or what the runtime says. Pitch has no effect.
func (v *voice) Speak(ctx context.Context, text tts.Text, w tts.Voice, emit func(audio.Frame) error) error {
	// Whether there is anything to say is the front end's to find out: it may
	// speak more than Mandarin.
	if err := tts.Validate(text, w); err != nil && !errors.Is(err, tts.ErrNothingToSay) {
		return err
	}
	n, err := v.speaker(w.Name)
	if err != nil {
		return err
	}
	w.Name = v.names[n]
	return v.cached.Speak(ctx, text, w, emit)
}

// Stats implements Synth.
func (v *voice) Stats() tts.Stats { return v.cached.Stats() }

// Warm implements Synth.
func (v *voice) Warm(ctx context.Context, texts []tts.Text, w tts.Voice) (int, error) {
	n, err := v.speaker(w.Name)
	if err != nil {
		return 0, err
	}
	w.Name = v.names[n]
	return v.cached.Warm(ctx, texts, w)
}

// speaker finds a speaker by name or number; "" is the first.
func (v *voice) speaker(name string) (int, error) {
	if name == "" {
		return 0, nil
	}
	if i := slices.Index(v.names, name); i >= 0 {
		return i, nil
	}
	if i, err := strconv.Atoi(name); err == nil && i >= 0 && i < len(v.names) {
		return i, nil
	}
	return 0, fmt.Errorf("%w: %q; there is %s", tts.ErrUnknownVoice, name, some(v.names))
}

// some lists names, not hundreds of them.
func some(names []string) string {
	const most = 20
	if len(names) > most {
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" and %d more", len(names)-most)
	}
	return strings.Join(names, ", ")
}

// making is a voice without its cache.
type making struct{ *voice }

// Speak makes the phrases one after the other, each while the one before it is
// emitted, so that a receiver who takes sound as fast as it is heard does not
// wait between them.
func (m making) Speak(ctx context.Context, text tts.Text, w tts.Voice, emit func(audio.Frame) error) error {
	phrases := make(chan said, 1)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		defer close(phrases)
		return m.say(ctx, string(text), w, func(s said) error {
			select {
			case phrases <- s:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	})
	group.Go(func() error { return m.emit(ctx, phrases, w.Rate, emit) })
	return group.Wait()
}

// said is the sound of a phrase and the silence after it.
type said struct {
	samples []float32
	pause   time.Duration
}

// coded is a phrase as the graph takes it and the silence after it.
type coded struct {
	lexicon.Encoded
	pause time.Duration
}

// say synthesises a text phrase by phrase; the front end, which may have to run
// a program, is a phrase ahead of the graph.
func (v *voice) say(ctx context.Context, text string, w tts.Voice, hand func(said) error) error {
	n, err := v.speaker(w.Name)
	if err != nil {
		return err
	}
	phrases, spoke := make(chan coded, 1), false
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		defer close(phrases)
		return v.encode(ctx, text, w.Speed, phrases)
	})
	group.Go(func() error {
		for c := range phrases {
			samples, err := v.run(ctx, c.Encoded, n, w.Speed)
			if err != nil {
				return err
			}
			spoke = true
			if err := hand(said{samples, c.pause}); err != nil {
				return err
			}
		}
		return nil
	})
	if err := group.Wait(); err != nil || spoke {
		return err
	}
	return tts.ErrNothingToSay
}

// encode sends the phrases of a text that hold something to say.
func (v *voice) encode(ctx context.Context, text string, speed float32, phrases chan<- coded) error {
	for _, p := range lexicon.Split(v.front.Form(text)) {
		e, err := v.front.Encode(ctx, p)
		if err != nil {
			return err
		}
		v.skipped.Add(uint64(e.Skipped))
		if len(e.IDs) == 0 {
			continue
		}
		pause := pauseClause
		if p.Ends() {
			pause = pauseSentence
		}
		select {
		case phrases <- coded{e, time.Duration(float32(pause) / speed)}:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// run waits for a seat, which is held only while the graph runs.
func (v *voice) run(ctx context.Context, e lexicon.Encoded, n int, speed float32) ([]float32, error) {
	select {
	case v.seats <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-v.seats }()
	return v.model.Say(e.IDs, e.Tones, n, speed)
}

// emit sends phrases as frames.
func (v *voice) emit(ctx context.Context, phrases <-chan said, rate int, emit func(audio.Frame) error) error {
	frames := tts.NewFrames(v.rate, rate, v.resamplers[rate].Clone(), func(f audio.Frame) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		return emit(f)
	})
	var pause time.Duration
	spoke := false
	for s := range phrases {
		if err := errors.Join(frames.Silence(pause), frames.Phrase(s.samples)); err != nil {
			return err
		}
		pause, spoke = s.pause, true
	}
	if !spoke || ctx.Err() != nil {
		return ctx.Err()
	}
	return frames.Finish()
}

// Form is the text as the voice reads it.
func (v *voice) Form(text string) string { return v.front.Form(text) }

// Phonemes are those of each sentence, for voices that take their phonemes from
// espeak-ng; nil for others. Its phrases are joined as piper writes them.
func (v *voice) Phonemes(ctx context.Context, text string) ([]string, error) {
	sounds, ok := v.front.(*lexicon.Sounds)
	if !ok {
		return nil, nil
	}
	var list []string
	ended := true
	for _, p := range lexicon.Split(sounds.Form(text)) {
		phonemes, err := sounds.Phonemes(ctx, p)
		if err != nil {
			return nil, err
		}
		if ended {
			list = append(list, "")
		}
		list[len(list)-1] += string(phonemes)
		ended = p.Ends()
	}
	return list, nil
}
