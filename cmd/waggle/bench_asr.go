package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"waggle/asr"
	"waggle/asr/bench"
	"waggle/asr/dropin"
	"waggle/audio/clip"
)

// asrBench is what `waggle bench asr` is asked for.
type asrBench struct {
	json        bool
	file, model string
	peer        string
	utterances  int
	together    []int
	paths       int
}

// figuresASR is its report, with --model perhaps sherpa-onnx's beside it.
type figuresASR struct {
	Model string `json:"model"`
	bench.Report
	Peer   *bench.Peer   `json:"peer,omitempty"`
	Beside *bench.Beside `json:"beside,omitempty"`
}

func benchASRCommand() *cobra.Command {
	var b asrBench
	c := &cobra.Command{
		Use:   "asr [--json] [--file FILE] [--model DIR [--peer PYTHON]] [-n UTTERANCES]",
		Short: "Speed of the recogniser: real-time factor, streams per core, latency of the final transcript, allocations",
		Long: `Speed of the recogniser, alone and with many streams that share runs. With --model a model folder that sherpa-onnx
reads too is measured instead of the built-in one, and sherpa-onnx beside it in the same run when a Python that has
it is given (--peer) or found as python3.

"Streams per core" are streams served in real time: seconds of sound heard to the transcript by second of processor
time, for both programs alike. Other programs do not count, but a busy machine makes both dearer, Waggle more so:
whoever comes late misses the run of the others.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return b.run(c) },
	}
	c.Flags().BoolVar(&b.json, "json", false, "one JSON object")
	c.Flags().StringVar(&b.file, "file", "", "recording to hear instead of the synthetic voice")
	c.Flags().StringVar(&b.model, "model", "", "folder of a streaming model instead of the built-in recogniser")
	c.Flags().StringVar(&b.peer, "peer", "", "Python that has sherpa_onnx, to measure it with the same model")
	c.Flags().IntVarP(&b.utterances, "utterances", "n", 32, "utterances that are heard in all, 4 s each")
	c.Flags().IntSliceVar(&b.together, "together", []int{1, 4, 8, 16, 32, 64}, "how many streams are heard at once, one measurement each")
	c.Flags().IntVar(&b.paths, "paths", 1, "readings that the search of --model keeps; 1 is what sherpa-onnx does with CTC models")
	return c
}

func (b asrBench) check() error {
	switch {
	case b.utterances < 1 || b.utterances > 10000:
		return usagef("-n must be between 1 and 10000, got %d", b.utterances)
	case len(b.together) == 0 || slices.Min(b.together) < 1 || slices.Max(b.together) > 256:
		return usagef("--together takes numbers between 1 and 256")
	case b.peer != "" && b.model == "":
		return usagef("--peer needs --model: sherpa-onnx cannot read the built-in recogniser, but models/train/peers/pack_zipformer2.py dresses it so that it can")
	}
	return nil
}

func (b asrBench) run(c *cobra.Command) (err error) {
	if err := b.check(); err != nil {
		return err
	}
	ctx, out := c.Context(), c.OutOrStdout()
	pcm := bench.Voice(bench.Utterance)
	if b.file != "" {
		sound, err := clip.Open(b.file, clip.Longest)
		if err != nil {
			return err
		}
		pcm = sound.PCM
	}
	ear, err := b.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, ear.Close()) }()
	f := figuresASR{Model: "built in"}
	if f.Report, err = bench.Run(ctx, ear, pcm, b.utterances, b.together); err != nil {
		return err
	}
	if b.model != "" {
		f.Model = b.model
		if err := b.beside(ctx, &f, pcm); err != nil {
			return err
		}
	}
	if b.json {
		return json.NewEncoder(out).Encode(f)
	}
	return f.print(out)
}

// benchEar is a recogniser of either kind.
type benchEar interface {
	asr.Recognizer
	Close() error
}

func (b asrBench) open(ctx context.Context) (benchEar, error) {
	streams := slices.Max(b.together)
	if b.model == "" {
		return asr.OpenBuiltin(asr.Options{Streams: streams})
	}
	return dropin.Open(ctx, b.model, dropin.Options{Streams: streams, Paths: b.paths})
}

// beside measures sherpa-onnx where a Python has it. Without --peer it is left
// out in silence when there is none.
func (b asrBench) beside(ctx context.Context, f *figuresASR, pcm []int16) error {
	python := b.peer
	if python == "" {
		if python = "python3"; !bench.HasPeer(ctx, python) {
			return nil
		}
	}
	peer, err := bench.RunPeer(ctx, python, b.model, pcm, b.utterances, b.together)
	if err != nil {
		return err
	}
	against := f.Against(peer)
	f.Peer, f.Beside = &peer, &against
	return nil
}

func (f figuresASR) print(w io.Writer) error {
	var t strings.Builder
	fmt.Fprintf(&t, "model: %s, %.0f s of sound, %d cores\n", f.Model, f.AudioS, f.Cores)
	fmt.Fprintf(&t, "one stream: real-time factor %.4f (%.4f of processor time), %.2f allocations a frame\n", f.RTF, f.CPURTF, f.AllocsPerFrame)
	fmt.Fprintf(&t, "final transcript: p50 %.1f ms, p95 %.1f ms after the end\n", f.FinalP50, f.FinalP95)
	t.WriteString("streams per core, served in real time by processor time:\n")
	for i, d := range f.Together {
		fmt.Fprintf(&t, "%3d streams at once: %.1f", d.Streams, d.PerCore)
		if d.Batch > 0 {
			fmt.Fprintf(&t, ", %.1f share a run", d.Batch)
		}
		if f.Peer != nil {
			fmt.Fprintf(&t, "; sherpa-onnx %.1f (x %.2f)", f.Peer.Together[i].PerCore, f.Beside.Together[i])
		}
		t.WriteByte('\n')
	}
	if p := f.Peer; p != nil {
		fmt.Fprintf(&t, "sherpa-onnx %s: real-time factor %.4f (%.4f of processor time), final p50 %.1f ms\n", p.Version, p.RTF, p.CPURTF, p.FinalP50)
		fmt.Fprintf(&t, "beside it: x %.2f the speed of one stream, x %.2f its streams per core at best, x %.2f its streams per core one by one\n",
			f.Beside.Speed, f.Beside.StreamsPerCore, f.Beside.OverOne)
	}
	_, err := io.WriteString(w, t.String())
	return err
}
