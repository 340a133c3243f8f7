package nlu

import (
	"bufio"
	"bytes"
	_ "embed"
	"strings"
)

//go:embed data/concepts.tsv
var conceptsTSV []byte

// concept is a group of words that mean much the same in a shop. Concepts let
// the classifier follow words that no training utterance has used.
type concept struct {
	name  string
	words []string
}

// concepts reads the embedded groups.
func readConcepts() []concept {
	var out []concept
	lines := bufio.NewScanner(bytes.NewReader(conceptsTSV))
	lines.Scan() // header
	for lines.Scan() {
		name, words, ok := strings.Cut(lines.Text(), "\t")
		if ok {
			out = append(out, concept{name, strings.Fields(words)})
		}
	}
	return out
}

// in returns the names of the concepts that a text touches.
func conceptsIn(groups []concept, text string) []string {
	var out []string
	for _, c := range groups {
		for _, w := range c.words {
			if strings.Contains(text, w) {
				out = append(out, c.name)
				break
			}
		}
	}
	return out
}
