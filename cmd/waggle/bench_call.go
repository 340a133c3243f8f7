package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"waggle/asr"
	"waggle/audio"
	"waggle/audio/clip"
	"waggle/dialog"
	"waggle/dialog/flow"
	"waggle/shop/demo"
	"waggle/tts"
	"waggle/voice"
	"waggle/voice/bench"
)

// benchQuestions are what the simulated callers ask, each in turn; the
// callers are the first customers of the demo shop.
func benchQuestions() []string {
	return []string{"我的快递到哪了", "帮我催一下", "能开发票吗", "什么时候能送到", "有什么优惠吗", "我的订单发货了吗", "运费谁出"}
}

func benchCallers() (numbers []string) {
	for n := range 20 {
		numbers = append(numbers, fmt.Sprintf("138000000%02d", n+1))
	}
	return numbers
}

// benchCallCommand measures whole calls: ear, dialog, voice and line.
func benchCallCommand() *cobra.Command {
	var (
		asJSON       bool
		calls, turns int
		file         string
		cache        bool
		uploads      int
		network      lineOptions
	)
	c := &cobra.Command{
		Use:   "call",
		Short: "Hold calls at once with the demo shop: time to the answer, barge-in, CPU and memory",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) (err error) {
			if calls < 1 || turns < 1 {
				return usagef("--calls and --turns must be at least 1")
			}
			b, err := openBenchCall(calls, cache)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, b.Close()) }()
			if network.profile != "" {
				return b.runLine(c, network, asJSON)
			}
			config := bench.Config{Calls: calls, Turns: turns, Babble: network.babble, From: benchCallers()}
			if uploads > 0 {
				return b.beside(c, config, uploads, file, asJSON)
			}
			rep, err := b.run(c.Context(), config, file)
			if err != nil {
				return err
			}
			if asJSON {
				return json.NewEncoder(c.OutOrStdout()).Encode(rep)
			}
			return printBenchCall(c.OutOrStdout(), rep)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	c.Flags().IntVar(&calls, "calls", 1, "calls at once")
	c.Flags().IntVar(&turns, "turns", 6, "questions per call")
	c.Flags().StringVar(&file, "file", "", "recording of a question to ask instead of those of the built-in voice")
	c.Flags().StringVar(&network.profile, "profile", "", "instead of holding calls, measure what is understood over a network: clean, P1, P2, P3, P4 or all")
	c.Flags().Float64Var(&network.babble, "babble", 0, "mix other voices into what the callers send, so many dB below their speech")
	c.Flags().Float64Var(&network.quieter, "quieter", 0, "with --profile: turn the speech down by so many dB")
	c.Flags().StringVar(&network.manifest, "manifest", "", "with --profile: TSV with the columns path and text (default: questions in the built-in voices)")
	c.Flags().StringVar(&network.root, "root", ".", "folder that the manifest's paths are relative to")
	c.Flags().IntVar(&network.limit, "limit", 0, "at most so many recordings of the manifest, spread evenly")
	c.Flags().IntVar(&uploads, "uploads", 0, "hold the calls twice: alone, and while so many photos of 12 megapixels are being uploaded all the time")
	c.Flags().BoolVar(&cache, "cache", false, "let the voice keep what it has said before, as serve does")
	return c
}

// printBenchCall prints a report for people.
func printBenchCall(out io.Writer, r bench.Report) error {
	s := r.Stages
	_, err := fmt.Fprintf(out, "%d calls at once, %d answers, %d unanswered, %d failed\n"+
		"end of speech to first reply packet: p50 %.0f ms, p95 %.0f ms\n"+
		"  of which on average: line %.0f, endpoint %.0f, final words %.0f, dialog %.1f, voice %.0f, playout %.0f ms\n"+
		"barge-in to silence: p50 %.0f ms, p95 %.0f ms (%d), robots paused %d times\n%.2f of %d cores, %.0f MiB, %.0f s\n",
		r.Calls, r.Answers, r.Unanswered, r.Failed, r.LatencyP50, r.LatencyP95,
		s.Line.Mean, s.Endpoint.Mean, s.Final.Mean, s.Answer.Mean, s.Voice.Mean, s.Playout.Mean,
		r.BargeInP50, r.BargeInP95, r.BargeIns, r.Pauses, r.CPU, r.Cores, r.MemoryMiB, r.Seconds)
	return err
}

// benchCall holds the models of the measurement.
type benchCall struct {
	ear   *asr.Engine
	vad   *asr.VADModel
	mouth *tts.Engine
}

func openBenchCall(calls int, cache bool) (b *benchCall, err error) {
	b = &benchCall{}
	var o tts.Options
	if !cache {
		o.CacheBytes = -1
	}
	if b.ear, err = asr.OpenBuiltin(asr.Options{Streams: calls}); err != nil {
		return nil, err
	}
	if b.vad, err = asr.OpenVAD(); err != nil {
		return nil, errors.Join(err, b.ear.Close())
	}
	if b.mouth, err = tts.OpenBuiltin(o); err != nil {
		return nil, errors.Join(err, b.vad.Close(), b.ear.Close())
	}
	return b, nil
}

func (b *benchCall) Close() error {
	return errors.Join(b.mouth.Close(), b.vad.Close(), b.ear.Close())
}

// run joins the models with the demo shop and holds the calls.
func (b *benchCall) run(ctx context.Context, c bench.Config, file string) (bench.Report, error) {
	shop, err := demo.Open(demo.Options{})
	if err != nil {
		return bench.Report{}, err
	}
	engine, err := flow.Open(ctx, dialog.Options{Shop: shop})
	if err != nil {
		return bench.Report{}, err
	}
	c.Reception, err = voice.NewReception(ctx, voice.Parts{
		Recognizer: b.ear, NewVAD: func() (voice.ClosingVAD, error) { return b.vad.NewVAD() }, Mouth: b.mouth,
		Brain: dialog.NewConversations(engine, dialog.NewMemoryLog()),
	})
	if err != nil {
		return bench.Report{}, err
	}
	if c.Utterances, err = b.utterances(ctx, file); err != nil {
		return bench.Report{}, err
	}
	return bench.Run(ctx, c)
}

// utterances are the recording, or the questions in the built-in voice.
func (b *benchCall) utterances(ctx context.Context, file string) ([][]int16, error) {
	if file != "" {
		sound, err := clip.Open(file, clip.Longest)
		if err != nil {
			return nil, err
		}
		pcm, err := audio.Resample(sound.PCM, 16000, 8000)
		return [][]int16{pcm}, err
	}
	var all [][]int16
	for _, q := range benchQuestions() {
		var pcm []int16
		err := b.mouth.Speak(ctx, tts.Text(q), tts.Voice{Rate: 8000}, func(f audio.Frame) error {
			pcm = append(pcm, f.PCM...)
			return nil
		})
		if err != nil {
			return nil, err
		}
		all = append(all, pcm)
	}
	return all, nil
}
