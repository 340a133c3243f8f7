package api

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync/atomic"

	"github.com/gin-gonic/gin"

	"waggle/dialog"
	"waggle/shop"
	"waggle/vision"
	"waggle/vision/search"
)

// Finder finds products on decoded photos; *search.Finder is one.
type Finder interface {
	Search(ctx context.Context, photo vision.Image, k int, keep func(product string) bool) ([]search.Hit, error)
	Choose(ctx context.Context, photo vision.Image, products []string) (search.Choice, error)
	Find(ctx context.Context, photo vision.Image) (search.Choice, error)
	Weights() search.Weights
	Len() int
}

var _ Finder = (*search.Finder)(nil)

// ProductPhotos finds the shop's products on photos. Until Use is called, as
// long as the pictures are read after a start, it finds nothing.
type ProductPhotos struct {
	Orders  shop.Orders
	Decoder Decoder
	finder  atomic.Pointer[Finder]
}

// Use takes a finder whose pictures are read.
func (p *ProductPhotos) Use(f Finder) { p.finder.Store(&f) }

// seen says which product a photo in a conversation shows: one of the order's,
// where an order with several is in focus, else one of the catalogue.
func (p *ProductPhotos) seen(ctx context.Context, photo vision.Image, s dialog.State) ([]vision.Finding, error) {
	f := p.finder.Load()
	if f == nil || (*f).Len() == 0 {
		return nil, nil
	}
	if s.Order == "" {
		c, err := (*f).Find(ctx, photo)
		if err != nil {
			return nil, err
		}
		return c.Findings(), nil
	}
	o, err := p.Orders.Order(ctx, s.Order)
	if err != nil || len(o.Lines) < 2 {
		return nil, nil //nolint:nilerr // without the order the photo is judged all the same
	}
	ids := make([]string, len(o.Lines))
	for i, l := range o.Lines {
		ids[i] = l.Product
	}
	c, err := (*f).Choose(ctx, photo, ids)
	if err != nil {
		return nil, err
	}
	return c.Findings(), nil
}

// FoundProducts is the answer to a photo.
type FoundProducts struct {
	Verdict     search.Verdict `json:"verdict"`
	Probability float64        `json:"probability"`
	Hits        []search.Hit   `json:"hits"`
}

// maxHits is how many products one search lists.
const maxHits = 50

// Search decodes a photo and lists the products most like it.
func (p *ProductPhotos) Search(ctx context.Context, photo io.Reader, k int) (FoundProducts, error) {
	img, err := p.Decoder.Decode(ctx, photo)
	if err != nil {
		return FoundProducts{}, err
	}
	f := p.finder.Load()
	if f == nil {
		return FoundProducts{Verdict: search.Nothing, Hits: []search.Hit{}}, nil
	}
	hits, err := (*f).Search(ctx, img, max(2, k), nil)
	if err != nil {
		return FoundProducts{}, fmt.Errorf("api: search by photo: %w", err)
	}
	c := (*f).Weights().Decide(hits)
	return FoundProducts{c.Verdict, c.Probability, append([]search.Hit{}, hits[:min(k, len(hits))]...)}, nil
}

// searchByPhoto lists the products on an uploaded photo.
func (s *Server) searchByPhoto(c *gin.Context) {
	k, err := strconv.Atoi(c.DefaultQuery("k", "5"))
	if err != nil || k < 1 || k > maxHits {
		problem(c, http.StatusUnprocessableEntity, "No such number", fmt.Sprintf("k lies between 1 and %d.", maxHits))
		return
	}
	part, err := photoPart(c)
	if err == nil {
		var found FoundProducts
		if found, err = s.ProductPhotos.Search(c.Request.Context(), part, k); err == nil {
			c.JSON(http.StatusOK, found)
			return
		}
	}
	s.fail(c, uploadError(err))
}
