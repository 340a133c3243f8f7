// Package measure finds out how well products are found by photo: recall on a
// labelled set, choice among the products of an order, calibration, and the
// speed of the index. It imports vision/search and what that is made of.
package measure

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"

	"waggle/vision"
	"waggle/vision/search"
)

// ErrSet says that a labelled set cannot be used and why.
var ErrSet = errors.New("labelled set")

// Photo is one line of a labelled set. A photo that is in the gallery and a
// query is searched for among the other pictures: leave one out.
type Photo struct {
	Path    string
	Product string
	Query   bool // else it is in the gallery
}

// Opener decodes a photo.
type Opener func(ctx context.Context, path string) (vision.Image, error)

// Result of an evaluation.
type Result struct {
	Gallery  int     `json:"gallery"`  // pictures
	Products int     `json:"products"` // among them
	Queries  int     `json:"queries"`
	Recall1  float64 `json:"recall_at_1"`
	Recall5  float64 `json:"recall_at_5"`
	// Order is the choice among N products, one of which is right.
	Order []Order `json:"order"`
	// Open is the choice among all products.
	Open Order `json:"open"`
	// CPU is the mean processor time of a search, decoding left out.
	CPU float64 `json:"cpu_ms"`
}

// Order is how a choice among N products went.
type Order struct {
	N int `json:"n"`
	// Accuracy when the best hit always counts.
	Accuracy float64 `json:"accuracy"`
	// Of the queries, how many were answered with certainty, and how many of
	// those rightly; how many were asked back with the right one among the few.
	Sure      float64 `json:"sure"`
	SureRight float64 `json:"sure_right"`
	AskHelps  float64 `json:"ask_helps"`
	// FalseSure is how often one is taken when the right one is not among the N.
	FalseSure float64 `json:"false_sure"`
}

// Sizes of orders that are measured.
var orderSizes = []int{2, 5, 10, 20}

// Eval measures a finder whose index holds the set's gallery.
type Eval struct {
	Finder  *search.Finder
	Weights search.Weights
	Open    Opener
}

// Gallery lists the set's pictures for an import.
func Gallery(set []Photo, open Opener) func(yield func(search.Picture, error) bool) {
	return func(yield func(search.Picture, error) bool) {
		for _, p := range set {
			if p.Query {
				continue
			}
			load := func(ctx context.Context) (vision.Image, error) { return open(ctx, p.Path) }
			if !yield(search.Picture{Key: p.Path, Product: p.Product, Load: load}, nil) {
				return
			}
		}
	}
}

// ranked is one query with all products in order.
type ranked struct {
	product string
	hits    []search.Hit
	cpu     float64 // milliseconds
}

// rank searches for every query. details gets a line each.
func (e Eval) rank(ctx context.Context, set []Photo, details io.Writer) ([]ranked, []string, error) {
	products := map[string]bool{}
	var names []string
	for _, p := range set {
		if !p.Query && !products[p.Product] {
			products[p.Product] = true
			names = append(names, p.Product)
		}
	}
	enc := json.NewEncoder(details)
	gallery := map[string]bool{}
	for _, p := range set {
		gallery[p.Path] = gallery[p.Path] || !p.Query
	}
	var out []ranked
	for _, p := range set {
		if !p.Query {
			continue
		}
		img, err := e.Open(ctx, p.Path)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", p.Path, err)
		}
		began := cpuTime()
		hits, err := e.search(ctx, img, p.Path, len(names), gallery[p.Path])
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", p.Path, err)
		}
		out = append(out, ranked{p.Product, hits, ms(cpuTime() - began)})
		if err := enc.Encode(map[string]any{"path": p.Path, "product": p.Product, "hits": hits[:min(5, len(hits))]}); err != nil {
			return nil, nil, err
		}
	}
	if len(out) == 0 || len(names) == 0 {
		return nil, nil, fmt.Errorf("%w: it needs rows of split gallery and of split query", ErrSet)
	}
	return out, names, nil
}

func (e Eval) search(ctx context.Context, img vision.Image, path string, k int, but bool) ([]search.Hit, error) {
	if but {
		return e.Finder.SearchOthers(ctx, img, k, path)
	}
	return e.Finder.Search(ctx, img, k, nil)
}

// Run measures recall and the choice among few.
func (e Eval) Run(ctx context.Context, set []Photo, details io.Writer) (Result, error) {
	all, names, err := e.rank(ctx, set, details)
	if err != nil {
		return Result{}, err
	}
	r := Result{Gallery: e.Finder.Len(), Products: len(names), Queries: len(all)}
	for _, q := range all {
		r.CPU += q.cpu / float64(len(all))
		switch at := place(q.hits, q.product); {
		case at == 0:
			r.Recall1++
			r.Recall5++
		case at > 0 && at < 5:
			r.Recall5++
		}
	}
	r.Recall1 /= float64(len(all))
	r.Recall5 /= float64(len(all))
	for _, n := range orderSizes {
		if n <= len(names) {
			r.Order = append(r.Order, e.order(all, names, n))
		}
	}
	r.Open = e.order(all, names, len(names))
	return r, nil
}

func place(hits []search.Hit, product string) int {
	for i, h := range hits {
		if h.Product == product {
			return i
		}
	}
	return -1
}

// order draws the other products of each query's order with a fixed seed.
func (e Eval) order(all []ranked, names []string, n int) Order {
	rng := rand.New(rand.NewPCG(11, uint64(n)))
	o := Order{N: n}
	for _, q := range all {
		with, without := draw(rng, q, names, n)
		if len(with) > 0 && with[0].Product == q.product {
			o.Accuracy++
		}
		switch c := e.Weights.Decide(with); {
		case c.Verdict == search.Sure && c.Hits[0].Product == q.product:
			o.Sure++
			o.SureRight++
		case c.Verdict == search.Sure:
			o.Sure++
		case place(c.Hits, q.product) >= 0:
			o.AskHelps++
		}
		if e.Weights.Decide(without).Verdict == search.Sure {
			o.FalseSure++
		}
	}
	o.SureRight /= max(1, o.Sure)
	for _, v := range []*float64{&o.Accuracy, &o.Sure, &o.AskHelps, &o.FalseSure} {
		*v /= float64(len(all))
	}
	return o
}

// draw gives a query's ranking among n products with the right one, and among
// as many without it.
func draw(rng *rand.Rand, q ranked, names []string, n int) (with, without []search.Hit) {
	others := make([]string, 0, len(names))
	for _, i := range rng.Perm(len(names)) {
		if names[i] != q.product {
			others = append(others, names[i])
		}
	}
	others = others[:min(n, len(others))]
	in := map[string]bool{}
	for _, p := range others {
		in[p] = true
	}
	last := "" // makes room for the right one
	if len(others) == n {
		last = others[n-1]
	}
	for _, h := range q.hits {
		if in[h.Product] {
			without = append(without, h)
		}
		if h.Product == q.product || in[h.Product] && h.Product != last {
			with = append(with, h)
		}
	}
	return with, without
}
