// Package knowledge finds what the merchant has written that answers a
// question: the question base of the shop, imported documents, and answers
// that somebody pinned. It is a leaf above mandarin and shop's plain types.
package knowledge

import (
	"math"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unicode"

	"waggle/mandarin"
)

// BM25 constants, after Robertson and Zaragoza, "The Probabilistic Relevance
// Framework" (2009).
const (
	k1 = 1.2
	b  = 0.75
)

// Kind says where an entry comes from.
type Kind string

// The kinds, and the names of their sources in replies.
const (
	FAQ      Kind = "faq"      // the shop's question base
	Document Kind = "document" // a passage of an imported document
	Pinned   Kind = "pin"      // an answer that a person has set
)

// Entry is one thing that can be answered.
type Entry struct {
	ID    string
	Kind  Kind
	Topic string
	// Questions are ways to ask for it.
	Questions []string
	// Body is searched too; of a passage, its headings and its text.
	Body string
	// Answer is what is said, or of a passage the text to choose from.
	Answer string
}

// Base is a set of entries, ready to be searched. It is never changed, so it is
// safe for concurrent use.
type Base struct {
	entries []Entry
	texts   []indexed
	index   map[string][]posting
	weight  map[string]float64 // inverse document frequency of a term
	unknown float64            // of a term that no text has
	average float64            // length of a text in terms
	tallies sync.Pool
	vectors atomic.Pointer[vectors] // set once, when the texts have been read
}

// indexed is one text under which an entry is found: a question or its body.
type indexed struct {
	entry    int
	question int // which of the entry's, unless it is the body
	length   int
	body     bool
	weight   float64 // of all its terms, each once
}

// posting is how often a term stands in a text.
type posting struct {
	text, times int32
}

// Hit is an entry that may answer.
type Hit struct {
	Entry Entry
	// Score is the BM25 score; Cover is how much of the question, weighed by
	// how telling its terms are, the entry's wording covers, and Inside how
	// much of that wording the question holds, both in [0,1].
	Score, Cover, Inside float64
	// Cosine is how close in meaning a text of the entry lies, 0 where nothing
	// is known of that.
	Cosine float64
	// Fused is what both orders together say of it, see Library.Retrieve; 0
	// before.
	Fused float64
	// Asked is set when a question of the entry was hit, not only its body.
	Asked bool
}

// New indexes entries: one text for each way to ask and one for the body.
func New(entries []Entry) *Base {
	base := &Base{entries: entries, index: make(map[string][]posting), weight: make(map[string]float64)}
	total := 0
	add := func(t indexed, text string) {
		found := terms(text)
		for term, n := range found {
			base.index[term] = append(base.index[term], posting{int32(len(base.texts)), int32(n)})
			t.length += n
		}
		total += t.length
		base.texts = append(base.texts, t)
	}
	for i, e := range entries {
		for k, q := range e.Questions {
			add(indexed{entry: i, question: k}, q)
		}
		if e.Body != "" {
			add(indexed{entry: i, body: true}, e.Body)
		}
	}
	n := float64(len(base.texts))
	base.average = max(float64(total)/max(1, n), 1)
	for t, list := range base.index {
		f := float64(len(list))
		base.weight[t] = math.Log(1 + (n-f+0.5)/(f+0.5))
	}
	for t, list := range base.index {
		for _, p := range list {
			base.texts[p.text].weight += base.weight[t]
		}
	}
	base.unknown = math.Log(1 + 2*n)
	return base
}

// Len is how many entries there are.
func (base *Base) Len() int { return len(base.entries) }

// tally is what a question has in common with each text, and the texts that it
// has anything in common with. A base of 100,000 texts has one per search under
// way, kept for the next.
type tally struct {
	score, shared []float64
	touched       []int32
}

func (base *Base) tally() *tally {
	if t, ok := base.tallies.Get().(*tally); ok {
		return t
	}
	return &tally{score: make([]float64, len(base.texts)), shared: make([]float64, len(base.texts))}
}

