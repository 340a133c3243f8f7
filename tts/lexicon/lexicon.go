package lexicon

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// ErrLexicon says that lexicon.txt cannot be used.
var ErrLexicon = errors.New("lexicon.txt cannot be used")

// Limits of lexicon.txt. The largest known one has 200,000 words in 8 MB.
const (
	MaxLexiconFile = 64 << 20
	maxWords       = 2_000_000
	maxLine        = 4096 // bytes
	maxPhones      = 256  // of one word
	maxTone        = 50
)

// longestWord is how many characters one word of a lexicon is looked for at
// most: longer entries are phrases that no sentence of a shop contains.
const longestWord = 10

// Form is how a line of lexicon.txt is read.
type Form int

const (
	// Phones is "word phone phone ...". A "||" after the word makes every
	// character of the rest a phone.
	Phones Form = iota
	// PhonesAndTones is "word phone phone ... tone tone ...": half phones, half
	// tones (MeloTTS).
	PhonesAndTones
)

// Lexicon maps words to ids. It may be used by many goroutines at once after
// the last Add.
type Lexicon struct {
	tokens Tokens
	form   Form
	words  map[string]span
	ids    []int32 // of all words, one after the other
	tones  []uint8 // beside ids; empty for Phones
	// Dropped counts entries of which a phone is not in tokens.txt.
	Dropped int
}

// span is where the ids of one word are.
type span struct {
	at uint32
	n  uint16
}

// New makes an empty lexicon over the symbols of a voice.
func New(t Tokens, f Form) *Lexicon {
	return &Lexicon{tokens: t, form: f, words: map[string]span{}}
}

// Add reads one more lexicon.txt. The first entry of a word counts. Errors:
// ErrLexicon.
func (l *Lexicon) Add(data []byte) error {
	if len(data) > MaxLexiconFile {
		return fmt.Errorf("%w: %d bytes, more than %d", ErrLexicon, len(data), MaxLexiconFile)
	}
	number := 0
	for line := range bytes.Lines(data) {
		number++
		if len(line) > maxLine {
			return fmt.Errorf("%w: line %d is longer than %d bytes", ErrLexicon, number, maxLine)
		}
		if err := l.line(string(line)); err != nil {
			return fmt.Errorf("%w: line %d: %w", ErrLexicon, number, err)
		}
	}
	if len(l.words) == 0 {
		return fmt.Errorf("%w: no word of it can be written in the symbols of tokens.txt", ErrLexicon)
	}
	return nil
}

func (l *Lexicon) line(line string) error {
	if !utf8.ValidString(line) {
		return errors.New("not UTF-8")
	}
	word, phones := entry(line)
	if word == "" {
		return nil
	}
	if _, ok := l.words[word]; ok {
		return nil
	}
	if len(l.words) == maxWords {
		return fmt.Errorf("more than %d words", maxWords)
	}
	if len(phones) > 2*maxPhones {
		return fmt.Errorf("%q has %d phones, more than %d", word, len(phones), maxPhones)
	}
	if l.form == Phones {
		l.keep(word, phones, nil)
		return nil
	}
	if len(phones)%2 != 0 {
		return fmt.Errorf("%q has %d fields, want as many tones as phones", word, len(phones))
	}
	half := len(phones) / 2
	tones, err := toneList(phones[half:])
	if err != nil {
		return fmt.Errorf("%q: %w", word, err)
	}
	l.keep(word, phones[:half], tones)
	return nil
}

// entry splits a line into the word, in lower case, and its phones.
func entry(line string) (word string, phones []string) {
	if before, after, ok := strings.Cut(line, "||"); ok {
		for _, r := range strings.Join(strings.Fields(after), "") {
			phones = append(phones, string(r))
		}
		return strings.ToLower(strings.TrimSpace(before)), phones
	}
	fields := strings.Fields(line)
	if len(fields) < 2 {
		return "", nil
	}
	return strings.ToLower(fields[0]), fields[1:]
}

func toneList(fields []string) ([]uint8, error) {
	tones := make([]uint8, len(fields))
	for i, f := range fields {
		n, err := strconv.Atoi(f)
		if err != nil || n < 0 || n > maxTone {
			return nil, fmt.Errorf("tone %q is not a number from 0 to %d", f, maxTone)
		}
		tones[i] = uint8(n)
	}
	return tones, nil
}

// keep stores an entry unless a phone of it has no id.
func (l *Lexicon) keep(word string, phones []string, tones []uint8) {
	at := len(l.ids)
	for _, p := range phones {
		id, ok := l.tokens.ID(p)
		if !ok {
			l.ids = l.ids[:at]
			l.Dropped++
			return
		}
		l.ids = append(l.ids, int32(id))
	}
	if at == len(l.ids) {
		return
	}
	l.tones = append(l.tones, tones...)
	// A clone, or the whole line would stay in memory.
	l.words[strings.Clone(word)] = span{at: uint32(at), n: uint16(len(l.ids) - at)}
}

// Has says whether a word, in lower case, is in the lexicon.
func (l *Lexicon) Has(word string) bool {
	_, ok := l.words[word]
	return ok
}

// Len is the number of words.
func (l *Lexicon) Len() int { return len(l.words) }

// Alias lets a word that has no entry be read as another one.
func (l *Lexicon) Alias(word, like string) {
	s, ok := l.words[like]
	if _, taken := l.words[word]; ok && !taken {
		l.words[word] = s
	}
}

// append writes the ids, and tones where there are any, of a word.
func (l *Lexicon) append(e *Encoded, word string) bool {
	s, ok := l.words[word]
	if !ok {
		return false
	}
	for i := s.at; i < s.at+uint32(s.n); i++ {
		e.IDs = append(e.IDs, int64(l.ids[i]))
		if l.form == PhonesAndTones {
			e.Tones = append(e.Tones, int64(l.tones[i]))
		}
	}
	return true
}
