package ingest

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// How long passages are, in characters: long enough to make sense alone, short
// enough that a sentence or two of one can be spoken.
const (
	fullPassage    = 220
	longestPassage = 400
	longestHeading = 60
	deepest        = 6
)

// gatherer cuts the blocks of a document into passages: at headings, at
// questions, and where a passage is full.
type gatherer struct {
	doc     *Document
	heading [deepest]string
	asked   []string // questions whose answer follows
	text    []string
	length  int
	page    int
	columns []string // of the table that is being read
}

func (g *gatherer) take(b block) {
	b.text = strings.TrimSpace(b.text)
	if len(b.cells) > 0 {
		g.row(b)
		return
	}
	switch {
	case b.text == "":
	case b.level > 0 && isQuestion(b.text):
		g.end()
		g.descend(b.level, "")
		g.asked = []string{stripNumber(b.text)}
	case b.level > 0:
		g.end()
		g.descend(b.level, b.text)
	default:
		g.paragraph(b)
	}
}

// descend sets the heading of a level and forgets those below.
func (g *gatherer) descend(level int, text string) {
	level = min(level, deepest)
	for i := level - 1; i < deepest; i++ {
		g.heading[i] = ""
	}
	if utf8.RuneCountInString(text) <= longestHeading {
		g.heading[level-1] = text
	}
}

// A question and an answer that say what they are: "问：" and "答：", "Q:" and "A:".
var (
	asks    = regexp.MustCompile(`^(?:问题?|[Qq])\s*\d{0,3}\s*[:：.、]\s*`)
	answers = regexp.MustCompile(`^(?:答案?|回答|[Aa])\s*\d{0,3}\s*[:：]\s*`)
	numbers = regexp.MustCompile(`^(?:[（(]?\d{1,3}[)）.、]|[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十\d]{1,3}[条章节])\s*`)
)

func stripNumber(s string) string { return asks.ReplaceAllString(numbers.ReplaceAllString(s, ""), "") }

// isQuestion tells a question that stands alone.
func isQuestion(s string) bool {
	if utf8.RuneCountInString(s) > longestHeading {
		return false
	}
	return asks.MatchString(s) || strings.HasSuffix(s, "？") || strings.HasSuffix(s, "?")
}

func (g *gatherer) paragraph(b block) {
	switch {
	case isQuestion(b.text):
		if len(g.text) > 0 || len(g.asked) == 0 {
			g.end()
		}
		g.asked = append(g.asked, stripNumber(b.text)) // two ways to ask may stand one below the other
		return
	case answers.MatchString(b.text):
		b.text = answers.ReplaceAllString(b.text, "")
	}
	for _, piece := range pieces(b.text) {
		n := utf8.RuneCountInString(piece)
		if g.length > 0 && g.length+n > fullPassage && len(g.asked) == 0 || g.length+n > longestPassage {
			asked := g.asked
			g.end()
			g.asked = asked // the rest of a long answer answers the same question
		}
		g.text, g.length = append(g.text, piece), g.length+n
		if g.page == 0 {
			g.page = b.page
		}
	}
}

// pieces cuts a paragraph after sentences, so that none is longer than a full
// passage unless a single sentence is; that one is cut hard.
func pieces(s string) []string {
	if utf8.RuneCountInString(s) <= fullPassage {
		return []string{s}
	}
	var out []string
	var piece strings.Builder
	n := 0
	for _, r := range s {
		piece.WriteRune(r)
		n++
		if ends := strings.ContainsRune("。！？!?；;\n", r); ends && n >= fullPassage/2 || n >= fullPassage {
			out, n = append(out, strings.TrimSpace(piece.String())), 0
			piece.Reset()
		}
	}
	if rest := strings.TrimSpace(piece.String()); rest != "" {
		out = append(out, rest)
	}
	return out
}

// row reads a row of a table: a pair of question and answer where the columns
// are called so, else the names of the columns with the values.
func (g *gatherer) row(b block) {
	if b.first {
		g.end()
		g.columns = b.cells
		return
	}
	q, a := column(g.columns, "问题", "问", "question", "q"), column(g.columns, "答案", "回答", "答", "answer", "a")
	if q >= 0 && a >= 0 && q < len(b.cells) && a < len(b.cells) {
		if b.cells[q] != "" && b.cells[a] != "" {
			g.add(Passage{Questions: []string{b.cells[q]}, Text: b.cells[a], Page: b.page})
		}
		return
	}
	var parts []string
	for i, c := range b.cells {
		if c == "" {
			continue
		}
		if i < len(g.columns) && g.columns[i] != "" && i > 0 {
			c = g.columns[i] + "：" + c
		}
		parts = append(parts, c)
	}
	if len(parts) > 1 {
		g.add(Passage{Text: strings.Join(parts, "，") + "。", Page: b.page})
	}
}

func column(names []string, wanted ...string) int {
	return slices.IndexFunc(names, func(n string) bool { return slices.Contains(wanted, strings.ToLower(strings.TrimSpace(n))) })
}

// end closes the passage that is being gathered.
func (g *gatherer) end() {
	if len(g.text) > 0 {
		g.add(Passage{Questions: g.asked, Text: strings.Join(g.text, "\n"), Page: g.page})
	}
	g.asked, g.text, g.length, g.page = nil, nil, 0, 0
}

func (g *gatherer) add(p Passage) {
	for _, h := range g.heading {
		if h != "" {
			p.Heading = append(p.Heading, h)
		}
	}
	g.doc.Passages = append(g.doc.Passages, p)
}
