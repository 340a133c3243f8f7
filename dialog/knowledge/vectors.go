package knowledge

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
)

// Embedder turns texts into vectors of one length; texts that mean the same lie
// close together by their angle. The encoder of package nlu is one.
type Embedder interface {
	Embed(texts []string) ([][]float32, error)
}

// fusion is k of reciprocal rank fusion: an entry scores 1/(k+rank) in each
// list that holds it (Cormack, Clarke and Büttcher, SIGIR 2009).
const fusion = 60

// deep is how far down either list an entry still counts.
const deep = 40

// vectors are unit vectors of the texts of a Base in steps of 1/127, rows of
// dims values; a text without one has row -1.
type vectors struct {
	dims int
	row  []int32
	data []int8
}

// unit scales a vector to length 1 in steps of 1/127; nil for a zero vector or
// one that holds no numbers.
func unit(v []float32) []int8 {
	var sum float64
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	if sum == 0 || math.IsNaN(sum) || math.IsInf(sum, 0) {
		return nil
	}
	scale := 127 / math.Sqrt(sum)
	out := make([]int8, len(v))
	for i, x := range v {
		out[i] = int8(math.Round(float64(x) * scale))
	}
	return out
}

// nearest lists the texts whose vectors lie closest to q, the closest first,
// with their cosines.
func (v *vectors) nearest(q []int8, limit int) (texts []int32, cosines []float64) {
	type near struct {
		text int32
		dot  int32
	}
	best := make([]near, 0, limit+1)
	for text, row := range v.row {
		if row < 0 {
			continue
		}
		d := dot(q, v.data[int(row)*v.dims:][:v.dims])
		if len(best) == limit && d <= best[limit-1].dot {
			continue
		}
		at, _ := slices.BinarySearchFunc(best, d, func(n near, d int32) int { return cmp.Compare(d, n.dot) })
		best = slices.Insert(best, at, near{int32(text), d})
		best = best[:min(len(best), limit)]
	}
	for _, n := range best {
		texts, cosines = append(texts, n.text), append(cosines, float64(n.dot)/(127*127))
	}
	return texts, cosines
}

// dot is unrolled by four: a base of 30,000 texts is one pass of this.
func dot(a, b []int8) int32 {
	b = b[:len(a)]
	var s0, s1, s2, s3 int32
	i := 0
	for ; i+4 <= len(a); i += 4 {
		s0 += int32(a[i]) * int32(b[i])
		s1 += int32(a[i+1]) * int32(b[i+1])
		s2 += int32(a[i+2]) * int32(b[i+2])
		s3 += int32(a[i+3]) * int32(b[i+3])
	}
	for ; i < len(a); i++ {
		s0 += int32(a[i]) * int32(b[i])
	}
	return s0 + s1 + s2 + s3
}

// embedding is how many texts go through the encoder at once.
const embedding = 32

// Embed searches by meaning as well from now on: every text gets a vector, and
// what is imported later gets its own. It takes a while for a large base and
// may run while questions are answered; until it is done they are found by
// their words. An error leaves the library as it was.
func (l *Library) Embed(ctx context.Context, e Embedder) error {
	l.mu.Lock()
	l.embedder = e
	l.mu.Unlock()
	for {
		missing := l.base.Load().without(l.known)
		if len(missing) == 0 {
			break
		}
		for chunk := range slices.Chunk(missing, embedding) {
			if err := ctx.Err(); err != nil {
				return fmt.Errorf("knowledge: %w", err)
			}
			found, err := embed(e, chunk)
			if err != nil {
				return err
			}
			l.learn(chunk, found)
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.attach(l.base.Load())
	return nil
}

func embed(e Embedder, texts []string) ([][]int8, error) {
	found, err := e.Embed(texts)
	if err != nil {
		return nil, fmt.Errorf("knowledge: %w", err)
	}
	if len(found) != len(texts) {
		return nil, fmt.Errorf("knowledge: the encoder gave %d vectors for %d texts", len(found), len(texts))
	}
	out := make([][]int8, len(found))
	for i, v := range found {
		out[i] = unit(v)
	}
	return out, nil
}

// read gives a base that is new the vectors of its texts. What the encoder
// cannot read is found by its words.
func (l *Library) read(base *Base) {
	for chunk := range slices.Chunk(base.without(l.known), embedding) {
		if found, err := embed(l.embedder, chunk); err == nil {
			l.learn(chunk, found)
		}
	}
	l.attach(base)
}

// known reports whether a text has been through the encoder.
func (l *Library) known(text string) bool {
	l.learned.RLock()
	defer l.learned.RUnlock()
	_, ok := l.meaning[text]
	return ok
}

func (l *Library) learn(texts []string, found [][]int8) {
	l.learned.Lock()
	defer l.learned.Unlock()
	if l.meaning == nil {
		l.meaning = map[string][]int8{}
	}
	for i, t := range texts {
		l.meaning[t] = found[i]
	}
}

// attach gives a base the vectors that are known.
func (l *Library) attach(base *Base) {
	l.learned.RLock()
	defer l.learned.RUnlock()
	v := &vectors{row: make([]int32, len(base.texts))}
	for i, t := range base.texts {
		v.row[i] = -1
		m := l.meaning[base.wording(t)]
		if m == nil || v.dims > 0 && len(m) != v.dims {
			continue
		}
		v.dims = len(m)
		v.row[i] = int32(len(v.data) / v.dims)
		v.data = append(v.data, m...)
	}
	base.vectors.Store(v)
}

// without lists the texts that a test does not know yet, each once.
func (base *Base) without(known func(string) bool) []string {
	var out []string
	seen := map[string]bool{}
	for _, t := range base.texts {
		if w := base.wording(t); !seen[w] && !known(w) {
			seen[w] = true
			out = append(out, w)
		}
	}
	return out
}

// wording is the text itself.
func (base *Base) wording(t indexed) string {
	e := base.entries[t.entry]
	if t.body {
		return e.Body
	}
	return e.Questions[t.question]
}

// byMeaning lists the texts closest to a question; none without vectors.
func (l *Library) byMeaning(base *Base, question string) (texts []int32, cosines []float64) {
	v := base.vectors.Load()
	if v == nil || v.dims == 0 {
		return nil, nil
	}
	found, err := embed(l.embedder, []string{question})
	if err != nil || found[0] == nil || len(found[0]) != v.dims {
		return nil, nil // words alone still find most of it
	}
	return v.nearest(found[0], deep)
}
