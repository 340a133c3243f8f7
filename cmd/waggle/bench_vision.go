package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"waggle/vision/inspect"
	"waggle/vision/measure"
)

// benchVisionCommand measures how long one photo takes.
func benchVisionCommand() *cobra.Command {
	var (
		asJSON bool
		rounds int
	)
	c := &cobra.Command{
		Use:   "vision",
		Short: "Speed of the eyes on photos of 12 megapixels, one at a time",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if rounds < 1 {
				return usagef("--rounds must be at least 1, not %d", rounds)
			}
			eyes, err := inspect.Open(inspect.Options{})
			if err != nil {
				return err
			}
			defer eyes.Close()
			s, err := measure.Bench(c.Context(), eyes, rounds)
			if err != nil {
				return err
			}
			if asJSON {
				return json.NewEncoder(c.OutOrStdout()).Encode(s)
			}
			_, err = fmt.Fprintf(c.OutOrStdout(), "%.0f megapixels: decode %.0f ms, inspect %.0f ms, with a listing photo %.0f ms (medians of %d); %.2f photos a second\n",
				s.Megapixel, s.DecodeP50, s.InspectP50, s.CompareP50, s.Photos, s.PerSecond)
			return err
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	c.Flags().IntVar(&rounds, "rounds", 20, "how many photos")
	return c
}
