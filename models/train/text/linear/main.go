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
	double := flag.String("clauses", "dialog/nlu/data/clauses.tsv", "sentences with one question or several: text<TAB>intents joined by +")
	cross := flag.Int("cross", 0, "only cross-validate with so many folds, and print the figures")
	flag.Parse()
	do := func() error { return run(*from, *double, *to) }
	if *cross > 1 {
		do = func() error { return validate(*from, *double, *cross) }
	}
	if err := do(); err != nil {
		fmt.Fprintln(os.Stderr, "linear:", err)
		os.Exit(1)
	}
}

func run(from, double, to string) error {
	tsv, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	clauses, err := os.ReadFile(double)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := nlu.TrainLinear(&out, tsv, clauses); err != nil {
		return err
	}
	return os.WriteFile(to, out.Bytes(), 0o644)
}

func validate(from, double string, folds int) error {
	utterances, err := read(from)
	if err != nil {
		return err
	}
	sentences, err := read(double)
	if err != nil {
		return err
	}
	parted, wrong := nlu.CrossValidateClauses(utterances, sentences, folds)
	report, judged := nlu.CrossValidate(utterances, folds)
	for _, j := range append(judged, wrong...) {
		if j.Got != j.Intent {
			fmt.Printf("%s\t%s\t%s\n", j.Intent, j.Got, j.Text)
		}
	}
	fmt.Printf("%+v\n%+v\n", report, parted)
	return nil
}

func read(path string) ([]nlu.Utterance, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return nlu.ReadUtterances(f)
}
