package ingest

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// wordPart is where the text of a .docx stands (ECMA-376, part 1).
const wordPart = "word/document.xml"

// readWord reads paragraphs, headings and tables of a .docx. Deleted and hidden
// text is left out.
func readWord(raw []byte, l Limits, doc *Document) ([]block, error) {
	archive, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return nil, fmt.Errorf("%w: it is no Word document", ErrBroken)
	}
	f, err := archive.Open(wordPart)
	if err != nil {
		return nil, fmt.Errorf("%w: it holds no %s", ErrBroken, wordPart)
	}
	defer func() { _ = f.Close() }()
	limited := &io.LimitedReader{R: f, N: l.Unpacked + 1}
	w := wordWalk{d: xml.NewDecoder(limited)}
	w.d.Strict = true
	err = w.run()
	if limited.N <= 0 {
		return nil, fmt.Errorf("%w: it unpacks to more than %d MB", ErrLimit, l.Unpacked>>20)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: its text cannot be read to the end", ErrBroken)
	}
	if w.hidden > 0 {
		doc.warn("%d hidden pieces of text were left out", w.hidden)
	}
	return w.blocks, nil
}

// wordWalk reads the tokens of a document part.
type wordWalk struct {
	d      *xml.Decoder
	blocks []block
	text   strings.Builder
	level  int
	piece  string // text of the present run
	hide   bool
	hidden int
	tables int // nesting
	cells  []string
	table  bool // the next row begins one
	inText bool
}

func (w *wordWalk) run() error {
	for {
		t, err := w.d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			w.start(t)
		case xml.EndElement:
			w.end(t.Name.Local)
		case xml.CharData:
			if w.inText {
				w.piece += string(t)
			}
		}
	}
}

func (w *wordWalk) start(t xml.StartElement) {
	switch t.Name.Local {
	case "p":
		w.level = 0
		if w.tables == 0 {
			w.text.Reset()
		}
	case "pStyle":
		w.level = headingLevel(value(t))
	case "outlineLvl":
		if n, err := strconv.Atoi(value(t)); err == nil && n >= 0 && n < deepest {
			w.level = n + 1
		}
	case "r":
		w.piece, w.hide = "", false
	case "vanish":
		w.hide = value(t) != "0" && value(t) != "false"
	case "t":
		w.inText = true
	case "tab", "br", "cr":
		w.piece += " "
	case "tbl":
		w.tables++
		w.table = true
	case "tr":
		w.cells = nil
	case "tc":
		w.text.Reset()
	}
}

func (w *wordWalk) end(name string) {
	switch name {
	case "t":
		w.inText = false
	case "r":
		if w.hide && strings.TrimSpace(w.piece) != "" {
			w.hidden++
		} else if !w.hide {
			w.text.WriteString(w.piece)
		}
		w.piece = ""
	case "p":
		if w.tables > 0 {
			w.text.WriteByte(' ')
			return
		}
		w.blocks = append(w.blocks, block{level: w.level, text: w.text.String()})
	case "tc":
		w.cells = append(w.cells, strings.TrimSpace(w.text.String()))
		w.text.Reset()
	case "tr":
		if len(w.cells) > 0 {
			w.blocks = append(w.blocks, block{cells: w.cells, first: w.table})
			w.table = false
		}
		w.cells = nil
	case "tbl":
		w.tables--
	}
}

func value(t xml.StartElement) string {
	for _, a := range t.Attr {
		if a.Name.Local == "val" {
			return a.Value
		}
	}
	return ""
}

// headingLevel reads the style ids that Word and WPS give: Heading1, 1, 标题1.
func headingLevel(style string) int {
	digits := strings.TrimLeft(strings.ToLower(style), "heading标题 ")
	if n, err := strconv.Atoi(digits); err == nil && n >= 1 && n <= deepest {
		return n
	}
	if strings.EqualFold(style, "title") {
		return 1
	}
	return 0
}
