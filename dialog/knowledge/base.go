// Package knowledge finds the entry of the merchant's question base that
// answers a question, by BM25 over words and pairs of characters. It is a leaf
// above mandarin and shop's plain types.
package knowledge

import (
	"math"
	"sort"
	"strings"
	"unicode"

	"waggle/mandarin"
	"waggle/shop"
)

// BM25 constants, after Robertson and Zaragoza, "The Probabilistic Relevance
// Framework" (2009).
const (
	k1 = 1.2
	b  = 0.75
)

// Base is a question base, ready to be searched. It is never changed, so it is
// safe for concurrent use.
type Base struct {
	docs    []doc
	weight  map[string]float64 // inverse document frequency of a term
	unknown float64            // of a term that no document has
	average float64            // length of a document in terms
}

// doc is one way to ask for an article.
type doc struct {
	article shop.Article
	terms   map[string]int
	length  int
}

// Hit is an article that may answer.
type Hit struct {
	Article shop.Article
	// Score is the BM25 score; Cover is how much of the question, weighed by
	// how telling its terms are, the article's wording covers, in [0,1].
	Score, Cover float64
}

// New indexes the articles: one document for each way to ask.
func New(articles []shop.Article) *Base {
	base := &Base{weight: make(map[string]float64)}
	found := make(map[string]int)
	total := 0
	for _, a := range articles {
		for _, q := range a.Questions {
			d := doc{article: a, terms: terms(q)}
			for t, n := range d.terms {
				d.length += n
				found[t]++
			}
			total += d.length
			base.docs = append(base.docs, d)
		}
	}
	n := float64(len(base.docs))
	base.average = float64(total) / max(1, n)
	for t, f := range found {
		base.weight[t] = math.Log(1 + (n-float64(f)+0.5)/(float64(f)+0.5))
	}
	base.unknown = math.Log(1 + 2*n)
	return base
}

// Retrieve returns the best articles for a question, the best first, each
// article once.
func (base *Base) Retrieve(question string, limit int) []Hit {
	asked := terms(question)
	best := make(map[string]Hit)
	for _, d := range base.docs {
		h := Hit{Article: d.article}
		h.Score, h.Cover = base.match(asked, d)
		if h.Score > best[d.article.ID].Score {
			best[d.article.ID] = h
		}
	}
	hits := make([]Hit, 0, len(best))
	for _, h := range best {
		hits = append(hits, h)
	}
	sort.Slice(hits, func(i, j int) bool {
		if hits[i].Score != hits[j].Score {
			return hits[i].Score > hits[j].Score
		}
		return hits[i].Article.ID < hits[j].Article.ID
	})
	return hits[:min(limit, len(hits))]
}

func (base *Base) match(asked map[string]int, d doc) (score, cover float64) {
	var shared, all float64
	for t := range asked {
		w, known := base.weight[t]
		if !known {
			all += base.unknown
			continue
		}
		all += w
		tf := float64(d.terms[t])
		if tf == 0 {
			continue
		}
		shared += w
		score += w * tf * (k1 + 1) / (tf + k1*(1-b+b*float64(d.length)/base.average))
	}
	if all > 0 {
		cover = shared / all
	}
	return score, cover
}

// terms are the words of a text and the pairs of its characters; words that
// carry nothing are left out.
func terms(text string) map[string]int {
	out := make(map[string]int)
	text = strings.ToLower(text)
	for _, w := range mandarin.Segment(text) {
		if !strings.Contains(stopWords, " "+w.Text+" ") && hasLetter(w.Text) {
			out[w.Text]++
		}
	}
	var last rune
	for _, r := range text {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			last = 0
			continue
		}
		if last != 0 {
			if pair := string([]rune{last, r}); !strings.Contains(stopWords, " "+pair+" ") {
				out["="+pair]++
			}
		}
		last = r
	}
	return out
}

func hasLetter(w string) bool {
	return strings.ContainsFunc(w, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}

// stopWords stand between blanks.
const stopWords = " 的 了 吗 呢 啊 呀 吧 我 你 您 你们 我们 我想 想 请问 问 一下 这 那 这个 那个 是 有 在 就 都 也 和 给 要 能 可以 会 怎么 什么 请 麻烦 帮 帮我 个 不 没 "
