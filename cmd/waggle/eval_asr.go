package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"waggle/asr/eval"
)

func evalASRCommand() *cobra.Command {
	var manifest, root, details string
	var asJSON bool
	c := &cobra.Command{
		Use:   "asr --manifest FILE [--root DIR] [--json] [--details FILE]",
		Short: "Character error rate of the recogniser on labelled recordings",
		Long: "Character error rate of the recogniser on labelled recordings. The manifest is a TSV file with a header and the\n" +
			"columns path and text. Characters are counted after removing punctuation and spaces and writing numbers one way.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if manifest == "" {
				return usagef("--manifest is missing: a TSV file with the columns path and text")
			}
			items, err := readManifest(manifest)
			if err != nil {
				return err
			}
			rep, err := evalASR(c, items, root, details)
			if err != nil {
				return err
			}
			return printASRReport(c.OutOrStdout(), rep, asJSON)
		},
	}
	c.Flags().StringVar(&manifest, "manifest", "", "TSV file with the columns path and text")
	c.Flags().StringVar(&root, "root", ".", "folder that the paths are relative to")
	c.Flags().StringVar(&details, "details", "", "write one TSV row per recording to this file")
	c.Flags().BoolVar(&asJSON, "json", false, "one JSON object")
	return c
}

func readManifest(path string) ([]eval.Item, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	items, err := eval.ReadManifest(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return items, nil
}

func evalASR(c *cobra.Command, items []eval.Item, root, details string) (rep eval.Report, err error) {
	t, closeAll, err := openTranscriber()
	if err != nil {
		return rep, err
	}
	defer func() { err = errors.Join(err, closeAll()) }()
	if details == "" {
		return eval.Run(c.Context(), t, root, items, nil)
	}
	f, err := os.Create(details)
	if err != nil {
		return rep, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := fmt.Fprintln(f, "path\ttext\theard\tspoken\tconfidence\tchars\terrors\tsyllables\tsyllable_errors\taudio_s\twall_s"); err != nil {
		return rep, err
	}
	return eval.Run(c.Context(), t, root, items, func(d eval.Detail) error { return writeDetail(f, d) })
}

func writeDetail(w io.Writer, d eval.Detail) error {
	flat := strings.NewReplacer("\t", " ", "\n", " ")
	_, err := fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%.3f\t%d\t%d\t%d\t%d\t%.3f\t%.3f\n", flat.Replace(d.Path), flat.Replace(d.Text),
		d.Heard, d.Spoken, d.Confidence, d.Chars, d.Errors, d.Syllables, d.SylErrors, d.Audio.Seconds(), d.Wall.Seconds())
	return err
}

func printASRReport(w io.Writer, r eval.Report, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(w).Encode(r)
	}
	_, err := fmt.Fprintf(w, "%d recordings, %d characters\nCER %.1f %% (95 %%: %.1f to %.1f)\nsyllable errors %.1f %%\nreal-time factor %.3f\n",
		r.N, r.Chars, 100*r.CER, 100*r.CERLow, 100*r.CERHigh, 100*r.SyllableError, r.RTF)
	return err
}
