package api

import (
	"context"
	"time"

	"waggle/vision"
	"waggle/vision/forensic"
)

// Sighting is one photo that came with a conversation.
type Sighting struct {
	Photo, Shop, Conversation, Customer string
	At                                  time.Time
	Print                               forensic.Fingerprint
}

// Sightings remember what photos looked like, shop by shop; *store.Store does.
type Sightings interface {
	// See remembers a photo and returns those of one picture that came before it
	// in somebody else's conversation, oldest first. A customer who sends a photo
	// again, in the same conversation or later, is not somebody else.
	See(ctx context.Context, s Sighting) (before []Sighting, err error)
}

// seenBefore remembers the photo and adds a sign if somebody else has sent it.
func (p *Photographs) seenBefore(ctx context.Context, s Sighting, img vision.Image, r *vision.Report) error {
	if p.Sightings == nil {
		return nil
	}
	var ok bool
	if s.Print, ok = forensic.Take(img); !ok {
		return nil
	}
	s.Shop, s.At = p.Shop, time.Now()
	before, err := p.Sightings.See(ctx, s)
	if err != nil || len(before) == 0 {
		return err
	}
	r.Signs = append(r.Signs, vision.Sign{Name: vision.SignSeenBefore, Score: 0.95, Note: "这张照片在别的售后单里出现过。"})
	return nil
}
