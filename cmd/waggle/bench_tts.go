package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"waggle/tts"
)

// benchTTSCommand measures the real-time factor and the time to first audio.
func benchTTSCommand() *cobra.Command {
	var (
		asJSON bool
		rounds int
		voice  tts.Voice
	)
	c := &cobra.Command{
		Use:   "tts",
		Short: "Speed of the voice on sentences of a shop, one at a time",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if rounds < 1 {
				return usagef("--rounds must be at least 1, not %d", rounds)
			}
			engine, err := tts.OpenBuiltin(tts.Options{CacheBytes: -1})
			if err != nil {
				return err
			}
			defer engine.Close()
			m, err := tts.Measure(c.Context(), engine, tts.ShopSentences(), rounds, voice)
			if err != nil {
				return err
			}
			if asJSON {
				return json.NewEncoder(c.OutOrStdout()).Encode(m)
			}
			_, err = fmt.Fprintf(c.OutOrStdout(), "%d sentences, %.1f s of sound in %.1f s: real-time factor %.3f\nfirst audio after %.0f ms (median), %.0f ms (95 %%)\n",
				m.Sentences, m.AudioS, m.WallS, m.RTF, m.FirstAudioP50, m.FirstAudioP95)
			return err
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	c.Flags().IntVar(&rounds, "rounds", 3, "how often to say every sentence")
	c.Flags().StringVar(&voice.Name, "voice", "", "who speaks (default: the first voice)")
	c.Flags().IntVar(&voice.Rate, "rate", 16000, "sample rate in Hz, 8000 or 16000")
	return c
}
