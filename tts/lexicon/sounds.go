package lexicon

import (
	"context"
	"strings"

	"waggle/tts/spoken"
)

// Speller makes the phonemes of a clause; Espeak is one.
type Speller interface {
	Phonemes(ctx context.Context, clause string) ([]rune, error)
}

// Sounds is the front end of voices whose symbols are single characters of a
// phonetic alphabet.
type Sounds struct {
	Tokens  Tokens
	Speller Speller
	Layout  Layout
	// Mandarin reads numbers and codes by tts/spoken; else that is left to the
	// Speller.
	Mandarin bool
}

var _ FrontEnd = (*Sounds)(nil)

// Form implements FrontEnd.
func (s *Sounds) Form(text string) string {
	if s.Mandarin {
		return spoken.Form(text)
	}
	return strings.TrimSpace(text)
}

// Phonemes are those of a phrase with its marks. Errors: those of the Speller.
func (s *Sounds) Phonemes(ctx context.Context, p Phrase) ([]rune, error) {
	var out []rune
	said := false
	for i, part := range p {
		list, err := s.Speller.Phonemes(ctx, part.Text)
		if err != nil {
			return nil, err
		}
		said = said || len(list) > 0
		out = append(append(out, list...), ending(part.Mark, i+1 < len(p))...)
	}
	if !said {
		return nil, nil
	}
	return out, nil
}

// Encode implements FrontEnd. Errors: those of the Speller.
func (s *Sounds) Encode(ctx context.Context, p Phrase) (Encoded, error) {
	var e Encoded
	list, err := s.Phonemes(ctx, p)
	if err != nil {
		return e, err
	}
	for _, r := range list {
		if id, ok := s.Tokens.ID(string(r)); ok {
			e.IDs = append(e.IDs, id)
		} else {
			e.Skipped++
		}
	}
	if len(e.IDs) == 0 {
		return e, nil
	}
	s.Layout.frame(&e, false)
	return e, nil
}

// ending is what piper writes behind the phonemes of a clause: the mark, and a
// blank where the sentence goes on.
func ending(mark rune, more bool) []rune {
	switch {
	case mark == 0 && more:
		return []rune{' '}
	case mark == 0:
		return nil
	case endsSentence(mark):
		return []rune{mark}
	}
	return []rune{mark, ' '}
}

// Letters is a Speller for voices that were trained on the letters of the text
// itself.
type Letters struct{}

// Phonemes implements Speller.
func (Letters) Phonemes(_ context.Context, clause string) ([]rune, error) {
	return []rune(strings.ToLower(clause)), nil
}
