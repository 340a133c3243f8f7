package main

import (
	"context"
	"errors"
	"fmt"

	"waggle/api"
	"waggle/vision/card"
	"waggle/vision/embed"
	"waggle/vision/search"
)

// productPhotos is the search by photo over the shop's catalogue.
type productPhotos struct {
	door      *api.ProductPhotos
	catalogue api.ShopCatalogue
	describer *embed.Describer
	finder    *search.Finder
}

func (p productPhotos) close() error { return errors.Join(p.finder.Close(), p.describer.Close()) }

// openProductPhotos opens the index of the last run; readCatalogue brings it
// to the shop's pictures.
func (g *gateway) openProductPhotos(d api.Decoder, path string) (productPhotos, error) {
	p := productPhotos{
		door:      &api.ProductPhotos{Orders: g.shop, Decoder: d},
		catalogue: api.ShopCatalogue{Products: g.shop, Images: g.shop.pictures},
	}
	var err error
	if p.describer, err = openDescriber(path, card.Options{}); err != nil {
		return p, fmt.Errorf("models.vision: %w", err)
	}
	p.finder, err = search.Open(p.describer, search.Options{Dir: g.dir.file("search")})
	if err != nil {
		return p, errors.Join(err, p.describer.Close())
	}
	if p.finder.Len() > 0 { // what was there before the restart serves until it is read again
		p.door.Use(p.finder)
	}
	return p, nil
}

// readCatalogue describes the shop's pictures in the background, until ctx
// ends. A catalogue that cannot be read is told; it is no reason to stop.
func (g *gateway) readCatalogue(ctx context.Context) error {
	p := g.products
	done, err := p.finder.Import(ctx, p.catalogue.Pictures(ctx), func(s search.Progress) {
		if s.Seen%1000 == 0 {
			g.log.Info("reading the catalogue's pictures", "seen", s.Seen, "added", s.Added, "failed", s.Failed)
		}
	})
	if ctx.Err() != nil {
		return nil //nolint:nilerr // the gateway stops; the next start goes on
	}
	if err != nil {
		g.log.Error("the catalogue's pictures could not be read; search by photo knows those it knew before", "err", err)
		return nil
	}
	if done.Failed > 0 {
		g.log.Warn("some pictures of the catalogue cannot be searched", "failed", done.Failed, "last", done.Err)
	}
	p.door.Use(p.finder)
	g.log.Info("search by photo is ready", "pictures", p.finder.Len(), "added", done.Added, "removed", done.Removed)
	return nil
}
