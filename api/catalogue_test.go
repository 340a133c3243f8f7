package api

import (
	"errors"
	"io/fs"
	"testing"
	"testing/fstest"

	"waggle/shop/demo"
)

func TestTheCatalogueListsThePicturesOfAllProducts(t *testing.T) {
	s, err := demo.Open(demo.Options{})
	if err != nil {
		t.Fatal(err)
	}
	c := ShopCatalogue{Products: s, Images: demo.Images()}
	all, err := s.Search(t.Context(), "", maxCatalogue)
	if err != nil {
		t.Fatal(err)
	}
	n, stamps := 0, map[uint64]bool{}
	for p, err := range c.Pictures(t.Context()) {
		if err != nil || p.Key == "" || p.Product == "" {
			t.Fatalf("%+v, %v", p, err)
		}
		stamps[p.Stamp] = true
		if n++; n%50 != 0 {
			continue
		}
		img, err := p.Load(t.Context())
		if err != nil || img.W != 512 {
			t.Errorf("%s: %d wide, %v", p.Key, img.W, err)
		}
	}
	if n != len(all) || len(stamps) < n*9/10 {
		t.Errorf("%d pictures with %d stamps for %d products", n, len(stamps), len(all))
	}
	c.Images = fstest.MapFS{}
	for p, err := range c.Pictures(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Load(t.Context()); !errors.Is(err, fs.ErrNotExist) {
			t.Fatalf("%s is not there: %v", p.Key, err)
		}
		break
	}
}
