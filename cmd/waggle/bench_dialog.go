package main

import (
	"encoding/json"
	"fmt"
	"os"
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

// evalDialogCommand plays scripted conversations and counts those that end
// with the right words and the right records.
func evalDialogCommand() *cobra.Command {
	var (
		asJSON   bool
		manifest string
	)
	c := &cobra.Command{
		Use:   "dialog",
		Short: "Task success of scripted conversations, by what is said and by the final records",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			scripts, err := rehearse.Builtin()
			if manifest != "" {
				scripts, err = rehearse.Load(os.DirFS(manifest))
			}
			if err != nil {
				return err
			}
			report, verdicts, err := rehearse.Measure(c.Context(), scripts, 1, time.Now)
			if err != nil {
				return err
			}
			for _, v := range verdicts {
				if v.Err != "" {
					fmt.Fprintln(c.ErrOrStderr(), v.Err)
				}
			}
			return printDialog(c, report, asJSON)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	c.Flags().StringVar(&manifest, "manifest", "", "folder of *.yaml scripts instead of the built-in ones")
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
