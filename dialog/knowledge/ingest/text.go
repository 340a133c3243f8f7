package ingest

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// decode brings text to UTF-8: what is not UTF-8 is taken for GB 18030, which
// Chinese Windows writes.
func decode(raw []byte) (string, error) {
	raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	if utf8.Valid(raw) {
		return string(raw), nil
	}
	out, err := simplifiedchinese.GB18030.NewDecoder().Bytes(raw)
	if err != nil || bytes.Count(out, []byte("\uFFFD")) > len(out)/200 {
		return "", fmt.Errorf("%w: it is neither UTF-8 nor GB 18030; save it as UTF-8", ErrBroken)
	}
	return string(out), nil
}

// numbered is a line of plain text that stands as a heading: "第二章 退货",
// "一、发货".
var numbered = regexp.MustCompile(`^(第[一二三四五六七八九十\d]{1,3}[章节条部分]|[一二三四五六七八九十]{1,3}、)`)

// readText takes lines that belong together as paragraphs.
func readText(raw []byte, _ Limits, _ *Document) ([]block, error) {
	s, err := decode(raw)
	if err != nil {
		return nil, err
	}
	return lines(s, 0), nil
}

// lines cuts plain text into headings and paragraphs. A line goes on in the
// next one unless it ends as a sentence does, or stands alone.
func lines(s string, page int) []block {
	var blocks []block
	var open strings.Builder
	flush := func() {
		if open.Len() > 0 {
			blocks = append(blocks, block{text: open.String(), page: page})
			open.Reset()
		}
	}
	for line := range strings.Lines(s) {
		line = strings.TrimSpace(line)
		switch {
		case line == "":
			flush()
		case numbered.MatchString(line) && utf8.RuneCountInString(line) <= longestHeading/2 && !strings.HasSuffix(line, "。"):
			flush()
			blocks = append(blocks, block{level: 2, text: line, page: page})
		case isQuestion(line) || answers.MatchString(line):
			flush()
			open.WriteString(line)
			if isQuestion(line) {
				flush()
			}
		default:
			join(&open, line)
			if strings.HasSuffix(line, "。") || strings.HasSuffix(line, "！") {
				flush()
			}
		}
	}
	flush()
	return blocks
}

// join appends a line; Latin words keep a blank between them, hanzi do not.
func join(b *strings.Builder, line string) {
	if b.Len() > 0 {
		last := b.String()[b.Len()-1]
		if last < utf8.RuneSelf && line[0] < utf8.RuneSelf {
			b.WriteByte(' ')
		}
	}
	b.WriteString(line)
}

var markdown = goldmark.New(goldmark.WithExtensions(extension.Table))

// readMarkdown reads CommonMark with tables. Raw HTML in it is left out.
func readMarkdown(raw []byte, _ Limits, doc *Document) ([]block, error) {
	s, err := decode(raw)
	if err != nil {
		return nil, err
	}
	source := []byte(s)
	w := markdownWalk{source: source}
	err = ast.Walk(markdown.Parser().Parse(text.NewReader(source)), w.enter)
	if w.html {
		doc.warn("raw HTML inside the Markdown was left out")
	}
	return w.blocks, err
}

type markdownWalk struct {
	source []byte
	blocks []block
	html   bool
}

func (w *markdownWalk) enter(n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	switch n := n.(type) {
	case *ast.Heading:
		w.blocks = append(w.blocks, block{level: n.Level, text: w.inline(n)})
	case *ast.Paragraph, *ast.TextBlock:
		w.blocks = append(w.blocks, block{text: w.inline(n)})
	case *ast.FencedCodeBlock, *ast.CodeBlock:
		w.blocks = append(w.blocks, block{text: string(n.Lines().Value(w.source))})
	case *ast.HTMLBlock:
		w.html = true
	case *east.TableHeader, *east.TableRow:
		var cells []string
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			cells = append(cells, strings.TrimSpace(w.inline(c)))
		}
		_, first := n.(*east.TableHeader)
		w.blocks = append(w.blocks, block{cells: cells, first: first})
	default:
		return ast.WalkContinue, nil
	}
	return ast.WalkSkipChildren, nil
}

// inline is the plain text of a node's children.
func (w *markdownWalk) inline(n ast.Node) string {
	var out strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			out.Write(c.Segment.Value(w.source))
			if c.HardLineBreak() || c.SoftLineBreak() {
				out.WriteByte('\n')
			}
		case *ast.String:
			out.Write(c.Value)
		case *ast.RawHTML:
			w.html = true
		case *ast.AutoLink:
			out.Write(c.Label(w.source))
		default:
			out.WriteString(w.inline(c))
		}
	}
	return out.String()
}
