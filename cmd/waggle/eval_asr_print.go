package main

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"

	"waggle/asr/eval"
)

func printASRReports(w io.Writer, reports []eval.Report, o evalASROptions) error {
	if o.matrix {
		if o.asJSON {
			return json.NewEncoder(w).Encode(reports)
		}
		return printMatrix(w, reports)
	}
	if o.asJSON {
		return json.NewEncoder(w).Encode(reports[0])
	}
	return printASRReport(w, reports[0])
}

// printMatrix prints a row a condition and a column a group. The increase is
// relative to the undisturbed telephone, where the condition is one.
func printMatrix(out io.Writer, reports []eval.Report) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprint(w, "condition\tn\tCER %\t95 %\tincrease\tsyllables %\tECE")
	for _, g := range reports[0].Groups {
		fmt.Fprintf(w, "\t%s", g.Name)
	}
	fmt.Fprintln(w)
	phone := 0.0
	for _, r := range reports {
		if r.Condition == (eval.Condition{Band: "phone"}) {
			phone = r.CER
		}
		increase := "-"
		if phone > 0 && r.Condition.Band == "phone" {
			increase = fmt.Sprintf("%+.0f %%", 100*(r.CER/phone-1))
		}
		fmt.Fprintf(w, "%s\t%d\t%.1f\t%.1f to %.1f\t%s\t%.1f\t%.3f", r.Condition, r.N, 100*r.CER, 100*r.CERLow, 100*r.CERHigh, increase,
			100*r.SyllableError, r.ECE)
		for _, g := range r.Groups {
			fmt.Fprintf(w, "\t%.1f", 100*g.CER)
		}
		fmt.Fprintln(w)
	}
	return w.Flush()
}

func printASRReport(out io.Writer, r eval.Report) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "%d recordings, %d characters, %s\nCER %.1f %% (95 %%: %.1f to %.1f)\nsyllable errors %.1f %%\nreal-time factor %.3f\n",
		r.N, r.Chars, r.Condition, 100*r.CER, 100*r.CERLow, 100*r.CERHigh, 100*r.SyllableError, r.RTF)
	if len(r.Groups) > 0 {
		fmt.Fprintln(w, "\ngroup\tn\tCER %\t95 %\tsyllables %")
	}
	for _, g := range r.Groups {
		fmt.Fprintf(w, "%s\t%d\t%.1f\t%.1f to %.1f\t%.1f\n", g.Name, g.N, 100*g.CER, 100*g.CERLow, 100*g.CERHigh, 100*g.SyllableError)
	}
	fmt.Fprintf(w, "\nconfidence: calibration error %.3f, Brier score %.3f\nconfidence\tn\tmean\tright\n", r.ECE, r.Brier)
	for _, b := range r.Reliability {
		if b.N > 0 {
			fmt.Fprintf(w, "%.1f to %.1f\t%d\t%.2f\t%.2f\n", b.From, b.To, b.N, b.Confidence, b.Right)
		}
	}
	return w.Flush()
}
