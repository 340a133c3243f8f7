package main

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"waggle/asr"
	"waggle/asr/bench"
	"waggle/audio/clip"
)

func benchASRCommand() *cobra.Command {
	var asJSON bool
	var file string
	var utterances int
	c := &cobra.Command{
		Use:   "asr [--json] [--file FILE] [-n UTTERANCES]",
		Short: "Speed of the recogniser: real-time factor, streams per core, latency of the final transcript",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) (err error) {
			if utterances < 1 {
				return usagef("-n must be at least 1, got %d", utterances)
			}
			pcm := bench.Voice(bench.Utterance)
			if file != "" {
				sound, err := clip.Open(file, clip.Longest)
				if err != nil {
					return err
				}
				pcm = sound.PCM
			}
			engine, err := asr.OpenBuiltin(asr.Options{})
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, engine.Close()) }()
			rep, err := bench.Run(c.Context(), engine, pcm, utterances)
			if err != nil {
				return err
			}
			if asJSON {
				return json.NewEncoder(c.OutOrStdout()).Encode(rep)
			}
			_, err = fmt.Fprintf(c.OutOrStdout(), "one stream: real-time factor %.3f (%.3f of processor time)\nstreams per core: %.1f\nfinal transcript: p50 %.1f ms, p95 %.1f ms after the end\n",
				rep.RTF, rep.CPURTF, rep.StreamsPerCore, rep.FinalP50, rep.FinalP95)
			return err
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "one JSON object")
	c.Flags().StringVar(&file, "file", "", "recording to hear instead of the synthetic voice")
	c.Flags().IntVarP(&utterances, "utterances", "n", 12, "utterances per stream, 4 s each")
	return c
}
