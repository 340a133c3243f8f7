package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sys/unix"

	"waggle/dialog/nlu"
)

// evalNLUCommand measures the understanding of intents.
func evalNLUCommand() *cobra.Command {
	var (
		manifest, details, reader string
		asJSON, clauses, moods    bool
	)
	c := &cobra.Command{
		Use:   "nlu",
		Short: "Intents: accuracy, macro-F1 and out-of-scope recall on utterances (text intent)",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if manifest == "" {
				return usagef("--manifest FILE is needed: TSV with the columns text and intent")
			}
			if moods {
				return evalMoods(c.OutOrStdout(), manifest, reader, asJSON)
			}
			utterances, err := readUtterances(manifest)
			if err != nil {
				return err
			}
			u, err := readerNamed(reader)
			if err != nil {
				return err
			}
			if clauses {
				return printClauses(c.OutOrStdout(), details, asJSON, u, utterances)
			}
			begin, cpu := time.Now(), processorTime()
			report, judged := nlu.Evaluate(u, utterances)
			took := turnCost{Wall: perTurn(time.Since(begin), len(utterances)), CPU: perTurn(processorTime()-cpu, len(utterances))}
			if err := writeJudged(details, judged); err != nil {
				return err
			}
			if asJSON {
				return json.NewEncoder(c.OutOrStdout()).Encode(struct {
					nlu.Report
					Reader  string          `json:"reader"`
					Turn    turnCost        `json:"ms_per_turn"`
					Intents []nlu.PerIntent `json:"intents"`
				}{report, reader, took, nlu.Table(judged)})
			}
			return printNLU(c.OutOrStdout(), report, judged, took)
		},
	}
	c.Flags().StringVar(&manifest, "manifest", "", "TSV with a header: text, intent (oos for what is no business of a shop; several joined by +)")
	c.Flags().StringVar(&details, "details", "", "write a row for each utterance to this file")
	c.Flags().StringVar(&reader, "reader", "linear", "who reads: linear (as the gateway does), encoder, or both")
	c.Flags().BoolVar(&clauses, "clauses", false, "measure how sentences part: intents joined by + are those of its questions, in order")
	c.Flags().BoolVar(&moods, "moods", false, "measure moods: the manifest has the columns text, sentiment and emotion")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	c.Flags().String("root", "", "unused: a manifest of texts names no files")
	return c
}

// turnCost is what a turn takes, in milliseconds.
type turnCost struct {
	Wall float64 `json:"wall"`
	CPU  float64 `json:"cpu"`
}

func perTurn(d time.Duration, n int) float64 {
	return float64(d.Microseconds()) / 1000 / float64(max(1, n))
}

// processorTime is what the process has used of the processor so far.
func processorTime() time.Duration {
	var r unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &r); err != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

func printClauses(w io.Writer, details string, asJSON bool, u *nlu.Understander, utterances []nlu.Utterance) error {
	r, wrong := nlu.EvaluateClauses(u, utterances)
	if err := writeJudged(details, wrong); err != nil {
		return err
	}
	if asJSON {
		return json.NewEncoder(w).Encode(r)
	}
	_, err := fmt.Fprintf(w, "one question kept whole %d of %d, several parted %d of %d, all intents right %d of %d\n",
		r.KeptWhole, r.One, r.Parted, r.More, r.Exact, r.One+r.More)
	return err
}

// mostConfusions is how many are printed.
const mostConfusions = 15

func printNLU(w io.Writer, r nlu.Report, judged []nlu.Judged, took turnCost) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "%d utterances: accuracy %.3f, macro-F1 %.3f, out-of-scope recall %.3f (%.3f where 95 %% of business is kept), in scope kept %.3f\n",
		r.N, r.Accuracy, r.MacroF1, r.OOSRecall, r.At95, r.InScope)
	fmt.Fprintf(t, "a turn: %.2f ms, %.2f ms of processor time\n\nintent\tn\tprecision\trecall\tF1\n", took.Wall, took.CPU)
	table := nlu.Table(judged)
	slices.SortStableFunc(table, func(a, b nlu.PerIntent) int { return cmp.Compare(a.F1, b.F1) })
	for _, p := range table {
		fmt.Fprintf(t, "%s\t%d\t%.2f\t%.2f\t%.2f\n", p.Intent, p.N, p.Precision, p.Recall, p.F1)
	}
	confusions := nlu.Confusions(judged)
	if len(confusions) > 0 {
		fmt.Fprintln(t, "\nmeant\ttaken for\ttimes")
	}
	for _, x := range confusions[:min(len(confusions), mostConfusions)] {
		fmt.Fprintf(t, "%s\t%s\t%d\n", x.Intent, x.Got, x.N)
	}
	return t.Flush()
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
