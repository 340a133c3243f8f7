package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"github.com/spf13/cobra"

	"waggle/models/pull"
)

// modelsPull fetches models of the catalogue.
func modelsPull(root func() (string, error)) *cobra.Command {
	var (
		asJSON bool
		from   string
	)
	c := &cobra.Command{
		Use: "pull NAME...", Short: "Fetch models of other projects into the data directory",
		Long: `Fetch models of other projects into the data directory. ` + "`waggle models list`" + ` shows their names, sizes and
licences. A broken transfer goes on where it stopped when the command is run again. What is fetched must have the sha256 of
the catalogue, or, where that knows none, the one of the first fetch, which data/models/models.lock keeps.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, names []string) error {
			entries, err := findEntries(names)
			if err != nil {
				return err
			}
			folder, err := root()
			if err != nil {
				return err
			}
			ctx, stop := signal.NotifyContext(c.Context(), os.Interrupt)
			defer stop()
			for _, e := range entries {
				if err := pullOne(ctx, c, e, folder, from, asJSON); err != nil {
					return err
				}
			}
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "one JSON object per model")
	c.Flags().StringVar(&from, "from", "", "a folder that holds the files already; nothing is fetched")
	return c
}

// findEntries looks all names up before the first is fetched.
func findEntries(names []string) ([]pull.Entry, error) {
	var entries []pull.Entry
	for _, name := range names {
		e, err := pull.Find(name)
		if errors.Is(err, pull.ErrUnknown) {
			return nil, usageError{err}
		}
		if err != nil {
			return nil, err
		}
		entries = append(entries, e)
	}
	return entries, nil
}

func pullOne(ctx context.Context, c *cobra.Command, e pull.Entry, root, from string, asJSON bool) error {
	bar := progressBar{out: c.ErrOrStderr(), live: isTerminal(c.ErrOrStderr())}
	got, err := pull.Model(ctx, e, root, pull.Options{From: from, Progress: bar.show})
	bar.end()
	if err != nil {
		return err
	}
	if asJSON {
		return json.NewEncoder(c.OutOrStdout()).Encode(struct {
			Name  string `json:"name"`
			Kind  string `json:"kind"`
			Files int    `json:"files"`
			Use   string `json:"use"`
		}{e.Name, e.Kind, len(got.Files), configLine(e)})
	}
	_, err = fmt.Fprintf(c.OutOrStdout(), "%s is here (%d files; licence: %s). To use it, put into waggle.yaml:\n  %s\n",
		e.Name, len(got.Files), e.Licence, configLine(e))
	return err
}

// configLine is what the configuration must say to use a model.
func configLine(e pull.Entry) string { return fmt.Sprintf("models: {%s: %s}", e.Kind, e.Name) }

// progressBar draws one line that is written over on a terminal, and a line
// every ten seconds anywhere else.
type progressBar struct {
	out   io.Writer
	live  bool
	begun time.Time
	file  string
	base  int64 // what an earlier try had fetched
	shown time.Time
	drawn bool
}

func (b *progressBar) show(p pull.Progress) {
	now := time.Now()
	if id := p.Step + p.File; id != b.file {
		b.end()
		b.file, b.begun, b.base, b.shown = id, now, p.Done, now
		if b.live {
			b.shown = time.Time{}
		}
	}
	every := 10 * time.Second
	if b.live {
		every = 200 * time.Millisecond
	}
	if now.Sub(b.shown) < every && (p.Done != p.Total || !b.live) {
		return
	}
	b.shown = now
	line := progressLine(p, b.base, now.Sub(b.begun))
	if b.live {
		fmt.Fprintf(b.out, "\r\x1b[K%s", line)
		b.drawn = true
		return
	}
	fmt.Fprintln(b.out, line)
}

// end finishes the line that was drawn last.
func (b *progressBar) end() {
	if b.drawn {
		fmt.Fprintln(b.out)
		b.drawn = false
	}
}

const barWidth = 24

// progressLine is such as "fetch model.tar.bz2 [=====>    ]  54 %  71.2 of 132.6 MB, 8.1 MB/s, 8 s left".
func progressLine(p pull.Progress, base int64, spent time.Duration) string {
	speed := 0.0
	if spent > 0 {
		speed = float64(p.Done-base) / spent.Seconds()
	}
	if p.Total <= 0 {
		return fmt.Sprintf("%s %s  %.1f MB, %.1f MB/s", p.Step, p.File, megabytes(p.Done), speed/1e6)
	}
	filled := int(int64(barWidth) * min(p.Done, p.Total) / p.Total)
	bar := make([]byte, barWidth)
	for i := range bar {
		bar[i] = ' '
		if i < filled {
			bar[i] = '='
		}
	}
	line := fmt.Sprintf("%s %s [%s] %3d %%  %.1f of %.1f MB", p.Step, p.File, bar, 100*p.Done/p.Total, megabytes(p.Done), megabytes(p.Total))
	if speed > 0 && p.Done < p.Total {
		left := time.Duration(float64(p.Total-p.Done) / speed * float64(time.Second))
		line += fmt.Sprintf(", %.1f MB/s, %s left", speed/1e6, left.Round(time.Second))
	}
	return line
}

func megabytes(n int64) float64 { return float64(n) / 1e6 }

// isTerminal reports whether a person watches w.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
