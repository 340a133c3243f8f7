package tts

import (
	"context"

	"waggle/audio"
)

// Cached puts the cache of prompts in front of a synthesizer: what is asked for
// the second time with the same voice is kept, up to limit bytes (0 means
// DefaultCacheBytes, negative none). Errors are those of s.
func Cached(s Synthesizer, limit int) Synthesizer {
	if limit < 0 {
		return s
	}
	if limit == 0 {
		limit = DefaultCacheBytes
	}
	return &caching{of: s, cache: newCache(limit)}
}

type caching struct {
	of    Synthesizer
	cache *cache
}

// Speak implements Synthesizer.
func (c *caching) Speak(ctx context.Context, text Text, voice Voice, emit func(audio.Frame) error) error {
	if voice.Speed == 0 {
		voice.Speed = 1
	}
	key := prompt{text: string(text), voice: voice}
	if pcm, ok := c.cache.get(key); ok {
		return play(ctx, pcm, voice.Rate, emit)
	}
	if !c.cache.wants(key) {
		return c.of.Speak(ctx, text, voice, emit)
	}
	var kept []int16
	err := c.of.Speak(ctx, text, voice, func(f audio.Frame) error {
		kept = append(kept, f.PCM...)
		return emit(f)
	})
	if err != nil {
		return err
	}
	c.cache.put(key, kept)
	return nil
}
