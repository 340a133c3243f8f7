package lexicon

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Part is a clause and the mark that ends it, a half-width one of ".?!,;:", or
// 0 where the text just ends.
type Part struct {
	Text string
	Mark rune
}

// Phrase is what a graph says in one run: one clause, or a few short ones.
type Phrase []Part

// Ends says whether a sentence ends with the phrase.
func (p Phrase) Ends() bool { return len(p) > 0 && endsSentence(p[len(p)-1].Mark) }

// A phrase is not shorter than shortest unless a sentence ends, for a model says
// two characters badly, and a clause not longer than longest, for the first
// sound waits for the whole phrase. Both count letters; a Chinese character
// counts as many as an English word has on average.
const (
	shortest = 5 * perCharacter
	longest  = 60 * perCharacter

	perCharacter = 4
)

func weight(r rune) int {
	if r >= 0x2e80 {
		return perCharacter
	}
	return 1
}

func weigh(text string) int {
	n := 0
	for _, r := range text {
		n += weight(r)
	}
	return n
}

// halfWidth maps the marks of Chinese text to those of Latin text.
var halfWidth = map[rune]rune{
	'，': ',', '。': '.', '？': '?', '！': '!', '；': ';', '：': ':', '、': ',', '…': '.', '\n': '.',
	',': ',', '.': '.', '?': '?', '!': '!', ';': ';', ':': ':',
}

func endsSentence(mark rune) bool { return mark == '.' || mark == '?' || mark == '!' }

// Split cuts a text into phrases, none of which goes beyond a sentence. The first
// is as short as can be, for somebody waits for it; each later one may be twice
// as long as the one before, which is heard meanwhile: so a model that is twice
// as fast as speech never makes a listener wait, and most sentences keep their
// melody. An enumeration comma (、) ends no clause.
func Split(text string) []Phrase {
	var out []Phrase
	var phrase Phrase
	n, before := 0, 0
	end := func() {
		if phrase != nil {
			out = append(out, phrase)
			phrase, n, before = nil, 0, n
		}
	}
	for _, p := range clauses(text) {
		w := weigh(p.Text)
		if n >= shortest && n+w > min(2*before, longest) {
			end()
		}
		phrase = append(phrase, p)
		if n += w; endsSentence(p.Mark) {
			end()
		}
	}
	end()
	return out
}

func clauses(text string) []Part {
	var out []Part
	from := 0
	for at, r := range text {
		mark, ok := halfWidth[r]
		next := at + utf8.RuneLen(r)
		if !ok || r == '、' || (r < 0x80 && r != '\n' && inside(text[next:])) {
			continue
		}
		out = appendClause(out, text[from:at], mark)
		from = next
	}
	return appendClause(out, text[from:], 0)
}

// inside says whether a Latin mark stands inside of a number or a name (3.5,
// 10:30, a.com), judged by what follows it.
func inside(rest string) bool {
	r, _ := utf8.DecodeRuneInString(rest)
	return rest != "" && r < 0x80 && !unicode.IsSpace(r) && halfWidth[r] == 0 && r != '"' && r != '\'' && r != ')'
}

// appendClause adds a clause, cut where it is too long; a mark without words
// strengthens the mark before it.
func appendClause(out []Part, text string, mark rune) []Part {
	text = strings.TrimSpace(text)
	if !strings.ContainsFunc(text, speakable) {
		if n := len(out); n > 0 && endsSentence(mark) {
			out[n-1].Mark = mark
		}
		return out
	}
	for weigh(text) > longest {
		cut := cutAt(text)
		out = append(out, Part{Text: strings.TrimSpace(text[:cut]), Mark: ','})
		text = strings.TrimSpace(strings.TrimLeft(text[cut:], "、"))
	}
	if text == "" {
		return out
	}
	return append(out, Part{Text: text, Mark: mark})
}

func speakable(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// cutAt is where the first part of a long clause ends: behind the last blank or
// enumeration comma where it becomes too long, else there.
func cutAt(text string) int {
	end, n := 0, 0
	for at, r := range text {
		if n += weight(r); n > longest {
			end = at
			break
		}
	}
	if at := strings.LastIndexAny(text[:end], " 、"); at > 0 {
		return at
	}
	return end
}
