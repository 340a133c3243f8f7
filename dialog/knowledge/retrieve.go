package knowledge

import (
	"cmp"
	"slices"
)

// Retrieve searches what holds now, by words and, once the texts have been
// through an encoder, by meaning: the two orders are fused by reciprocal rank.
func (l *Library) Retrieve(question string, limit int) []Hit {
	base := l.base.Load()
	texts, cosines := l.byMeaning(base, question)
	if len(texts) == 0 {
		return base.Retrieve(question, limit)
	}
	words, meant := base.search(question, texts, deep)
	return fuse(words, nearest(meant, cosines), limit)
}

// nearest keeps the closest text of each entry.
func nearest(meant []Hit, cosines []float64) []Hit {
	var out []Hit
	for i, h := range meant {
		if h.Cosine = cosines[i]; !slices.ContainsFunc(out, h.sameEntry) {
			out = append(out, h)
		}
	}
	return out
}

func (h Hit) sameEntry(o Hit) bool { return o.Entry.ID == h.Entry.ID && o.Entry.Kind == h.Entry.Kind }

// fuse joins two orders. Of an entry in both, the words' hit stays, with the
// cosine of the other.
func fuse(words, meant []Hit, limit int) []Hit {
	all := slices.Clone(words)
	for i := range all {
		all[i].Fused = 1 / float64(fusion+i+1)
	}
	for rank, h := range meant {
		share := 1 / float64(fusion+rank+1)
		if i := slices.IndexFunc(all, h.sameEntry); i >= 0 {
			all[i].Cosine = h.Cosine
			all[i].Fused += share
			continue
		}
		h.Fused = share
		all = append(all, h)
	}
	slices.SortStableFunc(all, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(b.Fused, a.Fused), cmp.Compare(b.Cosine, a.Cosine), cmp.Compare(a.Entry.ID, b.Entry.ID))
	})
	return all[:min(len(all), limit)]
}
