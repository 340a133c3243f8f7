package ingest

import (
	"fmt"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Elements whose text nobody reads.
var unread = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Noscript: true, atom.Template: true, atom.Nav: true, atom.Iframe: true, atom.Svg: true,
	atom.Head: true, atom.Select: true, atom.Button: true, atom.Textarea: true, atom.Object: true,
}

var headings = map[atom.Atom]int{atom.H1: 1, atom.H2: 2, atom.H3: 3, atom.H4: 4, atom.H5: 5, atom.H6: 6, atom.Summary: 3, atom.Dt: 4}

// Elements that begin a new paragraph.
var paragraphs = map[atom.Atom]bool{
	atom.P: true, atom.Div: true, atom.Li: true, atom.Section: true, atom.Article: true, atom.Blockquote: true, atom.Pre: true,
	atom.Dd: true, atom.Ul: true, atom.Ol: true, atom.Main: true, atom.Body: true, atom.Details: true, atom.Br: true,
}

// deepestNode bounds the nesting that is followed.
const deepestNode = 200

// readHTML reads what a visitor would see. What is hidden is left out: it could
// speak to a machine behind the merchant's back.
func readHTML(raw []byte, _ Limits, doc *Document) ([]block, error) {
	s, err := decode(raw)
	if err != nil {
		return nil, err
	}
	root, err := html.Parse(strings.NewReader(s))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBroken, err)
	}
	w := htmlWalk{doc: doc}
	w.visit(root, 0)
	w.flush()
	if w.hidden > 0 {
		doc.warn("%d hidden elements were left out", w.hidden)
	}
	return w.blocks, nil
}

type htmlWalk struct {
	doc    *Document
	blocks []block
	text   strings.Builder
	hidden int
	table  bool // the next row begins one
}

func (w *htmlWalk) visit(n *html.Node, depth int) {
	if depth > deepestNode {
		return
	}
	if n.Type == html.TextNode {
		w.write(n.Data)
		return
	}
	if n.Type == html.ElementNode {
		switch {
		case unread[n.DataAtom]:
			return
		case isHidden(n):
			w.hidden++
			return
		case headings[n.DataAtom] > 0:
			w.flush()
			w.blocks = append(w.blocks, block{level: headings[n.DataAtom], text: plainText(n, depth)})
			return
		case n.DataAtom == atom.Tr:
			w.flush()
			w.row(n, depth)
			return
		case n.DataAtom == atom.Table:
			w.flush()
			w.table = true
		case paragraphs[n.DataAtom]:
			w.flush()
			defer w.flush()
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.visit(c, depth+1)
	}
}

// write adds text with its white space as a browser shows it.
func (w *htmlWalk) write(s string) {
	if fields := strings.Join(strings.Fields(s), " "); fields != "" {
		join(&w.text, fields)
	}
}

func (w *htmlWalk) flush() {
	if w.text.Len() > 0 {
		w.blocks = append(w.blocks, block{text: w.text.String()})
		w.text.Reset()
	}
}

func (w *htmlWalk) row(tr *html.Node, depth int) {
	var cells []string
	for c := tr.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom == atom.Td || c.DataAtom == atom.Th {
			cells = append(cells, plainText(c, depth))
		}
	}
	if len(cells) > 0 {
		w.blocks = append(w.blocks, block{cells: cells, first: w.table})
		w.table = false
	}
}

// plainText is all visible text below a node on one line.
func plainText(n *html.Node, depth int) string {
	inner := htmlWalk{}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		inner.visit(c, depth+1)
	}
	inner.flush()
	var parts []string
	for _, b := range inner.blocks {
		parts = append(parts, b.text)
		parts = append(parts, b.cells...)
	}
	return strings.Join(parts, " ")
}

func isHidden(n *html.Node) bool {
	for _, a := range n.Attr {
		v := strings.ToLower(strings.ReplaceAll(a.Val, " ", ""))
		switch a.Key {
		case "hidden":
			return true
		case "aria-hidden":
			return v == "true"
		case "style":
			for _, rule := range []string{"display:none", "visibility:hidden", "font-size:0", "opacity:0"} {
				at := strings.Index(v, rule)
				if at >= 0 && (at+len(rule) == len(v) || strings.ContainsRune(";!p", rune(v[at+len(rule)]))) {
					return true
				}
			}
		}
	}
	return false
}
