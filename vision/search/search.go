// Package search finds the product on a photo: in a whole catalogue, or among
// the few of an order. It says how sure it is, asks between a few when it is
// not, and abstains when nothing fits. It imports vision's plain types,
// vision/embed, and what lies below it: index, local and blobs.
package search

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"waggle/vision"
	"waggle/vision/embed"
	"waggle/vision/search/blobs"
	"waggle/vision/search/index"
	"waggle/vision/search/local"
)

// Hit is a product that a photo may show.
type Hit struct {
	Product string `json:"product"`
	Image   string `json:"image"` // key of the picture that fits best
	// Score is the similarity, from about 0 to 1; it ranks and is no probability.
	Score float32 `json:"score"`
	// Parts are what the score is made of.
	Parts Parts `json:"-"`
}

// Options of a Finder.
type Options struct {
	// Dir keeps the index; empty keeps it in memory and a nameless file only.
	Dir string
	// Plain does without the comparison place by place and point by point.
	Plain bool
	// Index bounds the index; its Dim and Network are set here.
	Index index.Options
}

// Finder finds products by photo. It is safe for concurrent use.
type Finder struct {
	describe *embed.Describer
	x        *index.Index
	locals   *blobs.File // what pictures are compared by; nil when plain
	weights  Weights
	mixture  Mixture
}

// localsFile lies beside the files of the index.
const localsFile = "places.dat"

// Open makes a Finder over a describer, which stays the caller's. Files that
// another network made, or that are damaged, are thrown away: an import makes
// them again.
func Open(d *embed.Describer, o Options) (*Finder, error) {
	o.Index.Dim, o.Index.Network = d.Dim(), d.Network()
	f := &Finder{describe: d, weights: WeightsOf(d.Card()), mixture: MixtureOf(d.Card())}
	var err error
	if f.x, err = openIndex(o); err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	if o.Plain {
		return f, nil
	}
	path := ""
	if o.Dir != "" {
		path = filepath.Join(o.Dir, localsFile)
	}
	if f.locals, err = blobs.Open(path, fmt.Sprintf("%s places/%d", d.Network(), local.Version)); err != nil {
		return nil, errors.Join(fmt.Errorf("search: %w", err), f.x.Close())
	}
	return f, nil
}

func openIndex(o Options) (*index.Index, error) {
	if o.Dir == "" {
		return index.New(o.Index)
	}
	x, err := index.Open(o.Dir, o.Index)
	if errors.Is(err, index.ErrDamaged) || errors.Is(err, index.ErrOther) {
		if err := index.Discard(o.Dir); err != nil {
			return nil, err
		}
		return index.Open(o.Dir, o.Index)
	}
	return x, err
}

// Close frees the files.
func (f *Finder) Close() error {
	if f.locals == nil {
		return f.x.Close()
	}
	return errors.Join(f.x.Close(), f.locals.Close())
}

// Len is the number of pictures.
func (f *Finder) Len() int { return f.x.Len() }

// Weights are what the network's card says of its certainty.
func (f *Finder) Weights() Weights { return f.weights }

// Index is what the pictures lie in.
func (f *Finder) Index() *index.Index { return f.x }

// perProduct is how many pictures of one product are allowed for when products
// are counted.
const perProduct = 8

// Search gives the k products most like the photo, best first, of those that
// keep lets through; nil keeps all.
func (f *Finder) Search(ctx context.Context, photo vision.Image, k int, keep func(product string) bool) ([]Hit, error) {
	hits, err := f.search(ctx, photo, k, "", keep)
	return hits[:min(k, len(hits))], err
}

// SearchOthers is Search among the pictures other than the one with the key,
// for a photo that is itself in the catalogue.
func (f *Finder) SearchOthers(ctx context.Context, photo vision.Image, k int, key string) ([]Hit, error) {
	hits, err := f.search(ctx, photo, k+1, key, nil)
	return hits[:min(k, len(hits))], err
}

func (f *Finder) search(ctx context.Context, photo vision.Image, k int, but string, keep func(product string) bool) ([]Hit, error) {
	d, err := f.describe.Describe(ctx, photo)
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	near, err := f.x.Search(d.Vector, max(k*perProduct, compared), keep)
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	near = slices.DeleteFunc(near, func(h index.Hit) bool { return but != "" && h.Key == but })
	var own *local.Description
	if f.locals != nil && len(near) > 0 {
		if own, err = describeLocally(photo, d, local.QueryPoints); err != nil {
			return nil, fmt.Errorf("search: %w", err)
		}
	}
	pictures, err := f.rerank(ctx, own, near)
	return byProduct(pictures), err
}

// byProduct keeps the best picture of each product; pictures are in order.
func byProduct(pictures []ranked) []Hit {
	var out []Hit
	seen := map[string]bool{}
	for _, p := range pictures {
		if !seen[p.Product] {
			seen[p.Product] = true
			out = append(out, Hit{p.Product, p.Key, p.Score, p.parts})
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
	hits, err := f.Search(ctx, photo, choices+1, nil)
	if err != nil {
		return Choice{}, err
	}
	return f.weights.Decide(hits), nil
}
