package demo

import (
	"context"
	"fmt"

	"waggle/shop"
)

// Product finds an article by id.
func (s *Shop) Product(_ context.Context, id string) (shop.Product, error) { return s.product(id) }

func (s *Shop) product(id string) (shop.Product, error) {
	i, ok := s.data.productByID[id]
	if !ok {
		return shop.Product{}, fmt.Errorf("product %s: %w", id, shop.ErrNotFound)
	}
	return s.data.dated(s.data.products[i], s.now()), nil
}
