package tts

import (
	"context"

	"waggle/audio"
)

// Prompts is a synthesizer behind a cache of prompts. It is safe for concurrent
// use.
type Prompts struct {
	of        Synthesizer
	cache     *cache
	counts    counters
	attention attention
}

var _ Synthesizer = (*Prompts)(nil)

// Cached puts the cache of prompts in front of a synthesizer: what is asked for
// the second time with the same voice is kept, up to limit bytes (0 means
// DefaultCacheBytes, negative none). Errors are those of s.
func Cached(s Synthesizer, limit int) *Prompts {
	if limit == 0 {
		limit = DefaultCacheBytes
	}
	return &Prompts{of: s, cache: newCache(limit)}
}

// Stats returns the present counts; Runs, which only the models know, is 0.
func (p *Prompts) Stats() Stats {
	return Stats{Hits: p.counts.hits.Load(), Misses: p.counts.misses.Load(), Cached: p.cache.size()}
}

// Speak implements Synthesizer.
func (p *Prompts) Speak(ctx context.Context, text Text, voice Voice, emit func(audio.Frame) error) error {
	key := keyOf(text, voice)
	if pcm, ok := p.cache.get(key); ok {
		p.counts.hits.Add(1)
		return play(ctx, pcm, voice.Rate, emit)
	}
	p.counts.misses.Add(1)
	defer p.attention.begin()()
	if !p.cache.wants(key) {
		return p.of.Speak(ctx, text, key.voice, emit)
	}
	return p.fill(ctx, key, emit)
}

func keyOf(text Text, voice Voice) prompt {
	if voice.Speed == 0 {
		voice.Speed = 1
	}
	return prompt{text: string(text), voice: voice}
}

// fill speaks a prompt and keeps it.
func (p *Prompts) fill(ctx context.Context, key prompt, emit func(audio.Frame) error) error {
	var kept []int16
	err := p.of.Speak(ctx, Text(key.text), key.voice, func(f audio.Frame) error {
		kept = append(kept, f.PCM...)
		return emit(f)
	})
	if err != nil {
		return err
	}
	p.cache.put(key, kept)
	return nil
}

// Warm is like Engine.Warm, but a prompt that has been begun is finished even
// when somebody begins to be spoken to.
func (p *Prompts) Warm(ctx context.Context, texts []Text, voice Voice) (int, error) {
	return warmAll(ctx, texts, func(text Text) (bool, error) {
		key := keyOf(text, voice)
		if _, ok := p.cache.get(key); ok {
			return true, nil
		}
		if p.cache.size() >= p.cache.limit/2 {
			return false, nil // its share is full
		}
		if err := p.attention.idle(ctx); err != nil {
			return false, err
		}
		if err := p.fill(ctx, key, func(audio.Frame) error { return ctx.Err() }); err != nil {
			return false, unlessUnspeakable(err)
		}
		_, ok := p.cache.get(key)
		return ok, nil
	})
}
