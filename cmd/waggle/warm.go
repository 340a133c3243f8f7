package main

import (
	"context"

	"waggle/dialog/flow"
	"waggle/tts"
)

// Rates of the robot's voice, on the telephone and in the browser.
var voiceRates = []int{8000, 16000}

// warmVoice has the fixed sentences of the dialog spoken into the cache of
// prompts, in the background, until ctx ends or the cache's share is full. A
// voice that fails here fails in a call too, where it is told; this is no
// reason to stop.
func (g *gateway) warmVoice(ctx context.Context) error {
	texts := make([]tts.Text, 0, len(flow.Fixed()))
	for _, s := range flow.Fixed() {
		texts = append(texts, tts.Text(s))
	}
	for _, rate := range voiceRates {
		held, err := g.speech.mouth.Warm(ctx, texts, tts.Voice{Name: g.cfg.Voice.Name, Rate: rate})
		if ctx.Err() != nil {
			return nil //nolint:nilerr // the gateway stops
		}
		if err != nil {
			g.log.Error("prompts could not be made in advance", "rate", rate, "err", err)
			return nil
		}
		g.log.Info("prompts are ready", "rate", rate, "held", held, "of", len(texts))
	}
	return nil
}
