package api

import (
	"context"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"io"
	"io/fs"
	"iter"
	"strings"

	"waggle/shop"
	"waggle/vision"
	"waggle/vision/search"
)

// maxCatalogue bounds how many products are read from the shop for the search
// by photo.
const maxCatalogue = 100_000

// ShopCatalogue is the shop's pictures, for the search by photo. A key is the
// path of the picture in Images.
type ShopCatalogue struct {
	Products interface {
		Search(ctx context.Context, words string, limit int) ([]shop.Product, error)
	}
	Images fs.FS
}

// Pictures lists the pictures of all products. A picture's stamp is that of
// its bytes, so one that was replaced under the same name is seen.
func (c ShopCatalogue) Pictures(ctx context.Context) iter.Seq2[search.Picture, error] {
	return func(yield func(search.Picture, error) bool) {
		list, err := c.Products.Search(ctx, "", maxCatalogue)
		if err != nil {
			yield(search.Picture{}, err)
			return
		}
		for _, p := range list {
			if p.Image == "" {
				continue
			}
			raw, err := c.read(p.Image)
			load := func(context.Context) (vision.Image, error) {
				if err != nil {
					return vision.Image{}, err
				}
				return vision.Decode(strings.NewReader(raw), vision.DefaultLimits())
			}
			h := fnv.New128a()
			_, _ = io.WriteString(h, raw) // a hash takes everything
			pic := search.Picture{Key: p.Image, Product: p.ID, Stamp: binary.BigEndian.Uint64(h.Sum(nil)), Load: load}
			if !yield(pic, nil) {
				return
			}
		}
	}
}

func (c ShopCatalogue) read(name string) (string, error) {
	f, err := c.Images.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	limit := vision.DefaultLimits().Bytes
	raw, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(raw)) > limit {
		err = fmt.Errorf("%s has more than %d bytes", name, limit)
	}
	return string(raw), err
}
