package main

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"waggle/asr"
	"waggle/asr/eval"
)

func TestHintsOfTheCommandLine(t *testing.T) {
	for hint, want := range map[string]asr.Hints{
		"": {}, "yesno": {Kind: asr.HintYesNo}, "digits": {Kind: asr.HintDigits}, "digits:4,11": {Kind: asr.HintDigits, Lengths: []int{4, 11}},
		"花瓶,茶杯": {Phrases: []string{"花瓶", "茶杯"}},
	} {
		hints, err := evalASROptions{hint: hint}.hints()
		if err != nil {
			t.Errorf("%q: %v", hint, err)
			continue
		}
		if got := hints(eval.Item{}); got.Kind != want.Kind || !slices.Equal(got.Phrases, want.Phrases) || !slices.Equal(got.Lengths, want.Lengths) {
			t.Errorf("%q: %+v", hint, got)
		}
	}
	for _, bad := range []string{"digits:four", "digits:0", "digits:-3"} {
		if _, err := (evalASROptions{hint: bad}).hints(); err == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
}

func TestConditionsThatContradictAreRefused(t *testing.T) {
	for name, o := range map[string]evalASROptions{
		"matrix and band": {matrix: true, condition: eval.Condition{Band: "phone"}}, "matrix and chart": {matrix: true, chart: "a.svg"},
		"chart as PNG": {chart: "a.png"}, "no such noise": {condition: eval.Condition{Noise: "pink"}}, "too much loss": {condition: eval.Condition{Loss: 80}},
	} {
		if err := o.check(); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

func TestMatrixComparesWithTheUndisturbedTelephone(t *testing.T) {
	var reports []eval.Report
	for i, c := range eval.Matrix()[:3] {
		reports = append(reports, eval.Report{Rates: eval.Rates{N: 9, CER: 0.1 * float64(1+i)}, Condition: c})
	}
	var b bytes.Buffer
	if err := printMatrix(&b, reports); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	if len(lines) != 4 || !strings.Contains(lines[3], "+50 %") {
		t.Errorf("\n%s", b.String())
	}
}
