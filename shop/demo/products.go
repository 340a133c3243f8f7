package demo

import (
	"context"
	"fmt"
	"sort"
	"strings"
	"unicode/utf8"

	"waggle/shop"
)

// Product finds an article by id.
func (s *Shop) Product(_ context.Context, id string) (shop.Product, error) { return s.product(id) }

func (s *Shop) product(id string) (shop.Product, error) {
	i, ok := s.data.productByID[id]
	if !ok {
		return shop.Product{}, fmt.Errorf("product %s: %w", id, shop.ErrNotFound)
	}
	return s.data.dated(s.data.products[i], s.now()), nil
}

// Search finds the products that the words name. Words name a product when
// they contain its name or one of its aliases, the longer the better; after
// those come products whose title shares two neighbouring characters.
func (s *Shop) Search(_ context.Context, words string, limit int) ([]shop.Product, error) {
	type hit struct {
		product shop.Product
		score   int
	}
	words = strings.ToLower(strings.TrimSpace(words))
	var hits []hit
	for _, p := range s.data.products {
		if score := fit(p, words); score > 0 || words == "" {
			hits = append(hits, hit{p, score})
		}
	}
	sort.SliceStable(hits, func(i, j int) bool { return hits[i].score > hits[j].score })
	out := make([]shop.Product, 0, min(limit, len(hits)))
	for _, h := range hits[:min(limit, len(hits))] {
		out = append(out, s.data.dated(h.product, s.now()))
	}
	return out, nil
}

// named is what a product gets for being named; a shared pair of characters
// counts one.
const named = 100

func fit(p shop.Product, words string) int {
	best := 0
	for i, name := range append([]string{p.Name}, p.Aliases...) {
		name = strings.ToLower(name)
		if !strings.Contains(words, name) {
			continue
		}
		score := named * utf8.RuneCountInString(name)
		if i == 0 {
			score += named / 2
		}
		best = max(best, score)
	}
	title := []rune(strings.ToLower(p.Title))
	for i := 0; i+2 <= len(title); i++ {
		if strings.Contains(words, string(title[i:i+2])) {
			best++
		}
	}
	return best
}
