package lm

// Bounds is, for every word, the largest ln P(word | history) that any history
// gives it. A search that knows it asks only for words that could still matter.
func (m *Model) Bounds() []float32 {
	// What backing off may add: nothing for most histories, as weights are
	// probabilities left over, but estimators do not promise it.
	var toBigram, toUnigram int16
	for i := range m.bi {
		toBigram = max(toBigram, m.bi[i].bow)
	}
	for i := range m.uni {
		toUnigram = max(toUnigram, m.uni[i].bow)
	}
	best := make([]int32, len(m.Words))
	for w := range best {
		best[w] = int32(m.uni[w].logp) + int32(toUnigram) + int32(toBigram)
	}
	for _, b := range m.bi[:max(len(m.bi)-1, 0)] { // without the sentinel
		best[b.word] = max(best[b.word], int32(b.logp)+int32(toBigram))
	}
	for _, t := range m.tri {
		best[t.word] = max(best[t.word], int32(t.logp))
	}
	out := make([]float32, len(best))
	for w, v := range best {
		out[w] = value(v)
	}
	return out
}
