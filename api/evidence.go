package api

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
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
// found, not what a newer network might find. errNoPicture when the photo is
// not the conversation's, or has nothing to be compared with.
func (p *Photographs) Evidence(ctx context.Context, conversation, photo, picture string) (image.Image, error) {
	entries, err := p.Conversations.Entries(ctx, conversation)
	if err != nil {
		return nil, err
	}
	turn, state := shownIn(entries, photo)
	if turn == nil {
		return nil, fmt.Errorf("api: photo %q: %w", photo, errNoPicture)
	}
	img, err := p.open(photo)
	if err != nil {
		return nil, err
	}
	if picture == pictureOverlay {
		return p.Inspector.Overlay(ctx, img, turn.Photo, vision.Mask{})
	}
	listing := p.Listings.Listing(ctx, state)
	if len(listing) == 0 {
		return nil, fmt.Errorf("api: no listing photo: %w", errNoPicture)
	}
	m, c, err := p.Inspector.Swatch(ctx, img, listing)
	if m == nil && c.Verdict != "" {
		return nil, fmt.Errorf("api: colours cannot be compared: %w", errNoPicture)
	}
	return m, err
}

// shownIn finds the turn that showed a photo and the state it was shown in.
func shownIn(entries []dialog.Entry, photo string) (*dialog.Turn, dialog.State) {
	var state dialog.State
	for _, e := range entries {
		if e.Turn != nil && e.Turn.PhotoID == photo && photo != "" {
			return e.Turn, state
		}
		if e.State != nil {
			state = *e.State
		}
	}
	return nil, state
}

// open reads a photo that was kept: our own file, so no intake is needed.
func (p *Photographs) open(id string) (vision.Image, error) {
	if !photoID.MatchString(id) {
		return vision.Image{}, errNoPicture
	}
	f, err := os.Open(p.path(id))
	if errors.Is(err, os.ErrNotExist) { // deleted after its retention time
		return vision.Image{}, errNoPicture
	}
	if err != nil {
		return vision.Image{}, err
	}
	defer f.Close()
	return vision.Decode(f, vision.DefaultLimits())
}

// getEvidence serves one of the pictures as PNG.
func (s *Server) getEvidence(picture string) gin.HandlerFunc {
	return func(c *gin.Context) {
		m, err := s.Eyes.Evidence(c.Request.Context(), c.Param("id"), c.Param("photo"), picture)
		if err != nil {
			s.fail(c, err)
			return
		}
		c.Header("Content-Type", "image/png")
		c.Header("Cache-Control", "private, no-store")
		c.Status(http.StatusOK)
		_ = png.Encode(c.Writer, m)
	}
}
