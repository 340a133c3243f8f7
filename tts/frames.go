package tts

import (
	"time"

	"waggle/audio"
)

// Frames turns the sound of a model at any rate into the frames that Speak
// emits: limited, resampled, 20 ms each. It belongs to one goroutine.
type Frames struct{ out *output }

// NewFrames makes frames of to Hz from samples of from Hz. The resampler must
// be one between these rates; a Clone spares its design.
func NewFrames(from, to int, r *audio.Resampler, emit func(audio.Frame) error) *Frames {
	return &Frames{out: &output{from: from, rate: to, gain: 1, emit: emit, resampler: r}}
}

// Phrase writes the sound of one phrase, full scale 1, with short ramps at both
// ends; it changes the samples.
func (f *Frames) Phrase(samples []float32) error {
	f.out.fadeIn()
	fadeEnd(samples, f.out.from/fadesPerSecond)
	return f.out.write(samples)
}

// Silence writes a pause.
func (f *Frames) Silence(pause time.Duration) error { return f.out.silence(pause) }

// Finish sends what is left, after the ending that every text has.
func (f *Frames) Finish() error {
	if err := f.out.silence(ending); err != nil {
		return err
	}
	return f.out.finish()
}
