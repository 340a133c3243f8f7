package tokens

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Word is a stretch of text and the tokens that made it, as indexes into the
// list that was given. A Chinese character is a word of its own, letters of
// other scripts go together up to the next space; punctuation belongs to the
// word before it.
type Word struct {
	Text        string
	First, Last int
}

// Words reads a list of tokens. Special tokens and bytes that make no
// character are left out.
func (t *Table) Words(ids []int) []Word {
	b := &spelling{}
	goesOn := false
	for i, id := range ids {
		if t.Special(id) {
			continue
		}
		s := t.symbols[id]
		switch b.token = i; {
		case t.byteLevel:
			b.letters(s)
		case t.joined:
			goesOn = b.joined(s, goesOn)
		default:
			if v, ok := fallbackByte(s); ok {
				b.byte(v)
				continue
			}
			b.text(strings.ReplaceAll(s, wordStart, " "))
		}
	}
	return b.words()
}

// Text is the words of a list of tokens, joined.
func (t *Table) Text(ids []int) string { return Join(t.Words(ids)) }

// Join writes words as people do: a space between two words in letters, none
// beside a Chinese character.
func Join(words []Word) string {
	var out strings.Builder
	last := rune(0)
	for _, w := range words {
		first, _ := utf8.DecodeRuneInString(w.Text)
		if last != 0 && !wide(last) && !wide(first) {
			out.WriteByte(' ')
		}
		out.WriteString(w.Text)
		last, _ = utf8.DecodeLastRuneInString(w.Text)
	}
	return out.String()
}

// spelling collects bytes and which token each came from.
type spelling struct {
	bytes []byte
	from  []int
	token int
}

func (b *spelling) byte(v byte) {
	b.bytes, b.from = append(b.bytes, v), append(b.from, b.token)
}

func (b *spelling) text(s string) {
	for i := range len(s) {
		b.byte(s[i])
	}
}

// letters writes a symbol of byte-level BPE.
func (b *spelling) letters(s string) {
	for _, r := range s {
		if v, ok := byteOf(r); ok {
			b.byte(v)
			continue
		}
		b.byte(' ') // ▁ and ⁇
	}
}

// joined writes a FunASR piece and reports whether the next one goes on.
func (b *spelling) joined(s string, goesOn bool) bool {
	next := len(s) > 2 && strings.HasSuffix(s, "@@")
	if !goesOn && s[0] < utf8.RuneSelf {
		b.byte(' ')
	}
	b.text(strings.TrimSuffix(s, "@@"))
	return next
}

func (b *spelling) words() []Word {
	var list []Word
	run := -1 // where the current word of letters began
	flush := func(end int) {
		if run >= 0 {
			list = append(list, Word{string(b.bytes[run:end]), b.from[run], b.from[end-1]})
		}
		run = -1
	}
	for i := 0; i < len(b.bytes); {
		r, n := utf8.DecodeRune(b.bytes[i:])
		switch {
		case r == utf8.RuneError && n <= 1:
			flush(i)
		case unicode.IsSpace(r) || unicode.IsControl(r):
			flush(i)
		case run < 0 && unicode.IsPunct(r) && len(list) > 0:
			list[len(list)-1].Text += string(r)
		case wide(r):
			flush(i)
			list = append(list, Word{string(r), b.from[i], b.from[i+n-1]})
			if unicode.IsPunct(r) && len(list) > 1 {
				list = list[:len(list)-1]
				list[len(list)-1].Text += string(r)
			}
		case run < 0:
			run = i
		}
		i += max(n, 1)
	}
	flush(len(b.bytes))
	return list
}

// wide reports whether a character is written without spaces around it.
func wide(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) ||
		r >= 0x3000 && r <= 0x303f || r >= 0xff00 && r <= 0xffef
}
