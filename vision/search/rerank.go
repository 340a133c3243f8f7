package search

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"waggle/vision"
	"waggle/vision/opencv"
)

// Points that agree by chance between any two photos, how many more settle the
// matter, and what that adds to the score.
const (
	chanceAgree = 10
	fullAgree   = 30
	agreeBonus  = 0.3
)

// rerank raises products whose picture agrees with the photo point by point,
// as prints and labels do.
func (f *Finder) rerank(ctx context.Context, photo vision.Image, hits []Hit) error {
	own, err := opencv.FindPoints(photo)
	if err != nil {
		return fmt.Errorf("search: %w", err)
	}
	defer own.Close()
	for i := range hits {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("search: %w", err)
		}
		n, err := f.agree(ctx, own, hits[i].Image)
		if err != nil {
			continue // a picture that is gone ranks by its descriptor alone
		}
		extra := float32(min(max(0, n-chanceAgree), fullAgree)) / fullAgree
		hits[i].Score = min(1, hits[i].Score+agreeBonus*extra)
	}
	order(hits)
	return nil
}

func (f *Finder) agree(ctx context.Context, own *opencv.Points, key string) (int, error) {
	return f.points.use(key, func() (*opencv.Points, error) {
		img, err := f.load(ctx, key)
		if err != nil {
			return nil, err
		}
		return opencv.FindPoints(img)
	}, func(p *opencv.Points) (int, error) { return opencv.Agree(own, p) })
}

// keptPoints bounds the cache: 600 points of one picture take 40 kB.
const keptPoints = 512

// pointCache keeps the points of pictures that were compared lately.
type pointCache struct {
	mu   sync.Mutex
	have map[string]*kept
	keys []string // oldest first
}

// kept is points in use by any number of comparisons; the last one closes them
// once they were dropped.
type kept struct {
	points *opencv.Points
	uses   int
	gone   bool
}

func newPointCache() *pointCache { return &pointCache{have: map[string]*kept{}} }

// use finds or makes the points of a picture and counts with them.
func (c *pointCache) use(key string, make func() (*opencv.Points, error), count func(*opencv.Points) (int, error)) (int, error) {
	c.mu.Lock()
	k := c.have[key]
	if k != nil {
		k.uses++
	}
	c.mu.Unlock()
	if k == nil {
		p, err := make()
		if err != nil {
			return 0, err
		}
		if k, err = c.put(key, p); err != nil {
			return 0, err
		}
	}
	n, err := count(k.points)
	return n, errors.Join(err, c.done(k))
}

// put keeps points, in use once; when another was faster, its points count.
func (c *pointCache) put(key string, p *opencv.Points) (*kept, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if k := c.have[key]; k != nil {
		k.uses++
		return k, p.Close()
	}
	k := &kept{points: p, uses: 1}
	c.have[key] = k
	c.keys = append(c.keys, key)
	if len(c.keys) <= keptPoints {
		return k, nil
	}
	old := c.have[c.keys[0]]
	delete(c.have, c.keys[0])
	c.keys = c.keys[1:]
	return k, old.drop()
}

func (c *pointCache) done(k *kept) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if k.uses--; k.gone && k.uses == 0 {
		return k.points.Close()
	}
	return nil
}

// forget drops a picture that changed.
func (c *pointCache) forget(key string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	k := c.have[key]
	if k == nil {
		return nil
	}
	delete(c.have, key)
	for i, have := range c.keys {
		if have == key {
			c.keys = append(c.keys[:i], c.keys[i+1:]...)
			break
		}
	}
	return k.drop()
}

func (k *kept) drop() error {
	k.gone = true
	if k.uses > 0 {
		return nil
	}
	return k.points.Close()
}

func (c *pointCache) close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	var errs []error
	for _, k := range c.have {
		errs = append(errs, k.drop())
	}
	c.have, c.keys = map[string]*kept{}, nil
	return errors.Join(errs...)
}
