package search

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"waggle/vision"
	"waggle/vision/card"
	"waggle/vision/embed"
	"waggle/vision/search/blobs"
	"waggle/vision/search/index"
	"waggle/vision/search/local"
)

// How many pictures are compared place by place, and how many of the best of
// those point by point. More change nothing: what is looked for is among them.
const (
	compared = 64
	pointed  = 20
)

// chanceAgree is how many points of two photos of different things agree.
const chanceAgree = 3

// Parts are what a score is made of.
type Parts struct {
	Whole  float64 // likeness of the descriptors
	Places float64 // how well the cells find each other; 0 without
	Points float64 // logarithm of the points that agree beyond chance
}

// Mixture says how much places and points count beside the whole, which counts
// once. It belongs to one network.
type Mixture struct{ Places, Points float64 }

// Names of the mixture among a card's thresholds, and what points are worth
// beside a network whose card says nothing.
const (
	placesName, pointsName = "places", "points"
	pointsDefault          = 0.07
)

// MixtureOf reads a card.
func MixtureOf(c card.Card) Mixture {
	m := Mixture{Points: pointsDefault}
	if v, ok := c.Threshold(placesName); ok && v >= 0 {
		m.Places = v
	}
	if v, ok := c.Threshold(pointsName); ok && v >= 0 {
		m.Points = v
	}
	return m
}

// Into writes the mixture among a card's thresholds.
func (m Mixture) Into(c *card.Card) {
	if c.Thresholds == nil {
		c.Thresholds = map[string]float64{}
	}
	c.Thresholds[placesName], c.Thresholds[pointsName] = math.Round(m.Places*1e4)/1e4, math.Round(m.Points*1e4)/1e4
}

// Score of a picture, about 1 for the same photo.
func (m Mixture) Score(p Parts) float32 {
	return float32(min(1, (p.Whole+m.Places*p.Places+m.Points*p.Points)/(1+m.Places)))
}

// Use takes another mixture, before any search.
func (f *Finder) Use(m Mixture) { f.mixture = m }

// describeLocally makes what is kept of a picture, or compared of a photo.
func describeLocally(m vision.Image, d embed.Description, points int) (*local.Description, error) {
	cells := local.Cells{}
	if dims := d.Places.Dims; len(dims) == 4 {
		cells = local.Cells{Width: dims[1], H: dims[2], W: dims[3], Data: d.Places.Data}
	}
	return local.Describe(m, cells, points)
}

// ranked is a picture that was found, with what its score is made of.
type ranked struct {
	index.Hit
	parts Parts
	local *local.Description
}

// rerank compares the photo with the pictures that are nearest, place by place
// and point by point, and puts them in order. Those farther off keep their
// order behind them.
func (f *Finder) rerank(ctx context.Context, photo *local.Description, near []index.Hit) ([]ranked, error) {
	out := make([]ranked, len(near))
	for i, h := range near {
		out[i] = ranked{Hit: h, parts: Parts{Whole: float64(h.Score)}}
	}
	if photo == nil {
		return out, nil
	}
	top := out[:min(len(out), compared)]
	for i := range top {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("search: %w", err)
		}
		var err error
		if top[i].local, err = f.kept(top[i].Key); err != nil {
			return nil, err
		}
		if top[i].local != nil {
			top[i].parts.Places = float64(local.Alike(photo, top[i].local))
		}
	}
	f.order(top)
	for i := range top[:min(len(top), pointed)] {
		if top[i].local != nil {
			top[i].parts.Points = math.Log1p(float64(max(0, local.Agree(photo, top[i].local)-chanceAgree)))
		}
	}
	f.order(top)
	for i := range out[len(top):] { // never above those that were compared
		far := &out[len(top)+i]
		far.Score = min(f.mixture.Score(far.parts), top[len(top)-1].Score)
	}
	return out, nil
}

// kept reads what an import kept of a picture. One that is missing or damaged
// ranks by its descriptor alone, until the next import makes it again.
func (f *Finder) kept(key string) (*local.Description, error) {
	raw, err := f.locals.Get(key)
	if errors.Is(err, blobs.ErrMissing) || errors.Is(err, blobs.ErrDamaged) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	d, err := local.Parse(raw)
	if err != nil {
		return nil, nil //nolint:nilerr // of another version: as one that is missing
	}
	return d, nil
}

// order scores pictures and sorts them, best first.
func (f *Finder) order(hits []ranked) {
	for i := range hits {
		hits[i].Score = f.mixture.Score(hits[i].parts)
	}
	slices.SortStableFunc(hits, func(a, b ranked) int { return cmp.Compare(b.Score, a.Score) })
}
