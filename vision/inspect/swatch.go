package inspect

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"

	"waggle/vision"
	"waggle/vision/colour"
)

// ErrNoListing says that there is nothing to lay beside a photo.
var ErrNoListing = errors.New("inspect: no listing photo whose colours can be compared")

const (
	swatchSide = 420 // of each photo
	swatchPad  = 16
	swatchRow  = 44 // of a pair of colours
)

// Swatch lays the listing's photo and the buyer's side by side under the same
// light, as far as the light is known, with the item's colours in pairs below;
// with figures also their CIEDE2000 and the verdict.
func (in *Inspector) Swatch(ctx context.Context, photo vision.Image, listing []vision.Image, words vision.Captions) (*image.RGBA, vision.Colour, error) {
	if err := in.enter(ctx); err != nil {
		return nil, vision.Colour{}, err
	}
	defer in.leave()
	shown, err := in.listed.all(listing)
	if err != nil {
		return nil, vision.Colour{}, fmt.Errorf("inspect: %w", err)
	}
	l, err := look(photo)
	if err != nil {
		return nil, vision.Colour{}, fmt.Errorf("inspect: %w", err)
	}
	over, err := layOver(l.work, shown)
	if err != nil {
		return nil, vision.Colour{}, fmt.Errorf("inspect: %w", err)
	}
	j, which, err := judge(l, shown, over)
	if err != nil {
		return nil, vision.Colour{}, fmt.Errorf("inspect: %w", err)
	}
	if which < 0 || j.Light == colour.LightNone {
		return nil, j.Colour, ErrNoListing
	}
	out, err := drawSwatch(shown[which], l, j, words)
	return out, j.Colour, err
}

func drawSwatch(listing, photo looked, j colour.Judgement, words vision.Captions) (*image.RGBA, error) {
	f, err := face(16)
	if err != nil {
		return nil, err
	}
	a, b := listing.work.Fit(swatchSide), relit(photo.work.Fit(swatchSide), j.Gain)
	pairs := colour.Pairs(listing.sample, photo.sample, j.Gain)
	top := 2*swatchPad + f.Metrics().Height.Ceil()
	below := top + max(a.H, b.H) + swatchPad
	wide := 3*swatchPad + 2*swatchSide
	out := image.NewRGBA(image.Rect(0, 0, wide, below+len(pairs)*swatchRow+2*swatchPad+f.Metrics().Height.Ceil()))
	fill(out, out.Rect, color.RGBA{238, 238, 238, 255})
	right := 2*swatchPad + swatchSide
	say := func(x, y int, text string) {
		if words {
			write(out, f, x, y, inkText, text)
		}
	}
	say(swatchPad, swatchPad, "listing")
	say(right, swatchPad, "photo under the listing's light, known from: "+j.Light)
	copyTo(out, image.Pt(swatchPad, top), a)
	copyTo(out, image.Pt(right, top), b)
	for i, p := range pairs {
		y := below + i*swatchRow
		drawPair(out, y, p)
		say(swatchPad, y+8, fmt.Sprintf("%.0f %% of the item", 100*p.Share))
		say(wide/2+196, y+8, fmt.Sprintf("dE00 %.1f", p.Delta))
	}
	say(swatchPad, below+len(pairs)*swatchRow+swatchPad/2, fmt.Sprintf("%s   mean dE %.1f (lightness halved)   score %.2f", j.Verdict, j.DeltaE, j.Score))
	return out, nil
}

// drawPair puts one colour of the listing beside its nearest of the photo,
// without a gap, so that a difference can be seen.
func drawPair(out *image.RGBA, y int, p colour.Pair) {
	middle := (3*swatchPad + 2*swatchSide) / 2
	fill(out, image.Rect(middle-180, y, middle, y+swatchRow-6), rgba(p.Listing))
	fill(out, image.Rect(middle, y, middle+180, y+swatchRow-6), rgba(p.Photo))
}

func rgba(c colour.Linear) color.RGBA {
	r, g, b := c.SRGB()
	return color.RGBA{r, g, b, 255}
}

// relit multiplies a photo with a light.
func relit(m vision.Image, gain colour.Linear) vision.Image {
	out := m
	out.Pix = make([]uint8, len(m.Pix))
	for i := 0; i+2 < len(m.Pix); i += 3 {
		c := colour.FromSRGB(m.Pix[i], m.Pix[i+1], m.Pix[i+2])
		for k := range c {
			c[k] *= gain[k]
		}
		out.Pix[i], out.Pix[i+1], out.Pix[i+2] = c.SRGB()
	}
	return out
}
