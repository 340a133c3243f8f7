package api

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"image"
	"io"
	"iter"
	"slices"
	"time"

	"golang.org/x/sync/semaphore"

	"waggle/dialog"
	"waggle/vision"
)

// Decoder takes photos from strangers; *vision.Intake is one.
type Decoder interface {
	Decode(ctx context.Context, r io.Reader) (vision.Image, error)
}

// Inspector judges a photo, compared with the listing's own if there are any.
type Inspector interface {
	Inspect(ctx context.Context, photo vision.Image, listing []vision.Image) (vision.Report, error)
	// Overlay draws findings over a photo; places marks damage and may be empty.
	Overlay(ctx context.Context, photo vision.Image, found []vision.Finding, places vision.Mask, words vision.Captions) (*image.RGBA, error)
	// Swatch lays listing and photo side by side under one light.
	Swatch(ctx context.Context, photo vision.Image, listing []vision.Image, words vision.Captions) (*image.RGBA, vision.Colour, error)
}

// Photographs are the Eyes of the gateway: decode, keep, inspect, answer.
type Photographs struct {
	// Dir keeps the re-encoded photos under random names.
	Dir           string
	Decoder       Decoder
	Inspector     Inspector
	Conversations Conversations
	// Listings finds the shop's own pictures of what a conversation is about.
	Listings Listings
	// Sightings of the shop named Shop tell photos that came before; nil for none.
	Sightings Sightings
	Shop      string
	// Room is how many photos are decoded and looked at together: who waits
	// longer than Patience is asked to come back. Nil is no bound.
	Room     *semaphore.Weighted
	Patience time.Duration
	// Products tell which product a photo shows; nil does not say.
	Products *ProductPhotos
}

// Listings yields the listing photos of the product in focus; none is fine.
type Listings interface {
	Listing(ctx context.Context, s dialog.State) []vision.Image
}

var _ Eyes = (*Photographs)(nil)

// Photos are the photos of one upload as they arrive; each is read before the
// next is asked for.
type Photos = iter.Seq2[io.Reader, error]

// Show implements Eyes. A photo is kept before it is answered, so that a
// verdict never stands without its evidence. Of several photos those that are
// good are taken, and it is said what was wrong with the others.
func (p *Photographs) Show(ctx context.Context, conversation string, photos Photos) (Shown, error) {
	files, err := p.spoolAll(photos)
	defer discard(files)
	if err != nil {
		return Shown{}, err
	}
	var shown Shown
	var first error
	in := &album{conversation: conversation}
	for i, file := range files {
		seen, err := p.look(ctx, in, file)
		var refused *vision.Refusal
		switch {
		case errors.As(err, &refused):
			shown.Refused = append(shown.Refused, RefusedPhoto{i + 1, refused.English(), refused.Chinese()})
			first = cmp.Or(first, err)
			continue
		case err != nil:
			return Shown{}, err
		}
		in.seen = append(in.seen, seen)
	}
	if len(in.seen) == 0 {
		return Shown{}, first
	}
	turn := in.turn()
	shown.Photo, shown.Findings = turn.PhotoID, forSender(turn.Photo)
	if len(in.seen) > 1 {
		shown.Photos = turn.PhotoIDs()
	}
	shown.Reply, err = p.Conversations.Next(ctx, conversation, turn)
	return shown, err
}

// look decodes, keeps and inspects one photo.
func (p *Photographs) look(ctx context.Context, in *album, file io.Reader) (vision.Seen, error) {
	leave, err := p.enter(ctx)
	if err != nil {
		return vision.Seen{}, err
	}
	defer leave()
	img, err := p.Decoder.Decode(ctx, file)
	if err != nil {
		return vision.Seen{}, err
	}
	seen := vision.Seen{Photo: rand.Text()}
	if err := p.keep(seen.Photo, img); err != nil {
		return seen, err
	}
	if err := p.open(ctx, in); err != nil {
		return seen, err
	}
	report, err := p.Inspector.Inspect(ctx, img, in.listing)
	if err != nil {
		return seen, fmt.Errorf("api: inspect photo: %w", err)
	}
	if err := p.keepPlaces(seen.Photo, report.Damage.Places); err != nil {
		return seen, err
	}
	sighting := Sighting{Photo: seen.Photo, Conversation: in.conversation, Customer: in.state.Caller.Customer}
	if err := p.seenBefore(ctx, sighting, img, &report); err != nil {
		return seen, fmt.Errorf("api: look for earlier photos: %w", err)
	}
	seen.Findings = report.Findings()
	if p.Products != nil {
		shows, err := p.Products.seen(ctx, img, in.state)
		if err != nil {
			return seen, fmt.Errorf("api: which product: %w", err)
		}
		seen.Findings = append(seen.Findings, shows...)
	}
	return seen, nil
}

// forSender leaves out what is for the shop's eyes only: a suspicion is no
// finding, and nobody is told one by a machine.
func forSender(found []vision.Finding) []vision.Finding {
	return slices.DeleteFunc(slices.Clone(found), func(f vision.Finding) bool { return f.Kind == vision.KindOrigin })
}

// enter waits for room.
func (p *Photographs) enter(ctx context.Context) (leave func(), err error) {
	if p.Room == nil {
		return func() {}, nil
	}
	ctx, cancel := context.WithTimeout(ctx, p.Patience)
	defer cancel()
	if p.Room.Acquire(ctx, 1) != nil {
		return nil, refusal(vision.ErrBusy, "photos in work")
	}
	return func() { p.Room.Release(1) }, nil
}
