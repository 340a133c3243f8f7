package api

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"image"
	"io"
	"os"
	"path/filepath"
	"regexp"
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
	Overlay(ctx context.Context, photo vision.Image, found []vision.Finding, places vision.Mask) (*image.RGBA, error)
	// Swatch lays listing and photo side by side under one light.
	Swatch(ctx context.Context, photo vision.Image, listing []vision.Image) (*image.RGBA, vision.Colour, error)
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

// Show implements Eyes. The photo is kept before it is answered, so that a
// verdict never stands without its evidence.
func (p *Photographs) Show(ctx context.Context, conversation string, photo io.Reader) (Shown, error) {
	file, err := p.spool(photo)
	if err != nil {
		return Shown{}, err
	}
	defer func() { _ = errors.Join(file.Close(), os.Remove(file.Name())) }() // nobody needs it any more
	leave, err := p.enter(ctx)
	if err != nil {
		return Shown{}, err
	}
	defer leave()
	img, err := p.Decoder.Decode(ctx, file)
	if err != nil {
		return Shown{}, err
	}
	id := rand.Text()
	if err := p.keep(id, img); err != nil {
		return Shown{}, err
	}
	state, err := p.state(ctx, conversation)
	if err != nil {
		return Shown{}, err
	}
	report, err := p.Inspector.Inspect(ctx, img, p.Listings.Listing(ctx, state))
	if err != nil {
		return Shown{}, fmt.Errorf("api: inspect photo: %w", err)
	}
	seen := Sighting{Photo: id, Conversation: conversation, Customer: state.Caller.Customer}
	if err := p.seenBefore(ctx, seen, img, &report); err != nil {
		return Shown{}, fmt.Errorf("api: look for earlier photos: %w", err)
	}
	found := report.Findings()
	if p.Products != nil {
		shows, err := p.Products.seen(ctx, img, state)
		if err != nil {
			return Shown{}, fmt.Errorf("api: which product: %w", err)
		}
		found = append(found, shows...)
	}
	shown := Shown{Photo: id, Findings: forSender(found)}
	shown.Reply, err = p.Conversations.Next(ctx, conversation, dialog.Turn{
		Channel: dialog.ChannelText, Photo: found, PhotoID: id})
	return shown, err
}

// forSender leaves out what is for the shop's eyes only: a suspicion is no
// finding, and nobody is told one by a machine.
func forSender(found []vision.Finding) []vision.Finding {
	return slices.DeleteFunc(slices.Clone(found), func(f vision.Finding) bool { return f.Kind == vision.KindOrigin })
}

// spool puts an upload on the disk while it arrives, so that a slow sender
// takes nobody's room. The intake counts its bytes again.
func (p *Photographs) spool(photo io.Reader) (*os.File, error) {
	f, err := os.CreateTemp(p.Dir, "upload-*.part")
	if err != nil {
		return nil, fmt.Errorf("api: spool photo: %w", err)
	}
	_, err = io.Copy(f, io.LimitReader(photo, maxUpload))
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close(), os.Remove(f.Name()))
	}
	return f, nil
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

// state is the newest in the conversation's log; empty before the first reply.
func (p *Photographs) state(ctx context.Context, conversation string) (dialog.State, error) {
	entries, err := p.Conversations.Entries(ctx, conversation)
	if err != nil {
		return dialog.State{}, err
	}
	for _, e := range slices.Backward(entries) {
		if e.State != nil {
			return *e.State, nil
		}
	}
	return dialog.State{}, nil
}

// keep writes the photo whole or not at all.
func (p *Photographs) keep(id string, img vision.Image) error {
	path := p.path(id)
	f, err := os.OpenFile(path+".part", os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("api: keep photo: %w", err)
	}
	if err := errors.Join(img.JPEG(f), f.Close()); err != nil {
		return errors.Join(fmt.Errorf("api: keep photo: %w", err), os.Remove(path+".part"))
	}
	return os.Rename(path+".part", path)
}

func (p *Photographs) path(id string) string { return filepath.Join(p.Dir, id+".jpg") }

// photoID is what rand.Text makes: nothing that could leave the folder.
var photoID = regexp.MustCompile(`^[A-Z2-7]{26}$`)

// Picture implements Eyes.
func (p *Photographs) Picture(_ context.Context, id string) (io.ReadCloser, error) {
	if !photoID.MatchString(id) {
		return nil, os.ErrNotExist
	}
	return os.Open(p.path(id))
}
