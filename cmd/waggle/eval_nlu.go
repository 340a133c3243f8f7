package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"waggle/dialog/nlu"
)

// evalNLUCommand measures the understanding of intents.
func evalNLUCommand() *cobra.Command {
	var (
		manifest, details string
		asJSON            bool
	)
	c := &cobra.Command{
		Use:   "nlu",
		Short: "Intents: accuracy, macro-F1 and out-of-scope recall on utterances (text intent)",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if manifest == "" {
				return usagef("--manifest FILE is needed: TSV with the columns text and intent")
			}
			utterances, err := readUtterances(manifest)
			if err != nil {
				return err
			}
			u, err := nlu.Open()
			if err != nil {
				return err
			}
			report, judged := nlu.Evaluate(u, utterances)
			if err := writeJudged(details, judged); err != nil {
				return err
			}
			if asJSON {
				return json.NewEncoder(c.OutOrStdout()).Encode(report)
			}
			_, err = fmt.Fprintf(c.OutOrStdout(), "%d utterances: accuracy %.3f, macro-F1 %.3f, out-of-scope recall %.3f, in scope kept %.3f\n",
				report.N, report.Accuracy, report.MacroF1, report.OOSRecall, report.InScope)
			return err
		},
	}
	c.Flags().StringVar(&manifest, "manifest", "", "TSV with a header: text, intent (oos for what is no business of a shop)")
	c.Flags().StringVar(&details, "details", "", "write a row for each utterance to this file")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	c.Flags().String("root", "", "unused: a manifest of texts names no files")
	return c
}

func readUtterances(path string) ([]nlu.Utterance, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	out, err := nlu.ReadUtterances(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s: no utterances", path)
	}
	return out, nil
}

// writeJudged writes text, intent, verdict and score; no path, no file.
func writeJudged(path string, judged []nlu.Judged) error {
	if path == "" {
		return nil
	}
	var rows strings.Builder
	rows.WriteString("text\tintent\tgot\tscore\n")
	for _, j := range judged {
		fmt.Fprintf(&rows, "%s\t%s\t%s\t%.3f\n", j.Text, j.Intent, j.Got, j.Score)
	}
	return os.WriteFile(path, []byte(rows.String()), 0o644)
}
