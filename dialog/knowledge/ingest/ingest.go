// Package ingest reads a merchant's documents (Markdown, text, HTML, Word and
// PDF) into passages and questions with answers, and reports what it
// understood. Documents are strangers' files: sizes, pages and what archives
// unpack to are bounded, and no fault of a reader gets out. What is read is
// data; nothing in it is ever an instruction.
package ingest

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"strings"
	"unicode/utf8"
)

// Verdicts on a document.
var (
	ErrKind   = errors.New("ingest: only .md, .txt, .html, .docx and .pdf can be read")
	ErrLimit  = errors.New("ingest: the document is too large")
	ErrBroken = errors.New("ingest: the document is damaged")
	ErrEmpty  = errors.New("ingest: there is no text in the document")
)

// Limits bound a document. The zero value of a field takes that of
// DefaultLimits.
type Limits struct {
	Bytes    int64 // of the file
	Unpacked int64 // of the parts of a .docx that are read
	Pages    int   // of a .pdf
	Runes    int   // of the text
	Passages int
}

// DefaultLimits admit a handbook of a thousand pages.
func DefaultLimits() Limits {
	return Limits{Bytes: 20 << 20, Unpacked: 64 << 20, Pages: 1000, Runes: 2_000_000, Passages: 10_000}
}

func (l Limits) orDefault() Limits {
	d := DefaultLimits()
	if l.Bytes <= 0 {
		l.Bytes = d.Bytes
	}
	if l.Unpacked <= 0 {
		l.Unpacked = d.Unpacked
	}
	if l.Pages <= 0 {
		l.Pages = d.Pages
	}
	if l.Runes <= 0 {
		l.Runes = d.Runes
	}
	if l.Passages <= 0 {
		l.Passages = d.Passages
	}
	return l
}

// Document is what was understood of a file.
type Document struct {
	Name     string    `json:"name"`
	Kind     string    `json:"kind"` // md, txt, html, docx or pdf
	Pages    int       `json:"pages,omitempty"`
	Runes    int       `json:"characters"`
	Passages []Passage `json:"passages"`
	// Warnings say what was left out and why.
	Warnings []string `json:"warnings,omitempty"`
}

// Passage is a stretch of text that can answer a question by itself.
type Passage struct {
	// Heading is the path of headings above it, the outermost first.
	Heading []string `json:"heading,omitempty"`
	// Questions are ways to ask for it that the document itself gives.
	Questions []string `json:"questions,omitempty"`
	Text      string   `json:"text"`
	Page      int      `json:"page,omitempty"` // of a .pdf, from 1
}

// block is what a reader finds, in reading order.
type block struct {
	level int      // of a heading, 0 for text
	text  string   // of a heading or a paragraph
	cells []string // of a table's row, instead of text
	first bool     // the row begins a table
	page  int
}

// reader turns the bytes of one kind of file into blocks.
type reader func(raw []byte, l Limits, doc *Document) ([]block, error)

var readers = map[string]reader{
	"md": readMarkdown, "txt": readText, "html": readHTML, "docx": readWord, "pdf": readPDF,
}

// kinds are the extensions by which files are told.
var kinds = map[string]string{
	".md": "md", ".markdown": "md", ".txt": "txt", ".html": "html", ".htm": "html", ".docx": "docx", ".pdf": "pdf",
}

// Knows reports whether a file of this name can be read.
func Knows(name string) bool { return kinds[strings.ToLower(path.Ext(name))] != "" }

// Read understands a whole file. Errors: ErrKind, ErrLimit, ErrBroken or
// ErrEmpty, each with what to do; nothing is half read then.
func Read(name string, raw []byte, l Limits) (doc Document, err error) {
	l = l.orDefault()
	kind := kinds[strings.ToLower(path.Ext(name))]
	switch {
	case kind == "":
		return Document{}, fmt.Errorf("%w, not %q", ErrKind, path.Ext(name))
	case int64(len(raw)) > l.Bytes:
		return Document{}, fmt.Errorf("%w: %d MB, at most %d MB; split it", ErrLimit, len(raw)>>20, l.Bytes>>20)
	}
	if err := sameKind(kind, raw); err != nil {
		return Document{}, err
	}
	doc = Document{Name: name, Kind: kind}
	defer func() {
		if fault := recover(); fault != nil { // readers of other people's formats may fail in ways of their own
			doc, err = Document{}, fmt.Errorf("%w: it cannot be read as .%s", ErrBroken, kind)
		}
	}()
	blocks, err := readers[kind](raw, l, &doc)
	if err != nil {
		return Document{}, err
	}
	if err := doc.gather(blocks, l); err != nil {
		return Document{}, err
	}
	return doc, nil
}

// sameKind refuses a file whose beginning belies its name.
func sameKind(kind string, raw []byte) error {
	pdf, zipped := bytes.HasPrefix(raw, []byte("%PDF-")), bytes.HasPrefix(raw, []byte("PK\x03\x04"))
	switch {
	case kind == "pdf" && !pdf, kind == "docx" && !zipped, kind != "pdf" && pdf, kind != "docx" && zipped:
		return fmt.Errorf("%w: it is called .%s but is something else", ErrBroken, kind)
	case kind != "pdf" && kind != "docx" && bytes.IndexByte(raw, 0) >= 0:
		return fmt.Errorf("%w: it is not text", ErrBroken)
	}
	return nil
}

func (doc *Document) warn(format string, args ...any) {
	const most = 20
	switch {
	case len(doc.Warnings) < most:
		doc.Warnings = append(doc.Warnings, fmt.Sprintf(format, args...))
	case len(doc.Warnings) == most:
		doc.Warnings = append(doc.Warnings, "there are more warnings of this kind")
	}
}

// gather makes passages of blocks.
func (doc *Document) gather(blocks []block, l Limits) error {
	g := gatherer{doc: doc}
	for _, b := range blocks {
		doc.Runes += utf8.RuneCountInString(b.text)
		for _, c := range b.cells {
			doc.Runes += utf8.RuneCountInString(c)
		}
		if doc.Runes > l.Runes {
			return fmt.Errorf("%w: more than %d characters; split it", ErrLimit, l.Runes)
		}
		g.take(b)
		if len(doc.Passages) > l.Passages {
			return fmt.Errorf("%w: more than %d passages; split it", ErrLimit, l.Passages)
		}
	}
	g.end()
	if len(doc.Passages) == 0 {
		return ErrEmpty
	}
	return nil
}
