package card

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"waggle/vision"
)

// plain is a photo of one colour.
func plain(w, h int, r, g, b uint8) vision.Image {
	m := vision.Image{W: w, H: h, SourceW: w, SourceH: h, Pix: make([]uint8, 0, 3*w*h)}
	for range w * h {
		m.Pix = append(m.Pix, r, g, b)
	}
	return m
}

func TestNetworkSeesThePhotoAsItsCardSays(t *testing.T) {
	n, err := Open(place(t, t.TempDir(), example()), Options{}, Embedding)
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close()
	r, err := n.Run(t.Context(), plain(50, 20, 255, 51, 0))
	if err != nil {
		t.Fatal(err)
	}
	got := r.Out["vector"]
	for i, want := range []float64{1, 0.2, 0} {
		if math.Abs(float64(got.Data[i])-want) > 1e-5 {
			t.Errorf("channel %d is %g, want %g", i, got.Data[i], want)
		}
	}
	if len(r.Out) != 1 {
		t.Errorf("outputs that no role names came through: %v", r.Out)
	}
}

func TestNetworkMayBeUsedByManyAtOnce(t *testing.T) {
	n, err := Open(place(t, t.TempDir(), example()), Options{Slots: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close()
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			r, err := n.Run(t.Context(), plain(9, 9, uint8(i), 0, 0))
			if err != nil || math.Abs(float64(r.Out["vector"].Data[0])-float64(i)/255) > 1e-5 {
				t.Errorf("photo %d: %v, %v", i, r.Out, err)
			}
		})
	}
	wg.Wait()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	n.slots <- struct{}{}
	n.slots <- struct{}{}
	if _, err := n.Run(ctx, plain(9, 9, 0, 0, 0)); !errors.Is(err, context.Canceled) {
		t.Errorf("beyond the slots: %v", err)
	}
}

func TestLayoutColourAndFiguresOfTheInput(t *testing.T) {
	c := example()
	c.Name, c.Model.File, c.Outputs = "echo", "echo.onnx", map[string]string{"vector": "same"}
	c.Input = Input{Name: "pixels", Layout: NHWC, Colour: BGR, Scale: 1, Mean: [3]float64{10, 20, 30}, Std: [3]float64{2, 4, 5},
		Resize: ResizeLetterbox, Width: 16, Height: 8, Pad: 114}
	n, err := Open(place(t, t.TempDir(), c), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close()
	r, err := n.Run(t.Context(), plain(32, 32, 200, 100, 50))
	if err != nil {
		t.Fatal(err)
	}
	at := func(x, y, c int) float32 { return r.Out["vector"].Data[(y*16+x)*3+c] }
	if at(8, 4, 0) != (50-10)/2. || at(8, 4, 1) != (100-20)/4. || at(8, 4, 2) != (200-30)/5. {
		t.Errorf("photo: %g %g %g", at(8, 4, 0), at(8, 4, 1), at(8, 4, 2))
	}
	if at(0, 0, 0) != (114-10)/2. {
		t.Errorf("bar: %g", at(0, 0, 0))
	}
	if x, y := r.Frame.Photo(4, 0); x != 0 || y != 0 {
		t.Errorf("the photo's corner maps to %g, %g", x, y)
	}
	if x, y := r.Frame.Photo(12, 8); x != 32 || y != 32 {
		t.Errorf("the photo's far corner maps to %g, %g", x, y)
	}
}

func TestOpenRefusesFilesBesideTheCardThatItCannotTrust(t *testing.T) {
	for name, spoil := range map[string]func(t *testing.T, dir string){
		"changed model": func(t *testing.T, dir string) {
			raw, _ := os.ReadFile(filepath.Join(dir, "mean.onnx"))
			raw[len(raw)-1] ^= 1
			must(t, os.WriteFile(filepath.Join(dir, "mean.onnx"), raw, 0o600))
		},
		"missing model": func(t *testing.T, dir string) { must(t, os.Remove(filepath.Join(dir, "mean.onnx"))) },
		"link": func(t *testing.T, dir string) {
			model, away := filepath.Join(dir, "mean.onnx"), filepath.Join(t.TempDir(), "x.onnx")
			must(t, os.Rename(model, away))
			must(t, os.Symlink(away, model))
		},
		"folder": func(t *testing.T, dir string) {
			must(t, os.Remove(filepath.Join(dir, "mean.onnx")))
			must(t, os.Mkdir(filepath.Join(dir, "mean.onnx"), 0o700))
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := place(t, dir, example())
			spoil(t, dir)
			if _, err := Open(path, Options{}); !errors.Is(err, ErrFile) {
				t.Errorf("got %v, want ErrFile", err)
			}
		})
	}
}

func TestOpenRefusesGraphsThatDisagreeWithTheCard(t *testing.T) {
	for name, change := range map[string]func(*Card){
		"other input name":   func(c *Card) { c.Input.Name = "pixels" },
		"other layout":       func(c *Card) { c.Input.Layout = NHWC },
		"no such output":     func(c *Card) { c.Outputs["vector"] = "nothing" },
		"one output, twice":  func(c *Card) { c.Outputs["other"] = "vector" },
		"two inputs":         func(c *Card) { c.Model.File, c.Input.Name = "two.onnx", "a" },
		"whole-number input": func(c *Card) { c.Model.File = "whole.onnx" },
		"other size": func(c *Card) {
			c.Model.File, c.Input.Name, c.Input.Layout, c.Outputs = "echo.onnx", "pixels", NHWC, map[string]string{"vector": "same"}
		},
	} {
		c := example()
		change(&c)
		if _, err := Open(place(t, t.TempDir(), c), Options{}); !errors.Is(err, ErrGraph) {
			t.Errorf("%s: got %v, want ErrGraph", name, err)
		}
	}
	if _, err := Open(place(t, t.TempDir(), example()), Options{}, Damage, Detector); !errors.Is(err, ErrKind) {
		t.Errorf("another kind: %v", err)
	}
	lonely := filepath.Join(t.TempDir(), "clip.onnx")
	if _, err := Open(lonely, Options{}); !errors.Is(err, ErrCard) || !strings.Contains(err.Error(), "clip.json") {
		t.Errorf("a model without a card: %v", err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
