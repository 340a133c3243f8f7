package tts

import (
	"context"
	"time"

	"waggle/audio"
	"waggle/tts/prosody"
	"waggle/tts/wagglevoice"
)

// modelRate is the rate of the voice; 8 kHz is made from it.
const modelRate = 16000

// Sizes in vocoder frames of 10 ms. The first block is what the listener waits
// for; later ones may be longer, which costs less for the context around them.
const (
	firstBlock = 20
	laterBlock = 40
	leadKept   = 3 // of the silence before a phrase
	trailKept  = 6 // of the silence after it
)

// ending is the silence after the last phrase, so that nothing is cut off by
// a line that closes at once.
const ending = 80 * time.Millisecond

// utterance is the making of one text.
type utterance struct {
	engine *Engine
	voice  Voice
	ahead  bool    // nobody waits for it: it is made for the cache
	keep   bool    // collect what is emitted in kept
	kept   []int16 // at the voice's rate
	block  []float32
}

// run synthesises the phrases one after the other.
func (u *utterance) run(ctx context.Context, phrases []prosody.Phrase, emit func(audio.Frame) error) error {
	out, err := newOutput(u.voice.Rate, func(f audio.Frame) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		if u.keep {
			u.kept = append(u.kept, f.PCM...)
		}
		return emit(f)
	})
	if err != nil {
		return err
	}
	for i, p := range phrases {
		if err := u.phrase(ctx, p, out); err != nil {
			return err
		}
		pause := ending
		if i+1 < len(phrases) {
			pause = time.Duration(float32(p.Pause)/u.voice.Speed) - u.frames(leadKept+trailKept)
		}
		if err := out.silence(pause); err != nil {
			return err
		}
	}
	return out.finish()
}

func (u *utterance) frames(n int) time.Duration {
	v := u.engine.voice
	return time.Duration(n*v.Hop) * time.Second / time.Duration(v.Rate)
}

// phrase writes the sound of one phrase. A seat is held only while a model
// runs, never while the receiver takes its time.
func (u *utterance) phrase(ctx context.Context, p prosody.Phrase, out *output) error {
	frames, err := u.envelope(ctx, p)
	if err != nil {
		return err
	}
	frames = frames.Trim(frames.Lead-leadKept, frames.Trail-trailKept)
	speaker := u.engine.voice.Speak(frames, uint64(len(p.Syllables)))
	defer speaker.Close()
	out.fadeIn()
	for size := firstBlock; speaker.Left() > 0; size = laterBlock {
		if err := u.next(ctx, speaker, size); err != nil {
			return err
		}
		if speaker.Left() == 0 {
			fadeOut(u.block)
		}
		if err := out.write(u.block); err != nil {
			return err
		}
	}
	return nil
}

// seat waits for the right to run a model and returns how to give it back.
func (u *utterance) seat(ctx context.Context) (leave func(), err error) {
	if u.ahead {
		return u.engine.seats.takeIdle(ctx)
	}
	return u.engine.seats.take(ctx)
}

func (u *utterance) envelope(ctx context.Context, p prosody.Phrase) (wagglevoice.Frames, error) {
	leave, err := u.seat(ctx)
	if err != nil {
		return wagglevoice.Frames{}, err
	}
	defer leave()
	for i := range p.Syllables {
		p.Syllables[i].Shift += u.voice.Pitch
	}
	return u.engine.voice.Frames(p, u.voice.Name, u.voice.Speed)
}

// next fills u.block with the next block of the phrase.
func (u *utterance) next(ctx context.Context, speaker *wagglevoice.Speaker, size int) error {
	leave, err := u.seat(ctx)
	if err != nil {
		return err
	}
	defer leave()
	u.block, err = speaker.Block(u.block[:0], size)
	return err
}

// play emits a finished prompt.
func play(ctx context.Context, pcm []int16, rate int, emit func(audio.Frame) error) error {
	size := rate / framesPerSecond
	for at := 0; at < len(pcm); at += size {
		if err := ctx.Err(); err != nil {
			return err
		}
		frame := audio.Frame{PCM: make([]int16, size), Rate: rate, TS: time.Duration(at) * time.Second / time.Duration(rate)}
		copy(frame.PCM, pcm[at:])
		if err := emit(frame); err != nil {
			return err
		}
	}
	return nil
}
