package demo

import (
	"image/png"
	"testing"
)

func TestEveryProductHasItsPicture(t *testing.T) {
	const largest = 30 << 10
	for _, p := range open(t, Options{}).data.products {
		f, err := Images().Open(p.Image)
		if err != nil {
			t.Errorf("%s: %v", p.ID, err)
			continue
		}
		info, err := f.Stat()
		if err != nil || info.Size() > largest {
			t.Errorf("%s: %d bytes, %v", p.ID, info.Size(), err)
		}
		img, err := png.Decode(f)
		if err != nil || img.Bounds().Dx() != 512 || img.Bounds().Dy() != 512 {
			t.Errorf("%s: %v, %v", p.ID, img.Bounds(), err)
		}
		f.Close()
	}
}
