package knowledge

import (
	"strings"
	"unicode/utf8"
)

// Least coverage of a question by an entry of the base: lower when it is
// already known that the question is one for the base.
const (
	CoverAsked = 0.25
	CoverGuess = 0.5
)

// Least coverage of a question by a passage, which was not written as an
// answer; and how well a question and that of a pinned answer must be the same,
// since a pin goes before everything.
const (
	bodyCover            = 0.6
	pinInside, pinCover  = 0.8, 0.35
	sameInside, sameWord = 0.5, 0.6
)

// closeness is the least cosine of a question of the base to one that it
// answers: 0.80 where it is known that the question is one for the base, whose
// least coverage is 0.25 then, 0.85 where that is a guess (0.5). Chosen on every
// other row of testdata/asked.tsv. Vectors of short texts lie close by chance,
// so something of the wording must be shared all the same.
func closeness(least float64) float64 { return 0.75 + 0.2*least }

const sharedAtLeast = 0.15

// fits reports whether a hit answers, by its words or by its meaning.
func (h Hit) fits(least float64) bool {
	switch {
	case h.Entry.Kind == Pinned:
		return false // only by its own, stricter rule
	case !h.Asked:
		return h.Cover >= max(least, bodyCover)
	}
	return h.Cover >= least || h.Cover >= sharedAtLeast && h.Cosine >= closeness(least)
}

// pinned reports whether a hit is a pinned answer to just this question.
func (h Hit) pinned() bool {
	return h.Entry.Kind == Pinned &&
		(h.Inside >= pinInside && h.Cover >= pinCover || h.Inside >= sameInside && h.Cover >= sameWord)
}

// Answer is what is said and where it stands.
type Answer struct {
	Text  string
	Kind  Kind
	ID    string
	Topic string
}

// Answer finds what answers a question, ok is false when nothing does. least is
// the coverage that an entry of the question base needs: lower when it is known
// that the question is one for the question base.
func (l *Library) Answer(question string, least float64) (a Answer, ok bool) {
	hits := l.Retrieve(question, 8)
	for _, h := range hits {
		if h.pinned() {
			return h.answer(question), true
		}
	}
	for _, h := range hits {
		if h.fits(least) {
			return h.answer(question), true
		}
	}
	return Answer{}, false
}

// Pinned reports whether a pinned answer fits the question. It is asked of
// every turn, so it goes by words alone.
func (l *Library) Pinned(question string) bool {
	for _, h := range l.base.Load().Retrieve(question, 3) {
		if h.pinned() {
			return true
		}
	}
	return false
}

func (h Hit) answer(question string) Answer {
	a := Answer{Text: h.Entry.Answer, Kind: h.Entry.Kind, ID: h.Entry.ID, Topic: h.Entry.Topic}
	if h.Entry.Kind == Document {
		a.Text = extract(h.Entry.Answer, question)
	}
	return a
}

// longestExtract is how much of a passage is said.
const longestExtract = 90

// extract takes the sentence of a passage that has most in common with the
// question, and those after it while they are short enough to listen to.
func extract(passage, question string) string {
	sentences := split(passage)
	asked := terms(question)
	best, most := 0, -1.0
	for i, s := range sentences {
		shared := 0.0
		for t := range terms(s) {
			if asked[t] > 0 {
				shared++
			}
		}
		if shared > most {
			best, most = i, shared
		}
	}
	text := sentences[best]
	for _, s := range sentences[best+1:] {
		if utf8.RuneCountInString(text)+utf8.RuneCountInString(s) > longestExtract {
			break
		}
		text += s
	}
	return text
}

// split cuts a text after its sentences.
func split(text string) []string {
	var out []string
	var s strings.Builder
	flush := func() {
		if t := strings.TrimSpace(s.String()); t != "" {
			out = append(out, t)
		}
		s.Reset()
	}
	for _, r := range text {
		if r == '\n' {
			flush()
			continue
		}
		s.WriteRune(r)
		if strings.ContainsRune("。！？!?；", r) {
			flush()
		}
	}
	flush()
	if len(out) == 0 {
		return []string{strings.TrimSpace(text)}
	}
	return out
}
