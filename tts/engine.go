package tts

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"

	"waggle/audio"
	"waggle/models"
	"waggle/tts/prosody"
	"waggle/tts/spoken"
	"waggle/tts/wagglevoice"
)

// BuiltinVoice is the default of the voices that ship: Yue Tan, a woman. The
// other one is "wu", Junze Wu, a man.
const BuiltinVoice = "tan"

// DefaultCacheBytes holds about sixteen minutes of prompts at 8 kHz.
const DefaultCacheBytes = 16 << 20

// Options tunes an Engine. The zero value is good.
type Options struct {
	// Concurrent is how many model runs may be in progress at once; 0 means
	// one per processor. Speak waits for its turn between blocks of 200 ms, so
	// no utterance starves another.
	Concurrent int
	// CacheBytes bounds the memory for prompts that were warmed, or asked for
	// more than once; 0 means DefaultCacheBytes, negative means no cache.
	CacheBytes int
	// Store is where the model files are; the zero value is the built-in one.
	Store models.Store
}

// Engine speaks with the voices of one file of the waggle_tts family. It is safe for
// concurrent use.
type Engine struct {
	voice  *wagglevoice.Voice
	seats  *seats
	cache  *cache
	counts counters
}

var _ Synthesizer = (*Engine)(nil)

// OpenBuiltin opens the voice that ships inside the binary.
func OpenBuiltin(o Options) (*Engine, error) {
	if o.Store == (models.Store{}) {
		o.Store = models.Builtin()
	}
	acoustic, _, err := o.Store.Open("tts-zh-acoustic")
	if err != nil {
		return nil, fmt.Errorf("tts: %w", err)
	}
	vocoder, _, err := o.Store.Open("tts-zh-vocoder")
	if err != nil {
		return nil, fmt.Errorf("tts: %w", err)
	}
	v, err := wagglevoice.Open(acoustic, vocoder, 1)
	if err != nil {
		return nil, fmt.Errorf("tts: %w", err)
	}
	if v.Rate != modelRate {
		return nil, errors.Join(fmt.Errorf("tts: the voice speaks at %d Hz, want %d", v.Rate, modelRate), v.Close())
	}
	return newEngine(v, o), nil
}

func newEngine(v *wagglevoice.Voice, o Options) *Engine {
	if o.Concurrent <= 0 {
		o.Concurrent = runtime.GOMAXPROCS(0)
	}
	if o.CacheBytes == 0 {
		o.CacheBytes = DefaultCacheBytes
	}
	return &Engine{voice: v, seats: newSeats(o.Concurrent), cache: newCache(o.CacheBytes)}
}

// Voices lists the names that Voice.Name may have.
func (e *Engine) Voices() []string { return e.voice.Names() }

// Spells says that texts may hold the runes of mandarin.Spell.
func (e *Engine) Spells() bool { return true }

// Close frees the models. No Speak may be in progress.
func (e *Engine) Close() error { return e.voice.Close() }

// Speak implements Synthesizer. Errors besides those of ctx and emit:
// ErrNothingToSay, ErrNotText, ErrTooLong, ErrUnknownVoice, ErrRate, ErrSpeed,
// ErrPitch, or what the runtime says.
func (e *Engine) Speak(ctx context.Context, text Text, voice Voice, emit func(audio.Frame) error) error {
	voice, err := e.complete(text, voice)
	if err != nil {
		return err
	}
	form := spoken.Form(string(text))
	key := prompt{text: form, voice: voice}
	if pcm, ok := e.cache.get(key); ok {
		e.counts.hits.Add(1)
		return play(ctx, pcm, voice.Rate, emit)
	}
	e.counts.misses.Add(1)
	defer e.seats.begin()()
	phrases := prosody.Plan(form)
	if len(phrases) == 0 {
		return ErrNothingToSay
	}
	u := utterance{engine: e, voice: voice, keep: e.cache.wants(key)}
	if err := u.run(ctx, phrases, emit); err != nil {
		return err
	}
	if u.keep {
		e.cache.put(key, u.kept)
	}
	return nil
}

// complete fills in the defaults of a request and validates it.
func (e *Engine) complete(text Text, voice Voice) (Voice, error) {
	if voice.Name == "" {
		voice.Name = BuiltinVoice
	}
	if voice.Speed == 0 {
		voice.Speed = 1
	}
	if !slices.Contains(e.Voices(), voice.Name) {
		return voice, unknownVoice(voice.Name, e.Voices())
	}
	return voice, Validate(text, voice)
}
