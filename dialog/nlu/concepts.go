package nlu

import (
	"bufio"
	"bytes"
	_ "embed"
	"slices"
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

// goodsConcepts are groups of wares: which ware it is says nothing about what
// is wanted.
var goodsConcepts = map[string]bool{"clothes": true, "shoes": true, "goods": true}

// ware stands for any ware. It lies in the private use area, so no text that a
// shopper writes holds it.
const ware = '\ue000'

// wareReplacer writes each ware as the one sign, longer names first.
func wareReplacer(groups []concept) *strings.Replacer {
	var words []string
	for _, c := range groups {
		if goodsConcepts[c.name] {
			words = append(words, c.words...)
		}
	}
	slices.SortStableFunc(words, func(a, b string) int { return len(b) - len(a) })
	pairs := make([]string, 0, 2*len(words))
	for _, w := range words {
		pairs = append(pairs, w, string(ware))
	}
	return strings.NewReplacer(pairs...)
}
