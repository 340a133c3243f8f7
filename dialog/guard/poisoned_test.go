package guard_test

import (
	"context"
	"slices"

	"waggle/shop"
	"waggle/shop/demo"
)

// writes is a journal that counts: a shop writes down every change.
type writes struct{ n int }

func (w *writes) Append(demo.Record) error { w.n++; return nil }

func (*writes) Records() ([]demo.Record, error) { return nil, nil }

// poisoned is a shop in whose records a stranger has written.
type poisoned struct {
	shop.Shop
	scan, material string
}

func (p *poisoned) Parcel(ctx context.Context, tracking string) (shop.Parcel, error) {
	x, err := p.Shop.Parcel(ctx, tracking)
	if p.scan != "" && err == nil {
		x.Track = append(slices.Clone(x.Track), shop.Scan{At: opensAt, Place: p.scan, Text: p.scan})
	}
	return x, err
}

func (p *poisoned) Product(ctx context.Context, id string) (shop.Product, error) {
	x, err := p.Shop.Product(ctx, id)
	return p.poison(x), err
}

func (p *poisoned) Search(ctx context.Context, words string, limit int) ([]shop.Product, error) {
	list, err := p.Shop.Search(ctx, words, limit)
	for i := range list {
		list[i] = p.poison(list[i])
	}
	return list, err
}

func (p *poisoned) poison(x shop.Product) shop.Product {
	if p.material != "" {
		x.Attributes = slices.Clone(x.Attributes)
		for i := range x.Attributes {
			x.Attributes[i].Value = p.material
		}
	}
	return x
}
