package main

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"

	"waggle/vision"
	"waggle/vision/inspect"
)

// evidencePictures are the files that inspect draws; empty names for none.
type evidencePictures struct{ overlay, swatch string }

func (p evidencePictures) check(photos, listings int) error {
	switch {
	case p.overlay != "" && photos > 1:
		return usagef("--overlay draws over one photo, not over %d", photos)
	case p.swatch != "" && photos > 1:
		return usagef("--swatch compares one photo, not %d", photos)
	case p.swatch != "" && listings == 0:
		return usagef("--swatch needs --listing, a photo to compare with")
	}
	return nil
}

func (p evidencePictures) draw(ctx context.Context, eyes *inspect.Inspector, photo vision.Image, listing []vision.Image, r vision.Report) error {
	if p.overlay != "" {
		m, err := eyes.Overlay(ctx, photo, r.Findings(), r.Damage.Places, vision.WithFigures)
		if err := errors.Join(err, writePNG(p.overlay, m)); err != nil {
			return err
		}
	}
	if p.swatch == "" {
		return nil
	}
	m, _, err := eyes.Swatch(ctx, photo, listing, vision.WithFigures)
	if err != nil {
		return err
	}
	return writePNG(p.swatch, m)
}

func writePNG(path string, m *image.RGBA) error {
	if m == nil {
		return nil
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := errors.Join(png.Encode(f, m), f.Close()); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}
