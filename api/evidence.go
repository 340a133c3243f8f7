package api

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"net/http"
	"os"

	"github.com/gin-gonic/gin"

	"waggle/dialog"
	"waggle/vision"
)

// Pictures of what was found on a photo.
const (
	pictureOverlay = "overlay" // the findings drawn over it
	pictureSwatch  = "swatch"  // beside the listing under one light
)

var errNoPicture = errors.New("api: no such picture")

// Evidence implements Eyes: it draws what the conversation's log says was
// found, not what a newer network might find, once; the picture is kept as long
// as the photo. errNoPicture when the photo is not the conversation's, or has
// nothing to be compared with.
func (p *Photographs) Evidence(ctx context.Context, conversation, photo, picture string, words vision.Captions) (io.ReadCloser, error) {
	if !photoID.MatchString(photo) {
		return nil, errNoPicture
	}
	entries, err := p.Conversations.Entries(ctx, conversation)
	if err != nil {
		return nil, err
	}
	found, state, ok := shownIn(entries, photo)
	if !ok {
		return nil, fmt.Errorf("api: photo %q: %w", photo, errNoPicture)
	}
	if !words {
		found = forSender(found)
	}
	path := p.evidencePath(photo, picture, words)
	f, err := os.Open(path)
	if !errors.Is(err, os.ErrNotExist) {
		return f, err
	}
	leave, err := p.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	m, err := p.draw(ctx, photo, picture, found, state, words)
	if err != nil {
		return nil, err
	}
	if err := p.whole(path, func(w io.Writer) error { return png.Encode(w, m) }); err != nil {
		return nil, err
	}
	return os.Open(path)
}

func (p *Photographs) draw(ctx context.Context, photo, picture string, found []vision.Finding, state dialog.State, words vision.Captions) (image.Image, error) {
	img, err := p.photo(ctx, photo)
	if err != nil {
		return nil, err
	}
	if picture == pictureOverlay {
		places, err := p.places(photo)
		if err != nil {
			return nil, err
		}
		return p.Inspector.Overlay(ctx, img, found, places, words)
	}
	listing := p.Listings.Listing(ctx, state)
	if len(listing) == 0 {
		return nil, fmt.Errorf("api: no listing photo: %w", errNoPicture)
	}
	m, c, err := p.Inspector.Swatch(ctx, img, listing, words)
	if m == nil && c.Verdict != "" {
		return nil, fmt.Errorf("api: colours cannot be compared: %w", errNoPicture)
	}
	return m, err
}

// shownIn finds what was seen on a photo and the state it was shown in.
func shownIn(entries []dialog.Entry, photo string) (found []vision.Finding, state dialog.State, ok bool) {
	for _, e := range entries {
		if e.Turn != nil {
			for _, seen := range e.Turn.Pictures() {
				if seen.Photo == photo {
					return seen.Findings, state, true
				}
			}
		}
		if e.State != nil {
			state = *e.State
		}
	}
	return nil, state, false
}

// getEvidence serves one of the pictures as PNG: with words and figures to the
// shop's people, the marks alone to who has sent the photo.
func (s *Server) getEvidence(picture string) gin.HandlerFunc {
	return func(c *gin.Context) {
		words := vision.WithFigures
		if c.GetBool(ctxOwner) {
			words = vision.MarksAlone
			if !s.visitors.turn(clientIP(c)) {
				problem(c, http.StatusTooManyRequests, "Too fast", "Wait a moment and try again.")
				return
			}
		}
		m, err := s.Eyes.Evidence(c.Request.Context(), c.Param("id"), c.Param("photo"), picture, words)
		if err != nil {
			s.fail(c, err)
			return
		}
		defer m.Close()
		c.Header("Content-Type", "image/png")
		c.Header("Cache-Control", "private, no-store")
		c.Status(http.StatusOK)
		_, _ = io.Copy(c.Writer, m)
	}
}
