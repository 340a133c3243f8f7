package api

import (
	"context"
	"io/fs"

	"waggle/dialog"
	"waggle/shop"
	"waggle/vision"
)

// maxListing is how many products of an order are compared with a photo.
const maxListing = 3

// ShopListings reads the listing photos from the shop's pictures.
type ShopListings struct {
	Orders   shop.Orders
	Products shop.Products
	Images   fs.FS
}

var _ Listings = ShopListings{}

// Listing implements Listings: the product in focus, else those of the order
// in focus. A picture that cannot be read is left out: a photo is judged
// without it then, and says less.
func (l ShopListings) Listing(ctx context.Context, s dialog.State) []vision.Image {
	var ids []string
	if o, err := l.Orders.Order(ctx, s.Order); s.Order != "" && err == nil {
		for _, line := range o.Lines {
			ids = append(ids, line.Product)
		}
	} else if s.Product != "" {
		ids = []string{s.Product}
	}
	var list []vision.Image
	for _, id := range ids[:min(len(ids), maxListing)] {
		if img, err := l.picture(ctx, id); err == nil {
			list = append(list, img)
		}
	}
	return list
}

func (l ShopListings) picture(ctx context.Context, id string) (vision.Image, error) {
	p, err := l.Products.Product(ctx, id)
	if err != nil {
		return vision.Image{}, err
	}
	f, err := l.Images.Open(p.Image)
	if err != nil {
		return vision.Image{}, err
	}
	defer f.Close()
	return vision.Decode(f, vision.DefaultLimits())
}
