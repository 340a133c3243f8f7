package voice

import (
	"errors"
	"fmt"
	"log/slog"
	"time"

	"waggle/asr"
	"waggle/audio"
	"waggle/dialog"
	"waggle/tts"
)

// Config is everything a Session works with. Leg, Ear, Mouth and Brain are
// needed, the rest has defaults.
type Config struct {
	// Call names the call in logs.
	Call string
	Leg  Leg
	// Opening says how the conversation begins. If Conversation is set, the
	// call joins a conversation that exists already.
	Opening      dialog.Opening
	Conversation string

	Ear   Ear
	Mouth tts.Synthesizer
	// Voice is how the robot sounds; its rate is that of the frames written
	// to the leg. A rate of zero means 8000 Hz.
	Voice   tts.Voice
	Brain   Brain
	Prompts Prompts
	// Exchange reaches people by phone; nil when there are none, and a caller who
	// is handed over waits in the line.
	Exchange Exchange
	// Recording is nil for a call that must not be recorded.
	Recording *Recording
	Limits    Limits
	// Closing is closed when the gateway stops: say goodbye and hang up.
	Closing <-chan struct{}
	Log     *slog.Logger
}

// VAD judges frames in order; *asr.VAD is one.
type VAD interface {
	Write(audio.Frame) (asr.Activity, error)
}

// Ear is what listens to the caller.
type Ear struct {
	// Recognizer makes the stream of the call; it must also hear utterances
	// (asr.Utterances).
	Recognizer asr.Recognizer
	VAD        VAD
	Endpoint   asr.EndpointSettings
	BargeIn    BargeInSettings
	// Sure is the confidence below which words are treated as not understood.
	// Zero means 0.3.
	Sure float32
}

func (e Ear) orDefault() Ear {
	if e.Sure == 0 {
		e.Sure = 0.3
	}
	if e.Endpoint == (asr.EndpointSettings{}) {
		e.Endpoint = endpoint()
	}
	return e
}

// Limits keep a call from lasting for ever. Zero values take the defaults.
type Limits struct {
	Turns    int           // 60
	Duration time.Duration // 15 min
	// NoInput is how long the robot waits for the caller to speak. 6 s.
	NoInput time.Duration
	// Hold is how often a caller who waits for a person hears that the line is
	// alive. 30 s.
	Hold time.Duration
	// SlowAnswer is after how long a filler bridges the wait. 1.2 s.
	SlowAnswer time.Duration
	// KeyPause ends a number typed without #. 2 s.
	KeyPause time.Duration
}

func (l Limits) orDefault() Limits {
	if l.Turns <= 0 {
		l.Turns = 60
	}
	for _, d := range []struct {
		field *time.Duration
		value time.Duration
	}{
		{&l.Duration, 15 * time.Minute}, {&l.NoInput, 6 * time.Second}, {&l.Hold, 30 * time.Second},
		{&l.SlowAnswer, 1200 * time.Millisecond}, {&l.KeyPause, 2 * time.Second},
	} {
		if *d.field <= 0 {
			*d.field = d.value
		}
	}
	return l
}

// hangover is how long the detector still calls it speech after the voice has
// stopped, so that a stop consonant does not cut a word.
const hangover = 80 * time.Millisecond

// endpoint counts the pauses that end an utterance from the end of the voice,
// as the caller feels them: the detector's hangover is part of them.
func endpoint() asr.EndpointSettings {
	s := asr.DefaultEndpointSettings()
	for _, pause := range []*time.Duration{&s.Peek, &s.Short, &s.Normal, &s.Long, &s.Await} {
		*pause -= hangover
	}
	return s
}

// ErrConfig says that a Session cannot be built.
var ErrConfig = errors.New("voice: session cannot be built")

func (c Config) withDefaults() (Config, error) {
	switch {
	case c.Leg == nil, c.Brain == nil, c.Mouth == nil, c.Ear.Recognizer == nil, c.Ear.VAD == nil:
		return c, fmt.Errorf("%w: it needs a leg, an ear, a mouth and a brain", ErrConfig)
	}
	if c.Voice.Rate == 0 {
		c.Voice.Rate = narrowBand
	}
	c.Ear = c.Ear.orDefault()
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Call != "" {
		c.Log = c.Log.With("call", c.Call)
	}
	c.Limits = c.Limits.orDefault()
	return c, nil
}
