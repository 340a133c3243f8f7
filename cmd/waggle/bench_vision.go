package main

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"waggle/vision/measure"
)

// benchPhotos are what a messenger passes on and what a phone takes.
var benchPhotos = []struct{ w, h int }{{1440, 1080}, {4032, 3024}}

func printVisionSpeed(w io.Writer, s measure.Speed, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(w).Encode(s)
	}
	fmt.Fprintf(w, "%.1f megapixels, one listing photo: verdict p50 %.0f ms, p95 %.0f ms; processor p50 %.0f ms, p95 %.0f ms:",
		s.Megapixel, s.VerdictP50, s.VerdictP95, s.CPUP50, s.CPUP95)
	for _, st := range s.Stages {
		fmt.Fprintf(w, " %s %.0f", st.Name, st.CPU)
	}
	_, err := fmt.Fprintf(w, " (%d photos)\n", s.Photos)
	return err
}

// benchVisionCommand measures how long one photo takes.
func benchVisionCommand() *cobra.Command {
	var (
		asJSON bool
		rounds int
	)
	c := &cobra.Command{
		Use:   "vision",
		Short: "Time to a verdict on a photo, and of each stage, one photo at a time",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if rounds < 1 {
				return usagef("--rounds must be at least 1, not %d", rounds)
			}
			for _, size := range benchPhotos {
				s, err := measure.Bench(c.Context(), size.w, size.h, rounds)
				if err != nil {
					return err
				}
				if err := printVisionSpeed(c.OutOrStdout(), s, asJSON); err != nil {
					return err
				}
			}
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object per size of photo")
	c.Flags().IntVar(&rounds, "rounds", 20, "how many photos")
	return c
}
