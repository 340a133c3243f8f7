package fact

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxSource bounds a condition, in bytes.
const maxSource = 600

type tokenKind int

const (
	end tokenKind = iota
	name
	quoted
	number
	amount
	symbol
)

type token struct {
	kind tokenKind
	text string
	at   int // byte
}

// scan cuts a condition into tokens.
func scan(source string) ([]token, error) {
	if len(source) > maxSource || !utf8.ValidString(source) {
		return nil, fmt.Errorf("%w: more than %d bytes, or not UTF-8", ErrCondition, maxSource)
	}
	var out []token
	for i := 0; i < len(source); {
		r, n := utf8.DecodeRuneInString(source[i:])
		t := token{at: i}
		switch rest := source[i:]; {
		case unicode.IsSpace(r):
			i += n
			continue
		case r == '\'':
			stop := strings.IndexByte(rest[1:], '\'')
			if stop < 0 {
				return nil, fmt.Errorf("%w: a quote is not closed at %d", ErrCondition, i)
			}
			t.kind, t.text, n = quoted, rest[1:1+stop], stop+2
		case r >= '0' && r <= '9':
			n = len(rest) - len(strings.TrimLeft(rest, "0123456789."))
			t.kind, t.text = number, rest[:n]
			if strings.HasPrefix(rest[n:], "元") {
				t.kind, n = amount, n+len("元")
			}
		case r == '_' || r < utf8.RuneSelf && unicode.IsLetter(r):
			n = len(rest) - len(strings.TrimLeft(rest, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_."))
			t.kind, t.text = name, rest[:n]
		default:
			t.kind, t.text = symbol, string(r)
			if len(rest) > 1 && rest[1] == '=' && strings.ContainsRune("=!<>", r) {
				t.text, n = rest[:2], 2
			}
			if !strings.Contains(" == != <= >= < > ( ) [ ] , + - ", " "+t.text+" ") {
				return nil, fmt.Errorf("%w: %q at %d means nothing", ErrCondition, t.text, i)
			}
		}
		out = append(out, t)
		i += n
	}
	return append(out, token{kind: end, text: "the end", at: len(source)}), nil
}
