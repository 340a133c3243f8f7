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
	)
	c := &cobra.Command{
		Use:   "dialog",
		Short: "Latency of a turn over the scripted conversations, without any sound",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if rounds < 1 {
				return usagef("--rounds must be 1 or more")
			}
			scripts, err := rehearse.Builtin()
			if err != nil {
				return err
			}
			report, _, err := rehearse.Measure(c.Context(), scripts, rounds, time.Now)
			if err != nil {
				return err
			}
			return printDialog(c, report, asJSON)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	c.Flags().IntVar(&rounds, "rounds", 5, "how often each conversation is played")
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
