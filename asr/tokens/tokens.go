// Package tokens reads the tokens.txt of a speech model and turns token
// numbers into words and phrases into token numbers. It knows the kinds of
// unit that models use: characters, sentencepiece BPE (▁ begins a word),
// byte-level BPE (icefall's bbpe), byte fallback (<0xE4>), and FunASR's pieces
// (@@ goes on). It is a leaf.
package tokens

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// ErrTokens says that a tokens.txt cannot be used.
var ErrTokens = errors.New("tokens.txt cannot be used")

// Limits, checked before memory is taken. The largest vocabulary in use is
// Whisper's, 52 thousand; a bilingual character table has some 20 thousand.
const (
	MaxBytes  = 16 << 20
	MaxTokens = 200_000
	maxSymbol = 256 // bytes of one symbol
)

// wordStart is sentencepiece's mark of a space before a piece, U+2581.
const wordStart = "▁"

// Table maps token numbers to symbols and back.
type Table struct {
	symbols []string
	ids     map[string]int
	// joined: a piece ending in @@ goes on in the next (FunASR).
	joined bool
	// pieces: ▁ marks word beginnings.
	pieces bool
	// byteLevel: every character of a symbol stands for one byte.
	byteLevel bool
}

// Read parses lines of "symbol number". A line of a number alone, or of a
// space and a number, is the symbol of one space. Errors: ErrTokens.
func Read(raw []byte) (*Table, error) {
	if len(raw) > MaxBytes {
		return nil, fmt.Errorf("%w: %d bytes, more than %d", ErrTokens, len(raw), MaxBytes)
	}
	t := &Table{ids: map[string]int{}}
	line := 0
	for text := range strings.SplitSeq(strings.TrimPrefix(string(raw), "\ufeff"), "\n") {
		line++
		text = strings.TrimRight(text, "\r\t ")
		if text == "" {
			continue
		}
		if err := t.add(text); err != nil {
			return nil, fmt.Errorf("%w: line %d: %w", ErrTokens, line, err)
		}
	}
	if len(t.ids) == 0 {
		return nil, fmt.Errorf("%w: it is empty", ErrTokens)
	}
	if holes := len(t.symbols) - len(t.ids); holes > len(t.ids) {
		return nil, fmt.Errorf("%w: %d symbols are numbered up to %d", ErrTokens, len(t.ids), len(t.symbols)-1)
	}
	t.byteLevel = t.looksByteLevel()
	return t, nil
}

func (t *Table) add(line string) error {
	symbol, number := " ", line
	if i := strings.LastIndexAny(line, " \t"); i >= 0 {
		number = line[i+1:]
		if s := strings.TrimSpace(line[:i]); s != "" {
			symbol = s
		}
	}
	id, err := strconv.Atoi(number)
	switch {
	case err != nil:
		return fmt.Errorf("%q has no number at its end", clip(line))
	case id < 0 || id >= MaxTokens:
		return fmt.Errorf("number %d is outside 0 to %d", id, MaxTokens-1)
	case len(symbol) > maxSymbol:
		return fmt.Errorf("a symbol of %d bytes", len(symbol))
	}
	for id >= len(t.symbols) {
		t.symbols = append(t.symbols, "")
	}
	if t.symbols[id] != "" {
		return fmt.Errorf("number %d is given to %q and to %q", id, t.symbols[id], clip(symbol))
	}
	t.symbols[id] = symbol
	if _, twice := t.ids[symbol]; twice {
		return fmt.Errorf("symbol %q is there twice", clip(symbol))
	}
	t.ids[symbol] = id
	t.pieces = t.pieces || strings.HasPrefix(symbol, wordStart)
	t.joined = t.joined || len(symbol) > 2 && strings.HasSuffix(symbol, "@@")
	return nil
}

// Len is one more than the highest number.
func (t *Table) Len() int { return len(t.symbols) }

// Symbol is the text of a token as the file has it; "" for numbers that the
// file does not name.
func (t *Table) Symbol(id int) string {
	if id < 0 || id >= len(t.symbols) {
		return ""
	}
	return t.symbols[id]
}

// ID is the number of a symbol.
func (t *Table) ID(symbol string) (int, bool) {
	id, ok := t.ids[symbol]
	return id, ok
}

// Blank is the number of the CTC blank by its usual names, or absent.
func (t *Table) Blank(absent int) int {
	for _, name := range []string{"<blk>", "<blank>", "<eps>"} {
		if id, ok := t.ids[name]; ok {
			return id
		}
	}
	return absent
}

// Special reports whether a token stands for no sound: <unk>, <s>, <|zh|>.
func (t *Table) Special(id int) bool {
	s := t.Symbol(id)
	_, isByte := fallbackByte(s)
	return s == "" || len(s) > 2 && s[0] == '<' && s[len(s)-1] == '>' && !isByte
}

// fallbackByte reads <0xE4>.
func fallbackByte(s string) (byte, bool) {
	if len(s) != 6 || !strings.HasPrefix(s, "<0x") || s[5] != '>' {
		return 0, false
	}
	v, err := strconv.ParseUint(s[3:5], 16, 8)
	return byte(v), err == nil
}

// looksByteLevel: the symbols use many letters of the byte alphabet beyond
// ASCII and nothing that the alphabet lacks.
func (t *Table) looksByteLevel() bool {
	const enough = 32 // a Chinese text needs at least the 64 continuation bytes
	seen := map[rune]bool{}
	for id, s := range t.symbols {
		if t.Special(id) {
			continue
		}
		for _, r := range s {
			if _, ok := byteOf(r); !ok && r != '▁' && r != unknownByte {
				return false
			}
			if r > utf8.RuneSelf {
				seen[r] = true
			}
		}
	}
	return len(seen) >= enough
}

func clip(s string) string {
	const longest = 40
	if len(s) > longest {
		return s[:longest] + "..."
	}
	return s
}
