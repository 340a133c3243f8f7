package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"waggle/config"
	"waggle/dialog/flow"
	"waggle/dialog/knowledge"
	"waggle/dialog/knowledge/ingest"
	"waggle/store"
)

// knowledgeCommand brings a merchant's documents and answers into the data
// directory. A gateway that runs on it takes them over within seconds.
func knowledgeCommand() *cobra.Command {
	var path string
	c := &cobra.Command{Use: "knowledge", Short: "Import documents, pin answers, see what nothing answered"}
	c.PersistentFlags().StringVar(&path, "config", "", "configuration file, for its data_dir (default waggle.yaml, if there is one)")
	with := func(do func(*cobra.Command, *knowledge.Library, []string) error) func(*cobra.Command, []string) error {
		return func(c *cobra.Command, args []string) (err error) {
			cfg, err := config.Load(path, os.LookupEnv)
			if err != nil {
				return usageError{err}
			}
			if err := os.MkdirAll(cfg.DataDir, 0o700); err != nil {
				return err
			}
			s, err := store.Open(c.Context(), cfg.DataDir)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, s.Close()) }()
			l, err := knowledge.Open(c.Context(), nil, s.Knowledge())
			if err != nil {
				return err
			}
			return do(c, l, args)
		}
	}
	c.AddCommand(
		knowledgeImport(with),
		&cobra.Command{Use: "list", Short: "List documents and pinned answers", Args: cobra.NoArgs, RunE: with(listKnowledge)},
		&cobra.Command{Use: "remove DOCUMENT", Short: "Forget a document", Args: cobra.ExactArgs(1),
			RunE: with(func(c *cobra.Command, l *knowledge.Library, args []string) error {
				return l.RemoveDocument(c.Context(), args[0])
			})},
		&cobra.Command{Use: "pin QUESTION ANSWER", Short: "Set the answer to a question, before everything else", Args: cobra.ExactArgs(2),
			RunE: with(func(c *cobra.Command, l *knowledge.Library, args []string) error {
				p, err := l.Pin(c.Context(), args[0], args[1])
				if errors.Is(err, knowledge.ErrInvalid) {
					return usageError{err}
				}
				if err != nil {
					return err
				}
				_, err = fmt.Fprintln(c.OutOrStdout(), p.ID)
				return err
			})},
		&cobra.Command{Use: "unpin ID", Short: "Take a pinned answer back", Args: cobra.ExactArgs(1),
			RunE: with(func(c *cobra.Command, l *knowledge.Library, args []string) error {
				return l.RemovePin(c.Context(), args[0])
			})},
		&cobra.Command{Use: "questions", Short: "Questions of the last 30 days that nothing answered, grouped", Args: cobra.NoArgs, RunE: with(listQuestions)},
	)
	return c
}

type withLibrary = func(func(*cobra.Command, *knowledge.Library, []string) error) func(*cobra.Command, []string) error

func knowledgeImport(with withLibrary) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "import PATH...", Short: "Import documents (.md .txt .html .docx .pdf), or all of a folder",
		Long: "Import documents (.md .txt .html .docx .pdf), or all of a folder, and report what was understood. A document takes the place of one\nof the same name; one that cannot be read changes nothing, and the others are imported nevertheless.",
		Args: cobra.MinimumNArgs(1),
		RunE: with(func(c *cobra.Command, l *knowledge.Library, paths []string) error {
			var failed []error
			for _, path := range paths {
				files, err := documents(path)
				if err != nil {
					failed = append(failed, err)
				}
				for _, file := range files {
					if err := importFile(c, l, file, asJSON); err != nil {
						failed = append(failed, err)
					}
				}
			}
			return errors.Join(failed...)
		}),
	}
	c.Flags().BoolVar(&asJSON, "json", false, "one JSON object per document, with its passages")
	return c
}

// documents lists the files of a folder that can be read, or the file itself.
func documents(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return []string{path}, nil
	}
	var files []string
	err = filepath.WalkDir(path, func(p string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && ingest.Knows(p) {
			files = append(files, p)
		}
		return err
	})
	if err == nil && len(files) == 0 {
		err = fmt.Errorf("%s holds no document that can be read: .md, .txt, .html, .docx, .pdf", path)
	}
	return files, err
}

func importFile(c *cobra.Command, l *knowledge.Library, path string, asJSON bool) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, ingest.DefaultLimits().Bytes+1))
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	d, err := l.Import(c.Context(), filepath.Base(path), raw)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if asJSON {
		return json.NewEncoder(c.OutOrStdout()).Encode(d)
	}
	questions := 0
	for _, p := range d.Passages {
		questions += min(len(p.Questions), 1)
	}
	fmt.Fprintf(c.OutOrStdout(), "%s: %d characters, %d passages, %d of them answers to questions\n", d.Name, d.Runes, len(d.Passages), questions)
	for _, w := range d.Warnings {
		fmt.Fprintf(c.OutOrStdout(), "  %s\n", w)
	}
	return nil
}

func listKnowledge(c *cobra.Command, l *knowledge.Library, _ []string) error {
	h := l.Holdings()
	for _, d := range h.Documents {
		fmt.Fprintf(c.OutOrStdout(), "document  %s  %d passages, %s\n", d.Name, len(d.Passages), d.Imported.Format(time.DateOnly))
	}
	for _, p := range h.Pins {
		fmt.Fprintf(c.OutOrStdout(), "pin       %s  %s -> %s\n", p.ID, p.Question, p.Answer)
	}
	return nil
}

func listQuestions(c *cobra.Command, l *knowledge.Library, _ []string) error {
	const days = 30
	drafts, err := l.Drafts(c.Context(), time.Now().AddDate(0, 0, -days))
	if err != nil {
		return err
	}
	for _, d := range drafts {
		fmt.Fprintf(c.OutOrStdout(), "%4d  %s\n", d.Times, d.Question)
		for _, o := range d.Others {
			fmt.Fprintf(c.OutOrStdout(), "        %s\n", o.Text)
		}
	}
	return nil
}

// followKnowledge has the library read by meaning, and takes over what `waggle
// knowledge` does beside a running gateway.
func (g *gateway) followKnowledge(ctx context.Context) error {
	if err := flow.ByMeaning(ctx, g.library, g.meaning); err != nil && ctx.Err() == nil {
		g.log.Warn("questions are searched by words alone", "err", err)
	}
	tick := time.NewTicker(3 * time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if err := g.library.Refresh(ctx); err != nil && ctx.Err() == nil {
				g.log.Warn("knowledge cannot be read again", "err", err)
			}
		}
	}
}
