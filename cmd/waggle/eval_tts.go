package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"waggle/asr/eval"
	"waggle/tts"
	"waggle/tts/soundcheck"
)

// roundTripLabel goes with every figure of eval tts: voice and ear learned
// from the same recordings, so a low error rate says that they agree, not how
// people understand the voice.
const roundTripLabel = "round trip: built-in voice heard by the built-in recogniser, trained on the same recordings"

// voiceReport is what eval tts finds about one voice.
type voiceReport struct {
	Voice     string            `json:"voice"`
	RoundTrip eval.Report       `json:"round_trip"`
	Sound     soundcheck.Report `json:"sound"`
}

// evaluatedVoices is what eval tts --json prints: the figures of the first
// voice on top, those of all voices below.
type evaluatedVoices struct {
	eval.Report
	What   string        `json:"what"`
	Voices []voiceReport `json:"voices"`
}

// evalTTSCommand lets the recogniser write down what the voices say, and
// measures their sound.
func evalTTSCommand() *cobra.Command {
	var (
		asJSON                  bool
		manifest, details, name string
		rate                    int
	)
	c := &cobra.Command{
		Use:   "tts",
		Short: "Round trip: what the recogniser understands of the voices, and checks of their sound",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			texts, err := textsToSpeak(manifest)
			if err != nil {
				return err
			}
			reports, err := evalVoices(c.Context(), texts, name, rate, details)
			if err != nil {
				return err
			}
			if asJSON {
				return json.NewEncoder(c.OutOrStdout()).Encode(evaluatedVoices{reports[0].RoundTrip, roundTripLabel, reports})
			}
			return printVoices(c.OutOrStdout(), reports)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	c.Flags().StringVar(&manifest, "manifest", "", "TSV with the columns path and text: the texts to say (default: sentences of a shop)")
	c.Flags().StringVar(&details, "details", "", "write a row per sentence to this file")
	c.Flags().StringVar(&name, "voice", "", "who speaks (default: every voice)")
	c.Flags().IntVar(&rate, "rate", 16000, "sample rate of the round trip in Hz; 8000 is the telephone")
	return c
}

// evalVoices measures the voice of that name, or all when it is empty.
func evalVoices(ctx context.Context, texts []tts.Text, name string, rate int, details string) (reports []voiceReport, err error) {
	mouth, err := tts.OpenBuiltin(tts.Options{CacheBytes: -1})
	if err != nil {
		return nil, err
	}
	defer mouth.Close()
	names := mouth.Voices()
	if name != "" {
		if !slices.Contains(names, name) {
			return nil, usagef("no voice is called %q; there is %s", name, strings.Join(names, ", "))
		}
		names = []string{name}
	}
	note, done, err := roundTripDetails(details)
	if err != nil {
		return nil, err
	}
	for _, n := range names {
		r := voiceReport{Voice: n}
		if r.RoundTrip, err = roundTrip(ctx, mouth, texts, tts.Voice{Name: n, Rate: rate}, note); err != nil {
			return nil, err
		}
		if r.Sound, err = soundcheck.Run(ctx, mouth, texts, tts.Voice{Name: n}); err != nil {
			return nil, err
		}
		reports = append(reports, r)
	}
	return reports, done()
}

func printVoices(w io.Writer, reports []voiceReport) error {
	if _, err := fmt.Fprintln(w, roundTripLabel); err != nil {
		return err
	}
	for _, r := range reports {
		s := r.Sound
		_, err := fmt.Fprintf(w, `%s: %d sentences, CER %.3f (95 %% %.3f to %.3f), syllable error %.3f
  level     %.1f LUFS, peak %.1f dBFS, DC %.5f, %d clicks
  pitch     median %.0f Hz, 90 %% from %.0f to %.0f Hz; %.0f %% of the sound voiced, %.1f %% of that creaky
  tempo     %.1f syllables a second
  tones     %.0f %% of %d single syllables have the shape of their tone (by tone %.0f, %.0f, %.0f, %.0f %%)
`, r.Voice, r.RoundTrip.N, r.RoundTrip.CER, r.RoundTrip.CERLow, r.RoundTrip.CERHigh, r.RoundTrip.SyllableError,
			s.Loudness, s.Peak, s.DC, s.Clicks, s.F0, s.F0Low, s.F0High, 100*s.Voiced, 100*s.Creaky, s.Tempo,
			100*s.Tones.Right, s.Tones.Syllables,
			100*s.Tones.ByTone[0], 100*s.Tones.ByTone[1], 100*s.Tones.ByTone[2], 100*s.Tones.ByTone[3])
		if err != nil {
			return err
		}
	}
	return nil
}

func textsToSpeak(manifest string) ([]tts.Text, error) {
	if manifest == "" {
		return tts.ShopSentences(), nil
	}
	f, err := os.Open(manifest)
	if err != nil {
		return nil, usageError{err}
	}
	defer f.Close()
	items, err := eval.ReadManifest(f)
	if err != nil {
		return nil, usageError{fmt.Errorf("%s: %w", manifest, err)}
	}
	texts := make([]tts.Text, len(items))
	for i, item := range items {
		texts[i] = tts.Text(item.Text)
	}
	return texts, nil
}
