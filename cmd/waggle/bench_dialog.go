package main

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"waggle/dialog/rehearse"
)

// benchDialogCommand measures the turns of the scripted conversations.
func benchDialogCommand() *cobra.Command {
	var (
		asJSON bool
		rounds int
		set    = rehearse.Setting{Now: time.Now}
	)
	c := &cobra.Command{
		Use:   "dialog",
		Short: "Latency of a turn over the scripted conversations, without any sound",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if rounds < 1 || set.Products < 0 || set.Articles < 0 || max(set.Products, set.Articles) > 1_000_000 {
				return usagef("--rounds must be 1 or more, --products and --articles 0 to 1000000")
			}
			reader, err := servedReader()
			if err != nil {
				return err
			}
			set.Understander = reader
			scripts, err := rehearse.Builtin()
			if err != nil {
				return err
			}
			report, _, err := rehearse.Measure(c.Context(), scripts, rounds, set)
			if err != nil {
				return err
			}
			return printDialog(c, report, asJSON)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	c.Flags().IntVar(&rounds, "rounds", 5, "how often each conversation is played")
	c.Flags().IntVar(&set.Products, "products", 0, "so many products beside the demo shop's")
	c.Flags().IntVar(&set.Articles, "articles", 0, "so many entries of the question base beside the demo shop's")
	return c
}

func printDialog(c *cobra.Command, r rehearse.Report, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(c.OutOrStdout()).Encode(r)
	}
	_, err := fmt.Fprintf(c.OutOrStdout(), "%d of %d conversations passed; %d turns: p50 %.2f ms, p99 %.2f ms, max %.2f ms; start-up %.0f ms\n",
		r.Passed, r.Scripts, r.Turns, r.P50MS, r.P99MS, r.MaxMS, r.OpenMS)
	return err
}
