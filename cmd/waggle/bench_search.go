package main

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"waggle/vision/search/measure"
)

// benchSearchCommand measures the index that photos are searched in.
func benchSearchCommand() *cobra.Command {
	var (
		asJSON bool
		o      measure.BenchOptions
	)
	c := &cobra.Command{
		Use:   "search",
		Short: "Speed, recall and memory of the index that photos are searched in",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if o.Vectors < 1000 || o.Dim < 8 || o.Dim%4 != 0 || o.Queries < 1 || o.Queries > o.Vectors/4 {
				return usagef("--vectors from 1000, --dim from 8 in fours, --queries from 1 to a quarter of the vectors")
			}
			if !asJSON {
				o.Log = func(f string, args ...any) { fmt.Fprintf(c.ErrOrStderr(), f+"\n", args...) }
			}
			s, err := measure.Bench(c.Context(), o)
			if err != nil {
				return err
			}
			if asJSON {
				return json.NewEncoder(c.OutOrStdout()).Encode(s)
			}
			return printSpeed(c.OutOrStdout(), s)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	c.Flags().IntVar(&o.Vectors, "vectors", 100_000, "how many; a million takes some ten minutes to build")
	c.Flags().IntVar(&o.Dim, "dim", 512, "numbers of a vector; the built-in network and the colours give 403")
	c.Flags().IntVar(&o.Queries, "queries", 200, "how many searches are timed")
	c.Flags().StringVar(&o.Peer, "peer", "", "a Python with hnswlib or faiss, to measure on the same vectors")
	return c
}

func printSpeed(w io.Writer, s measure.Speed) error {
	line := func(name string, t measure.Timing, build float64, bytes int64, width int) error {
		_, err := fmt.Fprintf(w, "%-16s p50 %.2f ms, p95 %.2f ms, CPU %.2f ms, recall@10 %.4f, built in %.0f CPU s, %d MB a million, width %d\n",
			name, t.P50, t.P95, t.CPU, t.Recall, build, bytes>>20, width)
		return err
	}
	if _, err := fmt.Fprintf(w, "%d vectors of %d numbers, ten nearest, one thread\n", s.Vectors, s.Dim); err != nil {
		return err
	}
	if err := line("waggle graph", s.Graph, s.BuildCPU, s.BytesPerMillion, s.Width); err != nil {
		return err
	}
	if err := line("waggle exact", s.Exact, 0, s.BytesPerMillion, 0); err != nil {
		return err
	}
	for _, p := range s.Peers {
		if err := line(p.Name, p.Timing, p.BuildCPU, p.Bytes, p.Width); err != nil {
			return err
		}
	}
	return nil
}
