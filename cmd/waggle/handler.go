package main

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"time"

	"golang.org/x/sync/semaphore"

	"waggle/api"
	"waggle/asr"
	"waggle/vision/card"
	"waggle/vision/inspect"
	"waggle/web"
)

// photoPatience: a phone gives up on an upload after half a minute or so.
const photoPatience = 25 * time.Second

// photosInWork leaves half of the cores to the calls. A photo holds up to 40 MB
// while it is decoded.
func photosInWork() int64 { return int64(max(1, runtime.NumCPU()/2)) }

func (g *gateway) openEyes(context.Context) error {
	cards, err := visionCards(g.cfg)
	if err != nil {
		return err
	}
	eyes, err := inspect.Open(inspect.Options{Model: cards[card.Damage], Cards: cards})
	if err != nil {
		return fmt.Errorf("models.vision: %w", err)
	}
	g.onClose(eyes.Close)
	g.photos = &api.Photographs{Dir: g.dir.file("photos"), Decoder: eyes.Intake(), Inspector: eyes, Conversations: g.talk,
		Listings:  api.ShopListings{Orders: g.shop, Products: g.shop, Images: g.shop.pictures},
		Sightings: g.store, Shop: g.cfg.Shop.URL,
		Room: semaphore.NewWeighted(photosInWork()), Patience: photoPatience}
	if g.products, err = g.openProductPhotos(eyes.Intake(), cards[card.Embedding]); err != nil {
		return err
	}
	g.onClose(g.products.close)
	g.photos.Products = g.products.door
	return nil
}

// retainPhotos deletes photos after their time.
func (g *gateway) retainPhotos(ctx context.Context) error {
	g.photos.Retain(ctx, time.Duration(g.cfg.Photos.KeepDays)*24*time.Hour, func(err error) {
		g.log.Warn("old photos could not be deleted", "err", err)
	})
	return nil
}

// handler is everything that HTTP serves.
func (g *gateway) handler() http.Handler {
	return api.New(api.Config{
		Keys: storedKeys{g.store}, Conversations: g.talk, Eyes: g.photos, WHIP: g.browsers,
		Ear: asr.Transcriber{Recognizer: g.speech.ear, VAD: g.speech.vad}, Mouth: g.speech.mouth,
		Knowledge: g.library, Campaigns: g.store.Outbound(), Records: g.store, Products: g.shop, Customers: g.shop, ProductPhotos: g.products.door, Images: g.shop.pictures, Web: web.Pages(),
		Links: g.links, Secret: g.secret, Desk: g.desk, Load: g.capacity.InUse, Ready: g.ready, Log: g.log,
	})
}
