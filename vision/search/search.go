// Package search finds the product on a photo: in a whole catalogue, or among
// the few of an order. It says how sure it is, asks between a few when it is
// not, and abstains when nothing fits. It imports vision's plain types,
// vision/embed, vision/opencv and vision/search/index.
package search

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"waggle/vision"
	"waggle/vision/embed"
	"waggle/vision/search/index"
)

// Hit is a product that a photo may show.
type Hit struct {
	Product string `json:"product"`
	Image   string `json:"image"` // key of the picture that fits best
	// Score is the similarity, from about 0 to 1; it ranks and is no probability.
	Score float32 `json:"score"`
}

// Loader gives a picture of the catalogue again by its key.
type Loader func(ctx context.Context, key string) (vision.Image, error)

// Options of a Finder.
type Options struct {
	// Dir keeps the index; empty keeps it in memory only.
	Dir string
	// Load gives pictures for the comparison point by point; nil does without.
	Load Loader
	// Index bounds the index; its Dim and Network are set here.
	Index index.Options
}

// Finder finds products by photo. It is safe for concurrent use.
type Finder struct {
	describe *embed.Describer
	x        *index.Index
	load     Loader
	points   *pointCache
	weights  Weights
}

// Open makes a Finder over a describer, which stays the caller's. Files that
// another network made, or that are damaged, are thrown away: an import makes
// them again.
func Open(d *embed.Describer, o Options) (*Finder, error) {
	o.Index.Dim, o.Index.Network = d.Dim(), d.Network()
	f := &Finder{describe: d, load: o.Load, points: newPointCache(), weights: WeightsOf(d.Card())}
	var err error
	if o.Dir == "" {
		f.x, err = index.New(o.Index)
		return f, err
	}
	f.x, err = index.Open(o.Dir, o.Index)
	if errors.Is(err, index.ErrDamaged) || errors.Is(err, index.ErrOther) {
		if err := index.Discard(o.Dir); err != nil {
			return nil, fmt.Errorf("search: %w", err)
		}
		f.x, err = index.Open(o.Dir, o.Index)
	}
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	return f, nil
}

// Close frees the index's files and the points kept.
func (f *Finder) Close() error { return errors.Join(f.x.Close(), f.points.close()) }

// Len is the number of pictures.
func (f *Finder) Len() int { return f.x.Len() }

// Weights are what the network's card says of its certainty.
func (f *Finder) Weights() Weights { return f.weights }

// Index is what the pictures lie in.
func (f *Finder) Index() *index.Index { return f.x }

// perProduct is how many pictures of one product are allowed for when products
// are counted, and reranked how many products are compared point by point.
const (
	perProduct = 8
	reranked   = 8
)

// Search gives the k products most like the photo, best first, of those that
// keep lets through; nil keeps all.
func (f *Finder) Search(ctx context.Context, photo vision.Image, k int, keep func(product string) bool) ([]Hit, error) {
	v, err := f.describe.Describe(ctx, photo)
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	near, err := f.x.Search(v, max(k, reranked)*perProduct, keep)
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	hits := byProduct(near)
	if f.load != nil {
		if err := f.rerank(ctx, photo, hits[:min(len(hits), reranked)]); err != nil {
			return nil, err
		}
	}
	return hits[:min(k, len(hits))], nil
}

// byProduct keeps the best picture of each product; near is in order.
func byProduct(near []index.Hit) []Hit {
	var out []Hit
	seen := map[string]bool{}
	for _, h := range near {
		if !seen[h.Product] {
			seen[h.Product] = true
			out = append(out, Hit{h.Product, h.Key, h.Score})
		}
	}
	return out
}

// Choose says which of a few products a photo shows, such as those of an order.
func (f *Finder) Choose(ctx context.Context, photo vision.Image, products []string) (Choice, error) {
	hits, err := f.Search(ctx, photo, len(products), func(p string) bool { return slices.Contains(products, p) })
	if err != nil {
		return Choice{}, err
	}
	return f.weights.Decide(hits), nil
}

// Find says which product of the whole catalogue a photo shows.
func (f *Finder) Find(ctx context.Context, photo vision.Image) (Choice, error) {
	hits, err := f.Search(ctx, photo, reranked, nil)
	if err != nil {
		return Choice{}, err
	}
	return f.weights.Decide(hits), nil
}

// order sorts hits, best first.
func order(hits []Hit) {
	slices.SortStableFunc(hits, func(a, b Hit) int { return cmp.Compare(b.Score, a.Score) })
}
