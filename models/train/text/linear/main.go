// Command linear trains the linear classifier of intents:
//
//	go run ./models/train/text/linear -cross 4
//	go run ./models/train/text/linear && python models/train/manifest.py
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"

	"waggle/dialog/nlu"
)

func main() {
	from := flag.String("from", "dialog/nlu/data/train.tsv", "utterances: text<TAB>intent")
	to := flag.String("to", "models/builtin/text-zh-linear.gz", "weights to write")
	cross := flag.Int("cross", 0, "only cross-validate with so many folds, and print the figures")
	flag.Parse()
	do := func() error { return run(*from, *to) }
	if *cross > 1 {
		do = func() error { return validate(*from, *cross) }
	}
	if err := do(); err != nil {
		fmt.Fprintln(os.Stderr, "linear:", err)
		os.Exit(1)
	}
}

func run(from, to string) error {
	tsv, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := nlu.TrainLinear(&out, tsv); err != nil {
		return err
	}
	return os.WriteFile(to, out.Bytes(), 0o644)
}

func validate(from string, folds int) error {
	tsv, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	utterances, err := nlu.ReadUtterances(bytes.NewReader(tsv))
	if err != nil {
		return err
	}
	report, judged := nlu.CrossValidate(utterances, folds)
	for _, j := range judged {
		if j.Got != j.Intent {
			fmt.Printf("%s\t%s\t%s\n", j.Intent, j.Got, j.Text)
		}
	}
	fmt.Printf("%+v\n", report)
	return nil
}
