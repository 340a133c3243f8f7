package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"text/tabwriter"

	"waggle/dialog/nlu"
)

// evalMoods measures how well the mood of a text is read.
func evalMoods(w io.Writer, manifest, reader string, asJSON bool) error {
	f, err := os.Open(manifest)
	if err != nil {
		return err
	}
	defer f.Close()
	feelings, err := nlu.ReadFeelings(f)
	if err != nil {
		return fmt.Errorf("%s: %w", manifest, err)
	}
	if len(feelings) == 0 {
		return fmt.Errorf("%s: no utterances", manifest)
	}
	u, err := readerNamed(reader)
	if err != nil {
		return err
	}
	r := nlu.EvaluateMoods(u, feelings)
	if asJSON {
		return json.NewEncoder(w).Encode(r)
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "%d utterances: emotion %.3f right, macro-F1 %.3f; sentiment %.3f right\n\nmeant", r.N, r.Emotion, r.MacroF1, r.Sentiment)
	emotions := []nlu.Emotion{nlu.Calm, nlu.Angry, nlu.Anxious, nlu.Satisfied}
	for _, e := range emotions {
		fmt.Fprintf(t, "\t%s", e)
	}
	fmt.Fprintln(t)
	for _, meant := range emotions {
		fmt.Fprint(t, meant)
		for _, got := range emotions {
			fmt.Fprintf(t, "\t%d", r.Confusion[meant][got])
		}
		fmt.Fprintln(t)
	}
	return t.Flush()
}
