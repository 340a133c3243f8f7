package mandarin

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

//go:embed lexicon.tsv.gz
var lexiconGZ []byte

//go:embed characters.tsv
var charactersTSV string

// entry is one word: what it costs to use it and how it is read.
type entry struct {
	cost    int32  // -10 ln p(word)
	reading string // "chong2 xin1"; empty when every character has its usual reading
}

type lexicon struct {
	words   map[string]entry
	usual   map[rune]string // reading of a character where go-pinyin's first is not the usual one
	alone   map[rune]string // the same, for words of one character only: 得 is de5, 得到 is not
	longest int             // length of the longest word in runes
}

// dictionary is parsed on first use (about 30 ms), then shared read-only.
var dictionary = sync.OnceValue(func() *lexicon {
	raw, err := gunzip(lexiconGZ)
	if err != nil {
		panic(fmt.Sprintf("mandarin: the embedded lexicon is damaged: %v", err))
	}
	return parseLexicon(raw, charactersTSV)
})

func gunzip(packed []byte) (string, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return "", err
	}
	raw, err := io.ReadAll(z)
	return string(raw), err
}

func parseLexicon(words, characters string) *lexicon {
	l := &lexicon{words: make(map[string]entry, strings.Count(words, "\n")), usual: map[rune]string{}, alone: map[rune]string{}}
	for line := range strings.Lines(words) {
		word, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		cost, reading, _ := strings.Cut(rest, "\t")
		n, err := strconv.Atoi(cost)
		if err != nil {
			continue
		}
		l.words[word] = entry{cost: int32(n), reading: reading}
		l.longest = max(l.longest, utf8.RuneCountInString(word))
	}
	for line := range strings.Lines(characters) {
		f := strings.Split(strings.TrimSpace(line), "\t")
		r, n := utf8.DecodeRuneInString(f[0])
		if len(f) != 3 || n != len(f[0]) {
			continue // the header
		}
		if f[2] == "alone" {
			l.alone[r] = f[1]
		} else {
			l.usual[r] = f[1]
		}
	}
	return l
}