// release clears what was touched and keeps the tally.
func (base *Base) release(t *tally) {
	for _, i := range t.touched {
		t.score[i], t.shared[i] = 0, 0
	}
	t.touched = t.touched[:0]
	base.tallies.Put(t)
}

// Retrieve returns the best entries for a question by its words, the best
// first, each entry once: by the text of it that fits best.
func (base *Base) Retrieve(question string, limit int) []Hit {
	best, _ := base.search(question, nil, limit)
	return best
}

// search is Retrieve; it also makes a Hit of each of the texts that something
// else has found.
func (base *Base) search(question string, texts []int32, limit int) (best, other []Hit) {
	t := base.tally()
	defer base.release(t)
	var all float64
	for term := range terms(question) {
		w, known := base.weight[term]
		if !known {
			all += base.unknown
			continue
		}
		all += w
		for _, p := range base.index[term] {
			if t.score[p.text] == 0 {
				t.touched = append(t.touched, p.text)
			}
			tf := float64(p.times)
			t.shared[p.text] += w
			t.score[p.text] += w * tf * (k1 + 1) / (tf + k1*(1-b+b*float64(base.texts[p.text].length)/base.average))
		}
	}
	for _, i := range t.touched {
		best = base.insert(best, int(i), t.score[i], t.shared[i], all, limit)
	}
	for _, i := range texts {
		other = append(other, base.hit(int(i), t.score[i], t.shared[i], all))
	}
	return best, other
}

// hit is what a text has in common with a question whose terms weigh all.
func (base *Base) hit(text int, score, shared, all float64) Hit {
	at := base.texts[text]
	h := Hit{Entry: base.entries[at.entry], Score: score, Asked: !at.body}
	if shared > 0 {
		h.Cover, h.Inside = shared/all, shared/at.weight
	}
	return h
}

// insert puts the entry of a text in its place among the best, unless another
// text of it is there already and fits better.
func (base *Base) insert(best []Hit, text int, score, shared, all float64, limit int) []Hit {
	if limit <= 0 || len(best) == limit && score < best[limit-1].Score {
		return best
	}
	h := base.hit(text, score, shared, all)
	same := slices.IndexFunc(best, h.sameEntry)
	switch {
	case same >= 0 && !h.better(best[same]):
		return best
	case same >= 0:
		best = slices.Delete(best, same, same+1)
	}
	place := slices.IndexFunc(best, h.better)
	if place < 0 {
		place = len(best)
	}
	best = slices.Insert(best, place, h)
	return best[:min(len(best), limit)]
}

func (h Hit) better(o Hit) bool {
	switch {
	case h.Score != o.Score:
		return h.Score > o.Score
	case h.Asked != o.Asked:
		return h.Asked
	}
	return h.Entry.ID < o.Entry.ID
}

// terms are the words of a text and the pairs of their characters; words that
// carry nothing are left out, and no pair goes across them or across a mark.
func terms(text string) map[string]int {
	out := make(map[string]int)
	var last rune
	for _, w := range mandarin.Segment(strings.ToLower(text)) {
		if strings.Contains(stopWords, " "+w.Text+" ") || !hasLetter(w.Text) {
			last = 0
			continue
		}
		out[w.Text]++
		for _, r := range w.Text {
			out["+"+string(r)]++
			if last != 0 {
				out["="+string([]rune{last, r})]++
			}
			last = r
		}
	}
	return out
}

func hasLetter(w string) bool {
	return strings.ContainsFunc(w, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}

// stopWords stand between blanks.
const stopWords = " 的 了 吗 呢 啊 呀 吧 我 你 您 你们 我们 我想 想 请问 问 一下 这 那 这个 那个 是 有 在 就 都 也 和 给 要 能 可以 会 怎么 什么 请 麻烦 帮 帮我 个 不 没 多少 几 哪 哪里 哪儿 吗 有没有 能不能 是不是 可不可以 是否 还 呀 嘛 哦 "
