package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"waggle/audio"
	"waggle/audio/clip"
	"waggle/tts"
	"waggle/voice"
	"waggle/voice/bench"
	"waggle/voice/rtp"
)

// lineOptions are those of `bench call --profile`.
type lineOptions struct {
	profile, manifest, root string
	babble, quieter         float64
	limit                   int
}

// lineQuestions are what callers say, when no recordings are named.
func lineQuestions() []string {
	return append(benchQuestions(), "我要退货", "我收到的花瓶碎了", "我想改一下收货地址", "请帮我转人工", "这个杯子能放微波炉吗",
		"我的订单什么时候发货", "退款多久能到账", "我要投诉", "能便宜一点吗", "有没有大一点的尺码", "再说一遍", "不用了谢谢",
		"我的手机号是幺三八零零零零零零零一", "尾号是五六七八")
}

// runLine prints a report for each network, and how it compares with the clean one.
func (b *benchCall) runLine(c *cobra.Command, o lineOptions, asJSON bool) error {
	profiles := bench.Profiles()
	if o.profile != "all" {
		p, err := bench.ProfileNamed(o.profile)
		if err != nil {
			return usagef("%v", err)
		}
		if profiles = profiles[:1]; p.Name != profiles[0].Name {
			profiles = append(profiles, p)
		}
	}
	recordings, err := b.recordings(c.Context(), o)
	if err != nil {
		return err
	}
	config := bench.LineConfig{Recognizer: b.ear, NewVAD: func() (voice.ClosingVAD, error) { return b.vad.NewVAD() }, Recordings: recordings}
	var clean bench.LineReport
	for i, p := range profiles {
		config.Profile, config.Babble, config.Quieter = p, o.babble, o.quieter
		if i == 0 {
			config.Babble, config.Quieter = 0, 0 // what all else is compared with
		}
		rep, err := bench.RunLine(c.Context(), config)
		if err != nil {
			return err
		}
		if err := printLine(c.OutOrStdout(), rep, clean, p.Worse, asJSON); err != nil {
			return err
		}
		if i == 0 {
			clean = rep
		}
		if i == 0 && (o.babble != 0 || o.quieter != 0) { // the clean line, with the noise
			config.Babble, config.Quieter = o.babble, o.quieter
			if rep, err = bench.RunLine(c.Context(), config); err != nil {
				return err
			}
			if err := printLine(c.OutOrStdout(), rep, clean, 0, asJSON); err != nil {
				return err
			}
		}
	}
	return nil
}

func printLine(w io.Writer, r, clean bench.LineReport, most float64, asJSON bool) error {
	relative := 0.0
	if clean.CER > 0 {
		relative = r.CER/clean.CER - 1
	}
	if asJSON {
		return json.NewEncoder(w).Encode(struct {
			bench.LineReport
			Relative float64 `json:"relative"` // to the clean line
			Most     float64 `json:"allowed,omitempty"`
		}{r, relative, most})
	}
	_, err := fmt.Fprintf(w, "%-5s babble %2.0f dB, %2.0f dB quieter: CER %.3f (%+.0f %%; allowed %+.0f %%), asks again %.1f %%, invents %.1f %%; "+
		"%.1f %% of packets lost, MOS %.1f, %.2f utterances a recording, n = %d\n",
		r.Profile, r.Babble, r.Quieter, r.CER, 100*relative, 100*most, 100*r.Again, 100*r.Invented, 100*r.Loss, r.MOS, r.Pieces, r.N)
	return err
}

// recordings are those of a manifest, spread evenly, or questions in each of
// the built-in voices.
func (b *benchCall) recordings(ctx context.Context, o lineOptions) ([]bench.Recording, error) {
	if o.manifest == "" {
		return b.spoken(ctx)
	}
	items, err := readManifest(o.manifest)
	if err != nil {
		return nil, err
	}
	n := len(items)
	if o.limit > 0 {
		n = min(n, o.limit)
	}
	var out []bench.Recording
	for i := range n {
		item := items[i*len(items)/n]
		path := item.Path
		if !filepath.IsAbs(path) {
			path = filepath.Join(o.root, path)
		}
		sound, err := clip.Open(path, clip.Longest)
		if err != nil {
			return nil, err
		}
		pcm, err := audio.Resample(sound.PCM, 2*rtp.Rate, rtp.Rate)
		if err != nil {
			return nil, err
		}
		out = append(out, bench.Recording{PCM: pcm, Text: item.Text})
	}
	return out, nil
}

func (b *benchCall) spoken(ctx context.Context) ([]bench.Recording, error) {
	var out []bench.Recording
	for _, name := range b.mouth.Voices() {
		for _, q := range lineQuestions() {
			r := bench.Recording{Text: q}
			err := b.mouth.Speak(ctx, tts.Text(q), tts.Voice{Name: name, Rate: rtp.Rate}, func(f audio.Frame) error {
				r.PCM = append(r.PCM, f.PCM...)
				return nil
			})
			if err != nil {
				return nil, errors.Join(fmt.Errorf("bench: speak %q", q), err)
			}
			out = append(out, r)
		}
	}
	return out, nil
}
