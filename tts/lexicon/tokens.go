// Package lexicon is the front end of voices that users bring along: it reads
// their tokens.txt and lexicon.txt, cuts a text into phrases and turns each
// into the ids that the graph takes, by the longest match in the lexicon or by
// the phonemes of the espeak-ng program. Numbers, dates and codes are read by
// tts/spoken; rule FSTs that come with a voice (*.fst, *.far) are not used. It
// may import tts/spoken.
package lexicon

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"unicode/utf8"
)

// ErrTokens says that tokens.txt cannot be used.
var ErrTokens = errors.New("tokens.txt cannot be used")

// Limits of tokens.txt. The largest known table has about 10,000 symbols.
const (
	MaxTokensFile = 4 << 20
	maxTokens     = 100_000
	maxSymbol     = 64 // bytes
	maxID         = 1 << 20
)

// Tokens maps the symbols of a voice to the ids that its graph takes.
type Tokens struct{ ids map[string]int64 }

// ParseTokens reads tokens.txt: one "symbol id" a line; a line of a blank and
// an id is the blank's. Errors: ErrTokens.
func ParseTokens(data []byte) (Tokens, error) {
	if len(data) > MaxTokensFile {
		return Tokens{}, fmt.Errorf("%w: %d bytes, more than %d", ErrTokens, len(data), MaxTokensFile)
	}
	t := Tokens{ids: map[string]int64{}}
	used := map[int64]string{}
	number := 0
	for line := range bytes.Lines(data) {
		number++
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			continue
		}
		symbol, id, err := tokenLine(line)
		if err != nil {
			return Tokens{}, fmt.Errorf("%w: line %d: %w", ErrTokens, number, err)
		}
		if before, ok := t.ids[symbol]; ok {
			return Tokens{}, fmt.Errorf("%w: line %d: %q has the id %d already", ErrTokens, number, symbol, before)
		}
		if other, ok := used[id]; ok {
			return Tokens{}, fmt.Errorf("%w: line %d: the id %d belongs to %q already", ErrTokens, number, id, other)
		}
		if len(t.ids) == maxTokens {
			return Tokens{}, fmt.Errorf("%w: more than %d symbols", ErrTokens, maxTokens)
		}
		t.ids[symbol], used[id] = id, symbol
	}
	if len(t.ids) == 0 {
		return Tokens{}, fmt.Errorf("%w: it is empty", ErrTokens)
	}
	return t, nil
}

// NewTokens makes a table of symbols that come from elsewhere than tokens.txt.
// Errors: ErrTokens.
func NewTokens(ids map[string]int64) (Tokens, error) {
	if len(ids) == 0 || len(ids) > maxTokens {
		return Tokens{}, fmt.Errorf("%w: %d symbols, want 1 to %d", ErrTokens, len(ids), maxTokens)
	}
	used := make(map[int64]bool, len(ids))
	for symbol, id := range ids {
		if id < 0 || id > maxID || used[id] {
			return Tokens{}, fmt.Errorf("%w: the id %d of %.20q is taken or not from 0 to %d", ErrTokens, id, symbol, maxID)
		}
		used[id] = true
	}
	return Tokens{ids}, nil
}

// tokenLine takes one line apart at its last blank.
func tokenLine(line []byte) (symbol string, id int64, err error) {
	line = bytes.TrimRight(line, " \t")
	at := bytes.LastIndexAny(line, " \t")
	if at < 0 {
		return "", 0, errors.New("no blank between symbol and id")
	}
	if at > maxSymbol {
		return "", 0, fmt.Errorf("a symbol longer than %d bytes", maxSymbol)
	}
	id, err = strconv.ParseInt(string(line[at+1:]), 10, 64)
	if err != nil || id < 0 || id > maxID {
		return "", 0, fmt.Errorf("the id is not a number from 0 to %d", maxID)
	}
	symbol = string(bytes.Trim(line[:at], " \t"))
	if symbol == "" {
		symbol = " "
	}
	if !utf8.ValidString(symbol) {
		return "", 0, errors.New("the symbol is not UTF-8")
	}
	return symbol, id, nil
}

// ID is the id of a symbol.
func (t Tokens) ID(symbol string) (int64, bool) {
	id, ok := t.ids[symbol]
	return id, ok
}

// Len is the number of symbols.
func (t Tokens) Len() int { return len(t.ids) }

// Need returns the ids of symbols that the family cannot do without. Errors:
// ErrTokens.
func (t Tokens) Need(symbols ...string) ([]int64, error) {
	ids := make([]int64, len(symbols))
	for i, s := range symbols {
		id, ok := t.ids[s]
		if !ok {
			return nil, fmt.Errorf("%w: it has no %q, which voices of this family need", ErrTokens, s)
		}
		ids[i] = id
	}
	return ids, nil
}
