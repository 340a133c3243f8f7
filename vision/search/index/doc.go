// Package index finds the nearest of many vectors: an exact scan over int8
// vectors for shops of ordinary size, a graph (HNSW) above that, filters
// applied before the search, and files that survive a crash in the middle of
// a write. It imports nothing of Waggle.
package index

import "errors"

// Verdicts.
var (
	ErrItem    = errors.New("index: not an item that can be kept")
	ErrFull    = errors.New("index: full")
	ErrDamaged = errors.New("index: the file on the disk is damaged")
	ErrOther   = errors.New("index: the files were made with another network")
)

// Item is one picture of a product.
type Item struct {
	// Key names the picture; an item with the same key is replaced.
	Key string
	// Product is what a hit answers; many keys may show one product.
	Product string
	// Stamp tells whether the picture changed since it was added.
	Stamp uint64
	// Vector has the index's dimension and any length above 0.
	Vector []float32
}

// Hit is an item near the query.
type Hit struct {
	Key     string
	Product string
	Score   float32 // cosine, from -1 to 1
}

// Options of an index.
type Options struct {
	Dim int
	// Network identifies what made the vectors, such as the sha256 of its
	// weights: vectors of two networks cannot be compared.
	Network string
	// MaxItems bounds the memory; default 2,000,000.
	MaxItems int
	// ExactLimit is the number of items up to which every search looks at all
	// of them; default 200,000.
	ExactLimit int
	// Links per node of the graph (M of Malkov and Yashunin), default 16, and
	// how many candidates an insertion looks at, default 128.
	Links, Build int
	// Recall of the exact scan's ten nearest that the graph must reach on
	// vectors near its own; default 0.995. The search widens until it does.
	Recall float64
}

// Bounds of what an index takes.
const (
	maxDim  = 4096
	maxName = 512
)

func (o Options) filled() Options {
	def := func(n *int, v int) {
		if *n <= 0 {
			*n = v
		}
	}
	def(&o.MaxItems, 2_000_000)
	def(&o.ExactLimit, 200_000)
	def(&o.Links, 16)
	def(&o.Build, 128)
	if o.Recall <= 0 {
		o.Recall = 0.995
	}
	return o
}
