package search

import (
	"context"
	"fmt"
	"iter"

	"waggle/vision"
	"waggle/vision/search/blobs"
	"waggle/vision/search/index"
	"waggle/vision/search/local"
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
	var b batch
	for pic, err := range pictures {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil { // a list that broke off says nothing of what is gone
			return p, fmt.Errorf("search: import: %w", err)
		}
		delete(gone, pic.Key)
		if err := f.describePicture(ctx, pic, &p, &b); err != nil {
			p.Failed++
			p.Err = fmt.Errorf("%s: %w", pic.Key, err)
		}
		if len(b.items) == importBatch {
			if err := f.write(&b); err != nil {
				return p, err
			}
		}
		if progress != nil {
			progress(p)
		}
	}
	return f.finish(ctx, &b, gone, p)
}

// batch is pictures on their way to the disk.
type batch struct {
	items  []index.Item
	locals []blobs.Item
}

// write puts what pictures are compared by on the disk before the index knows
// of them: a crash in between leaves bytes that nobody asks for.
func (f *Finder) write(b *batch) error {
	if f.locals != nil {
		if err := f.locals.Put(b.locals...); err != nil {
			return fmt.Errorf("search: import: %w", err)
		}
	}
	if err := f.x.Add(b.items...); err != nil {
		return fmt.Errorf("search: import: %w", err)
	}
	b.items, b.locals = b.items[:0], b.locals[:0]
	return nil
}

// describePicture adds a picture to the batch unless it is there.
func (f *Finder) describePicture(ctx context.Context, pic Picture, p *Progress, b *batch) error {
	p.Seen++
	if stamp, ok := f.x.Stamp(pic.Key); ok && stamp == pic.Stamp && (f.locals == nil || f.locals.Has(pic.Key, pic.Stamp)) {
		p.Kept++
		return nil
	}
	img, err := pic.Load(ctx)
	if err != nil {
		return err
	}
	d, err := f.describe.Describe(ctx, img)
	if err != nil {
		return err
	}
	if f.locals != nil {
		l, err := describeLocally(img, d, local.KeptPoints)
		if err != nil {
			return err
		}
		b.locals = append(b.locals, blobs.Item{Key: pic.Key, Stamp: pic.Stamp, Blob: l.Append(nil)})
	}
	b.items = append(b.items, index.Item{Key: pic.Key, Product: pic.Product, Stamp: pic.Stamp, Vector: d.Vector})
	p.Added++
	return nil
}

func (f *Finder) finish(ctx context.Context, b *batch, gone map[string]bool, p Progress) (Progress, error) {
	if err := f.write(b); err != nil {
		return p, err
	}
	keys := make([]string, 0, len(gone))
	for k := range gone {
		keys = append(keys, k)
	}
	if err := f.x.Remove(keys...); err != nil {
		return p, fmt.Errorf("search: import: %w", err)
	}
	p.Removed = len(keys)
	if f.locals != nil {
		if err := f.locals.Forget(keys...); err != nil {
			return p, fmt.Errorf("search: import: %w", err)
		}
	}
	if err := f.x.Maintain(ctx); err != nil {
		return p, fmt.Errorf("search: import: %w", err)
	}
	return p, nil
}
