package knowledge

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Question is one that nothing answered, and how often it was asked.
type Question struct {
	Text  string    `json:"text"`
	Times int       `json:"times"`
	Last  time.Time `json:"last"`
}

// Draft is a group of questions that ask for the same: a proposal of what to
// pin, without an answer, which only the merchant knows.
type Draft struct {
	// Question is the one that is most like the others.
	Question string     `json:"question"`
	Times    int        `json:"times"`
	Others   []Question `json:"others,omitempty"`
}

// Missed notes a question that nothing answered. Numbers are masked first: they
// may be somebody's. Whether it could be noted matters to nobody who waits for
// an answer, so that a failure is dropped.
func (l *Library) Missed(ctx context.Context, question string) {
	text := masked(strings.TrimSpace(question))
	if l.keep == nil || len(terms(text)) == 0 || utf8.RuneCountInString(text) > maxQuestion {
		return
	}
	_ = l.keep.Missed(ctx, text, time.Now().UTC())
}

// masked replaces runs of three and more digits.
func masked(s string) string {
	var out strings.Builder
	run := 0
	for _, r := range s + "\x00" {
		if r >= '0' && r <= '9' {
			run++
			continue
		}
		if run > 0 {
			out.WriteString(strings.Repeat("0", min(run, 3)))
			run = 0
		}
		if r != 0 {
			out.WriteRune(r)
		}
	}
	return out.String()
}

// How many unanswered questions are looked at, and how like one another the
// questions of a draft are (cosine of their weighed terms).
const (
	maxMissed = 3000
	alike     = 0.45
)

// Drafts groups the questions that nothing answered since a moment, the most
// asked group first. Questions that something answers by now are left out.
func (l *Library) Drafts(ctx context.Context, since time.Time) ([]Draft, error) {
	if l.keep == nil {
		return []Draft{}, nil
	}
	questions, err := l.keep.MissedSince(ctx, since, maxMissed)
	if err != nil {
		return nil, err
	}
	base := l.base.Load()
	questions = without(questions, func(q Question) bool {
		hits := base.Retrieve(q.Text, 3)
		return slices.ContainsFunc(hits, Hit.pinned)
	})
	return group(questions), nil
}

// group puts each question to the first group whose leader it is like, leaders
// being asked more often: one pass, as in leader clustering (Hartigan,
// "Clustering Algorithms", 1975).
func group(questions []Question) []Draft {
	slices.SortStableFunc(questions, func(a, b Question) int { return b.Times - a.Times })
	texts := make([]string, len(questions))
	for i, q := range questions {
		texts[i] = q.Text
	}
	vectors := vectorise(texts)
	drafts := []Draft{}
	var leaders []map[string]float64
	for i, q := range questions {
		at := slices.IndexFunc(leaders, func(v map[string]float64) bool { return cosine(v, vectors[i]) >= alike })
		if at < 0 {
			drafts, leaders = append(drafts, Draft{Question: q.Text, Times: q.Times}), append(leaders, vectors[i])
			continue
		}
		drafts[at].Times += q.Times
		drafts[at].Others = append(drafts[at].Others, q)
	}
	slices.SortStableFunc(drafts, func(a, b Draft) int { return b.Times - a.Times })
	return drafts
}

// vectorise weighs the terms of texts by how few of the texts have them; each
// vector has length 1.
func vectorise(texts []string) []map[string]float64 {
	vectors, found := make([]map[string]float64, len(texts)), map[string]float64{}
	for i, t := range texts {
		vectors[i] = map[string]float64{}
		for term := range terms(t) {
			vectors[i][term] = 1
			found[term]++
		}
	}
	for _, v := range vectors {
		var square float64
		for term := range v {
			v[term] = 1 / (1 + found[term]/float64(len(texts)+1))
			square += v[term] * v[term]
		}
		for term := range v {
			v[term] /= max(1e-9, math.Sqrt(square))
		}
	}
	return vectors
}

func cosine(a, b map[string]float64) float64 {
	if len(b) < len(a) {
		a, b = b, a
	}
	var sum float64
	for _, term := range slices.Sorted(maps.Keys(a)) { // the same sum every time
		sum += a[term] * b[term]
	}
	return sum
}

// pinID is the same for the same question in other punctuation.
func pinID(question string) string {
	sum := sha256.Sum256([]byte(strings.Join(slices.Sorted(maps.Keys(terms(question))), " ")))
	return hex.EncodeToString(sum[:6])
}
