package search

import (
	"context"
	"fmt"
	"iter"

	"waggle/vision"
	"waggle/vision/search/index"
)

// Picture is one picture of the catalogue.
type Picture struct {
	Key     string // unique in the catalogue, and what the Loader is asked with
	Product string
	Stamp   uint64 // changes when the picture does
	Load    func(ctx context.Context) (vision.Image, error)
}

// Progress counts what an import has done so far.
type Progress struct {
	Seen    int `json:"seen"`
	Added   int `json:"added"`
	Kept    int `json:"kept"` // were there already
	Failed  int `json:"failed"`
	Removed int `json:"removed"`
	// Err is why the last picture failed.
	Err error `json:"-"`
}

// importBatch is how many pictures are written at once: a crash loses the
// work on so many, and the next import does it again.
const importBatch = 32

// Import brings the index to the catalogue: what is new or changed is
// described, what is gone is removed, the rest is left alone. A picture that
// cannot be read is counted and passed over. progress is called after every
// picture and may be nil. An import that was cut short goes on where it was
// when it is called again.
func (f *Finder) Import(ctx context.Context, pictures iter.Seq2[Picture, error], progress func(Progress)) (Progress, error) {
	var p Progress
	gone := map[string]bool{}
	for _, k := range f.x.Keys() {
		gone[k] = true
	}
	var batch []index.Item
	for pic, err := range pictures {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil { // a list that broke off says nothing of what is gone
			return p, fmt.Errorf("search: import: %w", err)
		}
		delete(gone, pic.Key)
		item, err := f.describePicture(ctx, pic, &p)
		if err != nil {
			p.Failed++
			p.Err = fmt.Errorf("%s: %w", pic.Key, err)
		} else if item != nil {
			batch = append(batch, *item)
		}
		if len(batch) == importBatch {
			if err := f.x.Add(batch...); err != nil {
				return p, fmt.Errorf("search: import: %w", err)
			}
			batch = batch[:0]
		}
		if progress != nil {
			progress(p)
		}
	}
	return f.finish(ctx, batch, gone, p)
}

// describePicture makes the item of a picture, or none when it is there.
func (f *Finder) describePicture(ctx context.Context, pic Picture, p *Progress) (*index.Item, error) {
	p.Seen++
	if stamp, ok := f.x.Stamp(pic.Key); ok && stamp == pic.Stamp {
		p.Kept++
		return nil, nil
	}
	img, err := pic.Load(ctx)
	if err != nil {
		return nil, err
	}
	v, err := f.describe.Describe(ctx, img)
	if err != nil {
		return nil, err
	}
	p.Added++
	return &index.Item{Key: pic.Key, Product: pic.Product, Stamp: pic.Stamp, Vector: v}, f.points.forget(pic.Key)
}

func (f *Finder) finish(ctx context.Context, batch []index.Item, gone map[string]bool, p Progress) (Progress, error) {
	if err := f.x.Add(batch...); err != nil {
		return p, fmt.Errorf("search: import: %w", err)
	}
	keys := make([]string, 0, len(gone))
	for k := range gone {
		keys = append(keys, k)
	}
	if err := f.x.Remove(keys...); err != nil {
		return p, fmt.Errorf("search: import: %w", err)
	}
	p.Removed = len(keys)
	if err := f.x.Maintain(ctx); err != nil {
		return p, fmt.Errorf("search: import: %w", err)
	}
	return p, nil
}
