package ingest

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ledongthuc/pdf"
)

// readPDF reads the text layer page by page. A page that is a scan has none,
// and says so.
func readPDF(raw []byte, l Limits, doc *Document) ([]block, error) {
	r, err := pdf.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return nil, fmt.Errorf("%w: it cannot be opened; if it has a password, save it without", ErrBroken)
	}
	doc.Pages = r.NumPage()
	if doc.Pages > l.Pages {
		return nil, fmt.Errorf("%w: %d pages, at most %d; split it", ErrLimit, doc.Pages, l.Pages)
	}
	var blocks []block
	runes := 0
	for n := 1; n <= doc.Pages; n++ {
		s, ok := pageText(r, n)
		if !ok || strings.TrimSpace(s) == "" {
			doc.warn("page %d has no text that can be read; a scan must be typed", n)
			continue
		}
		if runes += len(s); runes > 4*l.Runes {
			return nil, fmt.Errorf("%w: more than %d characters; split it", ErrLimit, l.Runes)
		}
		blocks = append(blocks, lines(s, n)...)
	}
	return blocks, nil
}

// pageText is the text of one page with its lines, in the order in which the
// page draws it: programs write it in reading order, while the direction of the
// y axis differs among them. A page that the library cannot read does not spoil
// the others.
func pageText(r *pdf.Reader, n int) (s string, ok bool) {
	defer func() {
		if recover() != nil {
			s, ok = "", false
		}
	}()
	page := r.Page(n)
	if page.V.IsNull() {
		return "", false
	}
	var out strings.Builder
	var last pdf.Text
	for i, t := range page.Content().Text {
		if size := max(t.FontSize, 1); i > 0 && math.Abs(t.Y-last.Y) > size/2 {
			out.WriteByte('\n')
		} else if i > 0 && apart(last, t, size) {
			out.WriteByte(' ')
		}
		out.WriteString(t.S)
		last = t
	}
	return readable(out.String()), true
}

// apart tells two columns, or two Latin words. Between hanzi the widths that
// fonts give are often missing, so that the distance of the origins counts.
func apart(a, b pdf.Text, size float64) bool {
	if isASCII(a.S) && isASCII(b.S) {
		return b.X-a.X-a.W > size/3
	}
	return b.X-a.X > 1.8*size*float64(max(utf8.RuneCountInString(a.S), 1))
}

func isASCII(s string) bool { return s != "" && s[0] < utf8.RuneSelf }

// readable drops what a font without a character map leaves: control and
// private characters.
func readable(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Co, r) || r == unicode.ReplacementChar) {
			return -1
		}
		return r
	}, s)
}
