package main

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"waggle/dialog"
	"waggle/store"
)

// callsCommand shows the conversations that were held; also while serve runs.
func callsCommand() *cobra.Command {
	var (
		asJSON bool
		dir    string
		limit  int
	)
	c := &cobra.Command{
		Use: "calls", Short: "Show the latest conversations, newest last", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if limit < 1 {
				return usagef("--limit must be at least 1, not %d", limit)
			}
			return withStore(c.Context(), dir, func(s *store.Store) error {
				records, err := s.Calls(c.Context(), limit)
				if err != nil {
					return err
				}
				for _, r := range records {
					if asJSON {
						err = json.NewEncoder(c.OutOrStdout()).Encode(r)
					} else {
						err = printRecord(c.OutOrStdout(), r)
					}
					if err != nil {
						return err
					}
				}
				return nil
			})
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object per conversation")
	c.Flags().StringVar(&dir, "data", "", "data directory (default data_dir of the configuration)")
	c.Flags().IntVar(&limit, "limit", 50, "how many")
	return c
}

func printRecord(out io.Writer, r dialog.Record) error {
	outcome := r.Outcome
	if outcome == "" {
		outcome = "in progress"
	}
	fmt.Fprintf(out, "%s  %s  %s %s  %s\n", r.Started.Local().Format(time.DateTime), r.Call, r.Door, r.From, outcome)
	for _, t := range r.Turns {
		if t.User != "" {
			fmt.Fprintf(out, "    > %s\n", t.User)
		}
		if t.Reply != "" {
			fmt.Fprintf(out, "      %s\n", t.Reply)
		}
	}
	for _, x := range r.Transfers {
		fmt.Fprintf(out, "    person by phone: %s %s, waited %.1f s, talked %.0f s\n", x.State, x.Way, float64(x.WaitMS)/1000, float64(x.TalkMS)/1000)
	}
	if q := r.Line; q != nil {
		fmt.Fprintf(out, "    line: %s, MOS %.1f, loss %.1f%%, jitter %.0f ms, round trip %.0f ms\n", q.Codec, q.MOS, 100*q.Loss, q.JitterMS, q.RoundTripMS)
	}
	_, err := fmt.Fprintln(out)
	return err
}
