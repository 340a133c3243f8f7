package tool

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"waggle/dialog/nlu"
)

// Vocabulary is what a merchant's customers say for yes and no beside what
// everybody says.
type Vocabulary struct {
	Yes, No []string
}

// ErrVocabulary says that a word cannot be taken for yes, or for no.
var ErrVocabulary = errors.New("not a word for it")

// Bounds of a word, in characters, and of a list.
const (
	shortestOwnYes = 2
	longestOwn     = 8
	mostOwn        = 100
)

var (
	// lettered is a word: nothing that could be a value, and no pause.
	lettered = regexp.MustCompile(`^[\p{Han}A-Za-z]+$`)
	// turnsDown are words that no list needs to hold to mean no.
	turnsDown = regexp.MustCompile(`[不别没勿莫甭否]|算了|算啦|拉倒|免了|等一?[等下会]|再说|再看|no|cancel`)
)

// CheckYes tells what is wrong with a word for yes: one that means no, names a
// deed, which would be agreed to by naming another, or may be part of anything.
func (v Vocabulary) CheckYes(word string) error {
	switch {
	case !lettered.MatchString(word), utf8.RuneCountInString(word) < shortestOwnYes, utf8.RuneCountInString(word) > longestOwn:
		return fmt.Errorf("%w: %q must be %d to %d characters or letters, without digits and marks", ErrVocabulary, word, shortestOwnYes, longestOwn)
	case slices.ContainsFunc(v.No, func(n string) bool { return n == word || strings.Contains(word, n) }):
		return fmt.Errorf("%w: %q holds a word that is listed as a no", ErrVocabulary, word)
	case turnsDown.MatchString(strings.ToLower(word)), nlu.ShortAnswer(word) == nlu.No, takesBack.MatchString(word), concedes.MatchString(word), feigned.MatchString(word):
		return fmt.Errorf("%w: %q turns something down, or puts it off", ErrVocabulary, word)
	}
	for _, deed := range (Tool{}).ForeignWords() {
		if strings.Contains(word, deed) {
			return fmt.Errorf("%w: %q names a deed (%s), so it may be a yes to that alone", ErrVocabulary, word, deed)
		}
	}
	return nil
}

// CheckNo tells what is wrong with a word for no: one that agrees.
func (v Vocabulary) CheckNo(word string) error {
	switch {
	case !lettered.MatchString(word), utf8.RuneCountInString(word) > longestOwn:
		return fmt.Errorf("%w: %q must be 1 to %d characters or letters, without digits and marks", ErrVocabulary, word, longestOwn)
	case nlu.ShortAnswer(word) == nlu.Yes, agreedTo(word, "", nil, nil, nil), slices.Contains(courtesies, word):
		return fmt.Errorf("%w: %q agrees, or means nothing", ErrVocabulary, word)
	}
	return nil
}

// Check finds every word that cannot be meant. An error wraps ErrVocabulary.
func (v Vocabulary) Check() error {
	var wrong []error
	if len(v.Yes) > mostOwn || len(v.No) > mostOwn {
		wrong = append(wrong, fmt.Errorf("%w: more than %d words", ErrVocabulary, mostOwn))
	}
	for _, w := range v.Yes {
		wrong = append(wrong, v.CheckYes(w))
	}
	for _, w := range v.No {
		wrong = append(wrong, v.CheckNo(w))
	}
	return errors.Join(wrong...)
}

// Agrees tells whether a turn is a yes to a question that reads back what the
// deeds are words of: a short one that nlu has in its list, or agreement in
// words of one's own, either as the whole turn or before another matter that
// takes nothing back. What a classifier takes for a yes is not enough: 可以，但是
// 我要红的 begins like one.
func (v Vocabulary) Agrees(h nlu.Understanding, question string, deeds ...string) bool {
	return v.agrees(h, question, slices.Clone(deeds), Tool{}.ForeignWords())
}

func (v Vocabulary) agrees(h nlu.Understanding, question string, deeds, foreign []string) bool {
	if v.holdsNo(h.Text) || feigned.MatchString(h.Text) {
		return false
	}
	if agreedTo(h.Text, question, deeds, foreign, slices.Clone(v.Yes)) {
		return true
	}
	if len(h.Clauses) == 0 || h.Clauses[0].Intent != nlu.Yes || h.Is(nlu.No, nlu.Never) || takesBack.MatchString(h.Text) {
		return false
	}
	listed := h.Clauses[0].Score == 1 && h.Clauses[0].Second == nlu.None // a classifier names a second best
	return listed || len(h.Clauses) > 1 && agreedTo(h.Clauses[0].Text, question, deeds, foreign, slices.Clone(v.Yes))
}

func (v Vocabulary) holdsNo(text string) bool {
	return slices.ContainsFunc(v.No, func(w string) bool { return strings.Contains(text, w) })
}

// Declines tells whether a stretch of a turn is one of the merchant's words for
// no.
func (v Vocabulary) Declines(text string) bool {
	for _, s := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("，。！？ ", r) }) {
		if slices.Contains(v.No, strings.TrimRight(s, "了吧啊呀嘛哦呢")) || slices.Contains(v.No, s) {
			return true
		}
	}
	return false
}

// Agreed tells whether a turn agrees to the question, which reads back what the
// tool would do.
func (t Tool) Agreed(v Vocabulary, h nlu.Understanding, question string) bool {
	return v.agrees(h, question, t.Words(), t.ForeignWords())
}
