package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"waggle/dialog"
	"waggle/vision"
)

// mostPhotos is how many photos one upload may bring.
const mostPhotos = 6

// album is what one upload brings into a conversation.
type album struct {
	conversation string
	opened       bool
	state        dialog.State   // of the conversation, newest in its log
	listing      []vision.Image // of what the conversation is about
	earlier      []vision.Seen  // photos of the same matter that came before
	seen         []vision.Seen  // photos of this upload that were taken
}

// open reads what the conversation is about, once for all photos.
func (p *Photographs) open(ctx context.Context, in *album) error {
	if in.opened {
		return nil
	}
	entries, err := p.Conversations.Entries(ctx, in.conversation)
	if err != nil {
		return err
	}
	for _, e := range slices.Backward(entries) {
		if e.State != nil {
			in.state = *e.State
			break
		}
	}
	in.earlier = ofTheMatter(entries, in.state)
	in.listing = p.Listings.Listing(ctx, in.state)
	in.opened = true
	return nil
}

// ofTheMatter finds the photos that the procedure under way was shown before.
func ofTheMatter(entries []dialog.Entry, s dialog.State) (before []vision.Seen) {
	if len(s.Frames) == 0 {
		return nil
	}
	ids := strings.Fields(s.Frames[len(s.Frames)-1].Slots["photos"])
	for _, e := range entries {
		if e.Turn == nil {
			continue
		}
		for _, p := range e.Turn.Pictures() {
			if slices.Contains(ids, p.Photo) {
				before = append(before, p)
			}
		}
	}
	return before
}

// turn is what the photos say, together with those that came before.
func (in *album) turn() dialog.Turn {
	t := dialog.Turn{Channel: dialog.ChannelText, PhotoID: in.seen[0].Photo}
	if len(in.seen)+len(in.earlier) == 1 {
		t.Photo = in.seen[0].Findings
		return t
	}
	t.Photos, t.Photo = in.seen, vision.Join(slices.Concat(in.earlier, in.seen))
	return t
}

// spoolAll puts the photos of an upload on the disk while they arrive, so that
// a slow sender takes nobody's room. What it returns has to be discarded, also
// with an error.
func (p *Photographs) spoolAll(photos Photos) (files []*os.File, err error) {
	for photo, err := range photos {
		if err != nil {
			return files, err
		}
		f, err := p.spool(photo)
		if err != nil {
			return files, err
		}
		files = append(files, f)
	}
	return files, nil
}

// spool writes one photo; the intake counts its bytes again.
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

// discard removes spooled photos: nobody needs them any more.
func discard(files []*os.File) {
	for _, f := range files {
		_ = errors.Join(f.Close(), os.Remove(f.Name()))
	}
}
