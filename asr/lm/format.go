package lm

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// ErrFormat says that a file is not a language model of this version.
var ErrFormat = errors.New("lm: not a waggle language model")

const (
	magic    = "WAGGLELM"
	version  = 1
	maxBytes = 64 << 20 // unpacked: a hundred times what ships
)

// Read parses a file: gzip over, little-endian,
//
//	"WAGGLELM", u32 version
//	u32 n, then n syllables: u8 length, ASCII
//	u32 n, then n words: u8 length, UTF-8; u8 readings, each u8 length, u16 syllables
//	u32 bigrams, u32 trigrams
//	per word:    i16 ln p, i16 ln back-off weight, u32 first bigram
//	per bigram:  u16 word, i16 ln p, i16 ln back-off weight, u32 first trigram
//	per trigram: u16 word, i16 ln p
//
// where logarithms are scaled by 1500. Errors wrap ErrFormat.
func Read(file []byte) (*Model, error) {
	z, err := gzip.NewReader(bytes.NewReader(file))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	raw, err := io.ReadAll(io.LimitReader(z, maxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	if len(raw) > maxBytes {
		return nil, fmt.Errorf("%w: more than %d bytes unpacked", ErrFormat, maxBytes)
	}
	r := &reader{rest: raw}
	m := r.model()
	if r.err == nil {
		r.err = m.check()
	}
	if r.err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, r.err)
	}
	return m, nil
}

// reader takes fields off the front and remembers the first error, after
// which it yields zeros.
type reader struct {
	rest []byte
	err  error
}

func (r *reader) take(n int) []byte {
	if r.err == nil && n > len(r.rest) {
		r.err = io.ErrUnexpectedEOF
	}
	if r.err != nil {
		return make([]byte, n)
	}
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b
}

func (r *reader) u8() int     { return int(r.take(1)[0]) }
func (r *reader) u16() uint16 { return binary.LittleEndian.Uint16(r.take(2)) }
func (r *reader) i16() int16  { return int16(r.u16()) }
func (r *reader) u32() uint32 { return binary.LittleEndian.Uint32(r.take(4)) }

// count reads the length of a list whose entries take at least size bytes, so
// that a false length cannot claim more memory than the file has.
func (r *reader) count(size int) int {
	n := r.u32()
	if r.err == nil && uint64(n)*uint64(size) > uint64(len(r.rest)) {
		r.err = io.ErrUnexpectedEOF
	}
	if r.err != nil {
		return 0
	}
	return int(n)
}

func (r *reader) model() *Model {
	m := new(Model)
	if string(r.take(len(magic))) != magic && r.err == nil {
		r.err = errors.New("the magic number is missing")
	}
	if v := r.u32(); v != version && r.err == nil {
		r.err = fmt.Errorf("version %d, want %d", v, version)
	}
	m.Syllables = make([]string, r.count(2))
	for i := range m.Syllables {
		m.Syllables[i] = string(r.take(r.u8()))
	}
	m.Words = make([]Word, r.count(2))
	for i := range m.Words {
		m.Words[i] = r.word()
	}
	r.grams(m)
	return m
}

func (r *reader) word() Word {
	w := Word{Text: string(r.take(r.u8()))}
	w.Readings = make([][]uint16, r.u8())
	for i := range w.Readings {
		w.Readings[i] = make([]uint16, r.u8())
		for j := range w.Readings[i] {
			w.Readings[i][j] = r.u16()
		}
	}
	return w
}

func (r *reader) grams(m *Model) {
	bigrams, trigrams := r.count(10), r.count(4)
	m.uni = make([]context, len(m.Words), len(m.Words)+1)
	for i := range m.uni {
		m.uni[i] = context{r.i16(), r.i16(), r.u32()}
	}
	m.uni = append(m.uni, context{first: uint32(bigrams)})
	m.bi = make([]bigram, bigrams, bigrams+1)
	for i := range m.bi {
		m.bi[i] = bigram{r.u16(), context{r.i16(), r.i16(), r.u32()}}
	}
	m.bi = append(m.bi, bigram{context: context{first: uint32(trigrams)}})
	m.tri = make([]trigram, trigrams)
	for i := range m.tri {
		m.tri[i] = trigram{r.u16(), r.i16()}
	}
}

// check makes sure that no index of the file leads outside it.
func (m *Model) check() error {
	n := len(m.Words)
	if n <= int(FirstWord) || n > 1<<16-1 || m.Words[Begin].Text != "<s>" || m.Words[End].Text != "</s>" {
		return fmt.Errorf("%d words, or the special ones are missing", n)
	}
	for _, w := range m.Words {
		for _, reading := range w.Readings {
			if len(reading) == 0 {
				return fmt.Errorf("%q has an empty reading", w.Text)
			}
			for _, s := range reading {
				if int(s) >= len(m.Syllables) {
					return fmt.Errorf("%q has syllable %d of %d", w.Text, s, len(m.Syllables))
				}
			}
		}
	}
	for i := range n {
		if m.uni[i].first > m.uni[i+1].first {
			return fmt.Errorf("bigrams of word %d end before they begin", i)
		}
	}
	for i, b := range m.bi[:len(m.bi)-1] {
		if int(b.word) >= n || b.first > m.bi[i+1].first {
			return fmt.Errorf("bigram %d is out of range", i)
		}
	}
	for i, t := range m.tri {
		if int(t.word) >= n {
			return fmt.Errorf("trigram %d is out of range", i)
		}
	}
	return nil
}
