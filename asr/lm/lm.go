// Package lm holds the recogniser's language model and lexicon: words with
// their readings in toneless syllables, and a pruned trigram over them with
// back-off weights (Katz, IEEE ASSP 1987). models/train/lm builds the file.
// It is a leaf.
package lm

// WordID is the index of a word in Model.Words.
type WordID = uint16

// The words that are not spoken as such. Digits stands for a run of digits
// (the decoder's sub-grammar), Phrase for a name that the dialog adds.
const (
	Begin WordID = iota
	End
	Digits
	Phrase
	FirstWord // the first real word
)

// Word is one entry of the lexicon.
type Word struct {
	Text     string
	Readings [][]uint16 // each a sequence of indices into Model.Syllables
}

// Model is an immutable language model, safe for concurrent use.
type Model struct {
	Syllables []string
	Words     []Word

	uni []context // one per word and a sentinel
	bi  []bigram  // grouped by first word, sorted by second; and a sentinel
	tri []trigram // grouped by bigram, sorted by word
}

// context is what a history knows: its own weight and where its
// continuations begin.
type context struct {
	logp, bow int16
	first     uint32
}

type bigram struct {
	word WordID
	context
}

type trigram struct {
	word WordID
	logp int16
}

// scale: stored values are natural logarithms times this.
const scale = 1500

// State is a history: empty, a word, or a bigram of the model. States of one
// model can be compared; equal states have equal futures.
type State uint32

// empty is the history that knows nothing; word w is State(1+w); bigram i is
// State(1+len(Words)+i).
const empty State = 0

// Start is the history at the beginning of a sentence.
func (m *Model) Start() State { return m.wordState(Begin) }

// After is the history in which only one word is known.
func (m *Model) After(w WordID) State { return m.wordState(w) }

func (m *Model) wordState(w WordID) State { return State(1 + uint32(w)) }

func (m *Model) bigramState(i int) State { return State(1 + len(m.Words) + i) }

// Score is ln P(word | history), and the history after the word.
func (m *Model) Score(s State, w WordID) (float32, State) {
	next, bi := m.next(s, w)
	cost := int32(0)
	if i, ok := m.asBigram(s); ok {
		if t, ok := m.findTrigram(i, w); ok {
			return value(int32(m.tri[t].logp)), next
		}
		cost += int32(m.bi[i].bow)
		s = m.wordState(m.bi[i].word)
	}
	if s != empty {
		if bi < 0 {
			bi = m.findBigram(WordID(s-1), w)
		}
		if bi >= 0 {
			return value(cost + int32(m.bi[bi].logp)), next
		}
		cost += int32(m.uni[s-1].bow)
	}
	return value(cost + int32(m.uni[w].logp)), next
}

// Follows reports whether the model has seen the word right after the last
// word of the history, so that its probability is no mere guess.
func (m *Model) Follows(s State, w WordID) bool {
	_, bi := m.next(s, w)
	return bi >= 0
}

// Unigram is ln P(word) without history.
func (m *Model) Unigram(w WordID) float32 { return value(int32(m.uni[w].logp)) }

// next is the longest history of the model that ends in w, and the index of
// its bigram or -1.
func (m *Model) next(s State, w WordID) (State, int) {
	last := s
	if i, ok := m.asBigram(s); ok {
		last = m.wordState(m.bi[i].word)
	}
	if last == empty {
		return m.wordState(w), -1
	}
	if i := m.findBigram(WordID(last-1), w); i >= 0 {
		return m.bigramState(i), i
	}
	return m.wordState(w), -1
}

func (m *Model) asBigram(s State) (int, bool) {
	i := int(s) - 1 - len(m.Words)
	return i, i >= 0
}

// findBigram is the index of (a, b), or -1.
func (m *Model) findBigram(a, b WordID) int {
	lo, hi := int(m.uni[a].first), int(m.uni[a+1].first)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		switch w := m.bi[mid].word; {
		case w == b:
			return mid
		case w < b:
			lo = mid + 1
		default:
			hi = mid
		}
	}
	return -1
}

func (m *Model) findTrigram(i int, w WordID) (int, bool) {
	lo, hi := int(m.bi[i].first), int(m.bi[i+1].first)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		switch v := m.tri[mid].word; {
		case v == w:
			return mid, true
		case v < w:
			lo = mid + 1
		default:
			hi = mid
		}
	}
	return 0, false
}

func value(v int32) float32 { return float32(v) / scale }
