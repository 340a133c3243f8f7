package dialog

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"waggle/dialog/guard"
	"waggle/shop"
)

// How many products a catalogue is asked for: all that the guard may hold, and
// if the shop's system does not list so many at once, what its contract allows.
var catalogueSizes = []int{100_000, 1000}

// Catalogue reads the names that a shop's products go by, for the guard. Each
// name counts once, however many products share it.
func Catalogue(ctx context.Context, s shop.Products) (*guard.Names, error) {
	var products []shop.Product
	var err error
	for _, limit := range catalogueSizes {
		if products, err = s.Search(ctx, "", limit); err == nil || !errors.Is(err, shop.ErrInvalid) {
			break
		}
	}
	if err != nil {
		return nil, fmt.Errorf("dialog: list the catalogue: %w", err)
	}
	names := make([]string, 0, 2*len(products))
	for _, p := range products {
		names = append(names, p.Name, p.Title)
	}
	return guard.NewNames(slices.Values(names)), nil
}
