package mandarin

import (
	_ "embed"
	"strings"
	"sync"
	"unicode/utf8"
)

// A word, of one character mostly, may be read in several ways that only its
// neighbours tell: 还 is hai2, but huan2 in 该还多少. contexts.tsv holds, per word,
// the readings and what must stand before and after it.

//go:embed contexts.tsv
var contextsTSV string

// context is one line of the table. Empty sides fit everything.
type context struct {
	reading       string
	before, after []string
}

// Signs of the table besides characters.
const (
	startOfRun = "^" // nothing stands before, or no character
	endOfRun   = "$"
	anyNumeral = "#"
)

const numerals = "零〇一二两三四五六七八九十百千万亿几半"

var contexts = sync.OnceValue(func() map[string][]context {
	out := map[string][]context{}
	for line := range strings.Lines(contextsTSV) {
		f := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		if len(f) != 4 || f[0] == "word" {
			continue
		}
		for _, word := range strings.Split(f[0], "|") {
			word, reading, ok := strings.Cut(word, ":") // 曾:zeng1, where a line serves many surnames
			if !ok {
				reading = f[1]
			}
			out[word] = append(out[word], context{reading: reading, before: alternatives(f[2]), after: alternatives(f[3])})
		}
	}
	return out
})

func alternatives(cell string) []string {
	if cell == "" {
		return nil
	}
	return strings.Split(cell, "|")
}

// inContext is the reading of a word between what stands before and after it
// in its run of characters; empty when the neighbours say nothing. The first
// line that fits counts.
func inContext(word, before, after string) string {
	for _, c := range contexts()[word] {
		if endsIn(before, c.before) && beginsWith(after, c.after) {
			return c.reading
		}
	}
	return ""
}

func endsIn(text string, any []string) bool {
	for _, s := range any {
		last, _ := utf8.DecodeLastRuneInString(text)
		switch {
		case s == startOfRun && text == "", s == anyNumeral && text != "" && strings.ContainsRune(numerals, last):
			return true
		case strings.HasPrefix(s, startOfRun) && text == s[1:], s != startOfRun && strings.HasSuffix(text, s):
			return true
		}
	}
	return len(any) == 0
}

func beginsWith(text string, any []string) bool {
	for _, s := range any {
		first, _ := utf8.DecodeRuneInString(text)
		switch {
		case s == endOfRun && text == "", s == anyNumeral && text != "" && strings.ContainsRune(numerals, first):
			return true
		case strings.HasSuffix(s, endOfRun) && text == s[:len(s)-1], s != endOfRun && strings.HasPrefix(text, s):
			return true
		}
	}
	return len(any) == 0
}
