package tokens

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ErrSpelling says that a phrase has a character that no token writes.
var ErrSpelling = errors.New("the phrase cannot be written in the tokens of the model")

// maxPhrase bounds the characters of a phrase: hotwords are names.
const maxPhrase = 64

// Encode writes a phrase in tokens as the model would: Chinese characters one
// by one, words of letters merged by BPE. A sentencepiece BPE table is numbered
// in the order in which its merges were learnt, so the lower number merges
// first (Sennrich et al., ACL 2016) and no bpe.model is needed. Errors:
// ErrSpelling.
func (t *Table) Encode(phrase string) ([]int, error) {
	if n := utf8.RuneCountInString(phrase); n == 0 || n > maxPhrase {
		return nil, fmt.Errorf("%w: %d characters, want 1 to %d", ErrSpelling, n, maxPhrase)
	}
	var ids []int
	for _, w := range phraseWords(phrase) {
		more, err := t.encodeWord(w)
		if err != nil {
			return nil, err
		}
		ids = append(ids, more...)
	}
	if len(ids) == 0 {
		return nil, fmt.Errorf("%w: %q", ErrSpelling, phrase)
	}
	return ids, nil
}

// phraseWords splits into single Chinese characters and words of letters.
func phraseWords(phrase string) []string {
	var b spelling
	b.text(phrase)
	var list []string
	for _, w := range b.words() {
		list = append(list, strings.TrimFunc(w.Text, unicode.IsPunct))
	}
	return list
}

func (t *Table) encodeWord(w string) ([]int, error) {
	if w == "" {
		return nil, nil
	}
	for _, form := range []string{w, strings.ToUpper(w), strings.ToLower(w)} {
		if ids, ok := t.encodeForm(form); ok {
			return ids, nil
		}
	}
	return nil, fmt.Errorf("%w: %q", ErrSpelling, w)
}

func (t *Table) encodeForm(w string) ([]int, bool) {
	r, _ := utf8.DecodeRuneInString(w)
	switch {
	case t.byteLevel:
		return t.merge(byteLetters(w))
	case wide(r):
		for _, s := range []string{w, wordStart + w} {
			if id, ok := t.ids[s]; ok {
				return []int{id}, true
			}
		}
		return t.fallback(w)
	case t.joined:
		if id, ok := t.ids[w]; ok {
			return []int{id}, true
		}
		return nil, false
	case t.pieces:
		return t.merge(wordStart + w)
	default:
		return t.merge(w)
	}
}

// byteLetters writes a word in the byte alphabet, ▁ before it.
func byteLetters(w string) string {
	var b strings.Builder
	b.WriteString(wordStart)
	for i := range len(w) {
		b.WriteRune(letterOf(w[i]))
	}
	return b.String()
}

// fallback writes a character as byte tokens.
func (t *Table) fallback(w string) ([]int, bool) {
	var ids []int
	for i := range len(w) {
		id, ok := t.ids[fmt.Sprintf("<0x%02X>", w[i])]
		if !ok {
			return nil, false
		}
		ids = append(ids, id)
	}
	return ids, true
}

// merge is byte pair encoding: of all neighbours that make a piece together,
// the piece learnt first is made, until there is none.
func (t *Table) merge(w string) ([]int, bool) {
	if id, ok := t.ids[w]; ok {
		return []int{id}, true
	}
	parts := strings.Split(w, "")
	for {
		at, best := -1, 0
		for i := range len(parts) - 1 {
			if id, ok := t.ids[parts[i]+parts[i+1]]; ok && (at < 0 || id < best) {
				at, best = i, id
			}
		}
		if at < 0 {
			break
		}
		parts[at] += parts[at+1]
		parts = append(parts[:at+1], parts[at+2:]...)
	}
	ids := make([]int, len(parts))
	for i, p := range parts {
		id, ok := t.ids[p]
		if !ok {
			return nil, false
		}
		ids[i] = id
	}
	return ids, true
}
