package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"waggle/tts"
	"waggle/tts/bench"
)

// benchTTS are the flags of `waggle bench tts`.
type benchTTS struct {
	asJSON      bool
	rounds      int
	model, peer string
	sentences   string
	voice       tts.Voice
}

// benchTTSCommand measures the real-time factor and the time to first audio.
func benchTTSCommand() *cobra.Command {
	var b benchTTS
	c := &cobra.Command{
		Use:   "tts [--model VOICE] [--peer PYTHON]",
		Short: "Speed of a voice on sentences of a shop, one at a time; with --peer beside sherpa-onnx on the same files",
		Args:  cobra.NoArgs,
		RunE:  func(c *cobra.Command, _ []string) error { return b.run(c.Context(), c.OutOrStdout()) },
	}
	f := c.Flags()
	f.BoolVar(&b.asJSON, "json", false, "print one JSON object")
	f.IntVar(&b.rounds, "rounds", 3, "how often to say every sentence")
	f.IntVar(&b.voice.Rate, "rate", 16000, "sample rate in Hz, 8000 or 16000")
	f.StringVar(&b.model, "model", "", "folder or .onnx of a voice (default: the built-in one)")
	f.StringVar(&b.voice.Name, "voice", "", "name or number of the speaker (default: the first)")
	f.StringVar(&b.peer, "peer", "", "a Python with sherpa_onnx, which says the same sentences with --model in turn")
	f.StringVar(&b.sentences, "sentences", "", "file with a sentence a line (default: what the robot of a shop says)")
	return c
}

func (b *benchTTS) run(ctx context.Context, out io.Writer) (err error) {
	switch {
	case b.rounds < 1:
		return usagef("--rounds must be at least 1, not %d", b.rounds)
	case b.peer != "" && b.model == "":
		return usagef("--peer needs --model: sherpa-onnx cannot read the built-in voice")
	}
	texts, err := b.texts()
	if err != nil {
		return err
	}
	s, err := openMouth(ctx, b.model, -1)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	var peer *bench.Peer
	if b.peer != "" {
		if peer, err = bench.StartPeer(ctx, b.peer, b.model); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, peer.Close()) }()
	}
	m, err := bench.Run(ctx, s, peer, texts, b.rounds, b.voice)
	if err != nil {
		return err
	}
	if b.asJSON {
		return json.NewEncoder(out).Encode(m)
	}
	_, err = io.WriteString(out, benchText(m))
	return err
}

func (b *benchTTS) texts() ([]tts.Text, error) {
	if b.sentences == "" {
		return tts.ShopSentences(), nil
	}
	f, err := os.Open(b.sentences)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var texts []tts.Text
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if line := strings.TrimSpace(lines.Text()); line != "" {
			texts = append(texts, tts.Text(line))
		}
	}
	return texts, lines.Err()
}

func benchText(m bench.Comparison) string {
	line := func(who string, s bench.Speed) string {
		return fmt.Sprintf("%-11s %d sentences, %.1f s of sound in %.1f s: real-time factor %.3f, of processor time %.3f; first audio after %.0f ms (median), %.0f ms (95 %%)\n",
			who, s.Sentences, s.AudioS, s.WallS, s.RTF, s.RTFCPU, s.FirstAudioP50, s.FirstAudioP95)
	}
	text := line("waggle", m.Speed)
	if m.Peer != nil {
		text += line("sherpa-onnx", *m.Peer)
		text += fmt.Sprintf("on the same texts sherpa-onnx takes %.2f times the time, %.2f times the processor time, %.2f times as long to the first audio\n", m.WallRatio, m.CPURatio, m.FirstRatio)
	}
	return text
}
