package lexicon

import (
	"context"
	"strings"
	"unicode"
)

// Encoded is one phrase as the graph takes it.
type Encoded struct {
	// IDs, and Tones beside them where the family has any.
	IDs, Tones []int64
	// Skipped counts what the voice has no sounds for.
	Skipped int
}

// FrontEnd turns text into what a graph takes. Implementations are safe for
// concurrent use.
type FrontEnd interface {
	// Form is the text as it is read out, from which Split makes phrases.
	Form(text string) string
	// Encode returns the ids of one phrase, none where nothing can be said.
	Encode(ctx context.Context, p Phrase) (Encoded, error)
}

// Words is the front end of voices that come with a lexicon: longest match over
// characters, single characters, letters; what remains is skipped and counted.
type Words struct {
	Lexicon *Lexicon
	Layout  Layout
	// Gap, where it is not negative, is the id after each word; Between only
	// where the next word or this one is of Latin letters.
	Gap     int64
	Between bool
	// Latin leaves the text as it is: the voice does not speak Mandarin.
	Latin bool
	// Open stands at the end of a phrase that no mark ends.
	Open []int64
	// Marks gives the id of a mark; nil takes the symbol of tokens.txt.
	Marks func(mark rune) (int64, bool)
}

var _ FrontEnd = (*Words)(nil)

// Form implements FrontEnd.
func (w *Words) Form(text string) string {
	if w.Latin {
		return text
	}
	return Mandarin(text, w.says)
}

// says tells whether a Latin word is in the lexicon, or is an abbreviation of
// which every letter is.
func (w *Words) says(word string) bool {
	lower := strings.ToLower(word)
	if w.Lexicon.Has(lower) {
		return true
	}
	for i, r := range word {
		if !unicode.IsUpper(r) || !w.Lexicon.Has(lower[i:i+1]) {
			return false
		}
	}
	return true
}

// Encode implements FrontEnd.
func (w *Words) Encode(_ context.Context, p Phrase) (Encoded, error) {
	var e Encoded
	said := 0
	latin := false // was the last word of letters
	for i, part := range p {
		for u := range w.words(part.Text) {
			if u == "、" {
				w.mark(&e, ',')
				latin = false
				continue
			}
			letters := u[0] < 0x80
			if w.Between && said > 0 && (letters || latin) && w.Gap >= 0 {
				w.add(&e, w.Gap)
			}
			before := len(e.IDs)
			w.word(&e, u)
			if len(e.IDs) > before {
				said++
				latin = letters
				if !w.Between && w.Gap >= 0 {
					w.add(&e, w.Gap)
				}
			}
		}
		if part.Mark != 0 || i+1 < len(p) {
			w.mark(&e, part.Mark)
			latin = false
		}
	}
	if said == 0 {
		return Encoded{Skipped: e.Skipped}, nil
	}
	if p[len(p)-1].Mark == 0 {
		w.add(&e, w.Open...)
	}
	w.Layout.frame(&e, w.Lexicon.form == PhonesAndTones)
	return e, nil
}

// add writes ids that are no phones of a word: their tone is 0.
func (w *Words) add(e *Encoded, ids ...int64) {
	e.IDs = append(e.IDs, ids...)
	if w.Lexicon.form == PhonesAndTones {
		e.Tones = append(e.Tones, make([]int64, len(ids))...)
	}
}

// word writes a word, its characters where the word is unknown.
func (w *Words) word(e *Encoded, word string) {
	if w.Lexicon.append(e, word) {
		return
	}
	for _, r := range word {
		if !w.Lexicon.append(e, string(r)) {
			e.Skipped++
		}
	}
}

func (w *Words) mark(e *Encoded, mark rune) {
	find := w.Marks
	if find == nil {
		find = w.Lexicon.tokens.Mark
	}
	if id, ok := find(mark); ok {
		w.add(e, id)
	}
}

var fullWidth = map[rune][]string{
	',': {",", "，", "、"}, '.': {".", "。"}, '?': {"?", "？"}, '!': {"!", "！"},
	';': {";", "；", ",", "，"}, ':': {":", "：", ",", "，"},
}

// Widths lists the symbols that may stand for a half-width mark.
func Widths(mark rune) []string { return fullWidth[mark] }

// Mark is the id of a half-width mark, whichever width tokens.txt has.
func (t Tokens) Mark(mark rune) (int64, bool) {
	for _, s := range fullWidth[mark] {
		if id, ok := t.ids[s]; ok {
			return id, true
		}
	}
	return 0, false
}
