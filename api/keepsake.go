package api

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"waggle/vision"
)

// What is kept of a photo lies in one folder under the photo's random name:
// NAME.jpg, the places of damage as NAME.places.png, and the evidence pictures
// that were asked for, NAME.PICTURE.AUDIENCE.png. It goes together.

// photoID is what rand.Text makes: nothing that could leave the folder.
var photoID = regexp.MustCompile(`^[A-Z2-7]{26}$`)

func (p *Photographs) path(id string) string       { return filepath.Join(p.Dir, id+".jpg") }
func (p *Photographs) placesPath(id string) string { return filepath.Join(p.Dir, id+".places.png") }

func (p *Photographs) evidencePath(id, picture string, words vision.Captions) string {
	audience := "sender"
	if words {
		audience = "staff"
	}
	return filepath.Join(p.Dir, id+"."+picture+"."+audience+".png")
}

// whole writes a file whole or not at all.
func (p *Photographs) whole(path string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(p.Dir, "keep-*.part")
	if err != nil {
		return fmt.Errorf("api: keep photo: %w", err)
	}
	if err := errors.Join(write(f), f.Close()); err != nil {
		return errors.Join(fmt.Errorf("api: keep photo: %w", err), os.Remove(f.Name()))
	}
	return os.Rename(f.Name(), path)
}

func (p *Photographs) keep(id string, img vision.Image) error { return p.whole(p.path(id), img.JPEG) }

// keepPlaces keeps where damage was seen, if it was.
func (p *Photographs) keepPlaces(id string, m vision.Mask) error {
	if len(m.Pix) == 0 {
		return nil
	}
	grey := &image.Gray{Pix: m.Pix, Stride: m.W, Rect: image.Rect(0, 0, m.W, m.H)}
	return p.whole(p.placesPath(id), func(w io.Writer) error { return png.Encode(w, grey) })
}

// places reads what keepPlaces kept; empty if there is nothing.
func (p *Photographs) places(id string) (vision.Mask, error) {
	f, err := os.Open(p.placesPath(id))
	if errors.Is(err, os.ErrNotExist) {
		return vision.Mask{}, nil
	}
	if err != nil {
		return vision.Mask{}, err
	}
	defer f.Close()
	drawn, err := png.Decode(f)
	if err != nil {
		return vision.Mask{}, fmt.Errorf("api: places of damage: %w", err)
	}
	b := drawn.Bounds()
	m := vision.Mask{W: b.Dx(), H: b.Dy(), Pix: make([]uint8, 0, b.Dx()*b.Dy())}
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			m.Pix = append(m.Pix, color.GrayModel.Convert(drawn.At(x, y)).(color.Gray).Y)
		}
	}
	return m, nil
}

// photo reads one that was kept: our own file, so no intake is needed.
func (p *Photographs) photo(ctx context.Context, id string) (vision.Image, error) {
	f, err := p.Picture(ctx, id)
	if errors.Is(err, os.ErrNotExist) { // deleted after its retention time
		return vision.Image{}, errNoPicture
	}
	if err != nil {
		return vision.Image{}, err
	}
	defer f.Close()
	return vision.Decode(f, vision.DefaultLimits())
}

// Picture implements Eyes.
func (p *Photographs) Picture(_ context.Context, id string) (io.ReadCloser, error) {
	if !photoID.MatchString(id) {
		return nil, os.ErrNotExist
	}
	return os.Open(p.path(id))
}

// Sweep deletes the photos that were kept before a time, and with each what
// was noted and drawn of it; also what an upload that broke off has left. It
// returns how many photos went.
func (p *Photographs) Sweep(before time.Time) (photos int, err error) {
	files, err := os.ReadDir(p.Dir)
	if err != nil {
		return 0, fmt.Errorf("api: sweep photos: %w", err)
	}
	kept := map[string]bool{}
	var errs []error
	for _, f := range files {
		id, ok := strings.CutSuffix(f.Name(), ".jpg")
		if !ok {
			continue
		}
		switch info, err := f.Info(); {
		case err != nil || !info.ModTime().Before(before):
			kept[id] = true
		default:
			photos++
			errs = append(errs, os.Remove(p.path(id)))
		}
	}
	for _, f := range files {
		id, rest, _ := strings.Cut(f.Name(), ".")
		info, err := f.Info()
		left := rest == "part" && err == nil && time.Since(info.ModTime()) > time.Hour
		if orphan := photoID.MatchString(id) && rest != "jpg" && !kept[id]; orphan || left {
			errs = append(errs, os.Remove(filepath.Join(p.Dir, f.Name())))
		}
	}
	return photos, errors.Join(errs...)
}

// sweepEvery is how often Retain looks.
const sweepEvery = time.Hour

// Retain sweeps now and then until ctx ends; keep 0 keeps photos for good.
func (p *Photographs) Retain(ctx context.Context, keep time.Duration, failed func(error)) {
	if keep <= 0 {
		return
	}
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		if _, err := p.Sweep(time.Now().Add(-keep)); err != nil {
			failed(err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
