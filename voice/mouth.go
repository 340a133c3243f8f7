package voice

import (
	"context"
	"errors"
	"fmt"
	"time"

	"waggle/audio"
	"waggle/tts"
)

// errStopped makes a synthesizer stop in the middle of a sentence.
var errStopped = errors.New("voice: the caller has the floor")

// job is a speech to be filled with sound.
type job struct {
	speech *Speech
	texts  []string
	speed  float32 // 0 is the voice's own
}

// jobsQueued is how many replies may wait to be spoken: the present one and
// those pushed by other channels.
const jobsQueued = 16

// mouth turns sentences into sound, the first ones while the later ones wait.
// It is one goroutine.
type mouth struct {
	synthesizer tts.Synthesizer
	voice       tts.Voice
	jobs        chan job
}

func newMouth(c Config) *mouth {
	return &mouth{synthesizer: c.Mouth, voice: c.Voice, jobs: make(chan job, jobsQueued)}
}

// say has a speech spoken; it is in the playout's queue already.
func (m *mouth) say(ctx context.Context, s *Speech, texts []string, speed float32) error {
	select {
	case m.jobs <- job{s, texts, speed}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// run speaks until ctx ends. An error means that the voice has failed.
func (m *mouth) run(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case j := <-m.jobs:
			if err := m.speak(ctx, j); err != nil {
				return err
			}
		}
	}
}

// The voice draws breath before a sentence. In the first one of a reply the
// caller is waiting meanwhile: near silence is left out, up to leadLongest.
const (
	leadLevel   = -50 // dBFS
	leadLongest = 300 * time.Millisecond
)

// speak fills one speech. A sentence without anything speakable is passed over.
func (m *mouth) speak(ctx context.Context, j job) error {
	voice := m.voice
	if j.speed > 0 {
		voice.Speed = j.speed
	}
	lead := leadLongest
	for i, text := range j.texts {
		err := m.synthesizer.Speak(ctx, tts.Text(text), voice, func(f audio.Frame) error {
			if lead > 0 && audio.Level(f.PCM) < leadLevel {
				lead -= f.Duration()
				return ctx.Err()
			}
			lead = 0
			if !j.speech.Add(i, f.PCM) {
				return errStopped
			}
			return nil
		})
		switch {
		case errors.Is(err, errStopped):
			return nil
		case err != nil && !errors.Is(err, tts.ErrNothingToSay):
			return fmt.Errorf("voice: speak: %w", err)
		}
		j.speech.Complete(i)
	}
	return nil
}
