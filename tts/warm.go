package tts

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"waggle/audio"
	"waggle/tts/prosody"
	"waggle/tts/spoken"
)

// Stats counts what an Engine has done since it was opened.
type Stats struct {
	// Hits and Misses are texts that were found in the cache of prompts and
	// texts that were not. What Warm does is not counted.
	Hits, Misses uint64
	// Runs is how often a model has run, Warm included.
	Runs uint64
	// Cached is how many bytes the cached prompts take.
	Cached int
}

type counters struct{ hits, misses atomic.Uint64 }

// Stats returns the present counts.
func (e *Engine) Stats() Stats {
	return Stats{Hits: e.counts.hits.Load(), Misses: e.counts.misses.Load(), Runs: e.seats.taken.Load(), Cached: e.cache.size()}
}

// rest is how long Warm does nothing after each prompt, in multiples of the time
// that the prompt took: a quarter of one processor is all it ever wants.
const rest = 3

// Warm puts prompts into the cache before anybody asks for them. It runs only
// while nobody is spoken to, takes its time, and fills no more than half of the
// cache, so that there is room for what callers do ask for. Texts that cannot be spoken are
// passed over. It returns how many of the texts the cache holds now, and an
// error when the voice is unknown, the models fail or ctx ends.
func (e *Engine) Warm(ctx context.Context, texts []Text, voice Voice) (int, error) {
	return warmAll(ctx, texts, func(text Text) (bool, error) { return e.warm(ctx, text, voice) })
}

// warmAll makes one prompt after the other, with rests between them, and counts
// those that are held.
func warmAll(ctx context.Context, texts []Text, warm func(Text) (bool, error)) (int, error) {
	held := 0
	for _, text := range texts {
		began := time.Now()
		ok, err := warm(text)
		if err != nil {
			return held, err
		}
		if ok {
			held++
		}
		select {
		case <-time.After(rest * time.Since(began)):
		case <-ctx.Done():
			return held, ctx.Err()
		}
	}
	return held, nil
}

func (e *Engine) warm(ctx context.Context, text Text, voice Voice) (bool, error) {
	voice, err := e.complete(text, voice)
	if err != nil {
		return false, unlessUnspeakable(err)
	}
	form := spoken.Form(string(text))
	key := prompt{text: form, voice: voice}
	if _, ok := e.cache.get(key); ok {
		return true, nil
	}
	if e.cache.size() >= e.cache.limit/2 {
		return false, nil // its share is full
	}
	u := utterance{engine: e, voice: voice, keep: true, ahead: true}
	if err := u.run(ctx, prosody.Plan(form), func(audio.Frame) error { return nil }); err != nil {
		return false, err
	}
	return e.cache.put(key, u.kept), nil
}

// unlessUnspeakable passes over what is wrong with one text only.
func unlessUnspeakable(err error) error {
	if errors.Is(err, ErrNothingToSay) || errors.Is(err, ErrTooLong) || errors.Is(err, ErrNotText) {
		return nil
	}
	return err
}
