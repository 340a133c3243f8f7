package detect

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"math"
	"os"
	"path/filepath"
	"testing"

	"waggle/vision"
	"waggle/vision/card"
)

// open drops in a crafted network of one of the two output shapes. Whatever
// the photo, it answers with the four boxes of make_graphs.py.
func open(t *testing.T, graph string) *Detector {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", graph))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, graph), raw, 0o600); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(raw)
	path := filepath.Join(dir, "net.json")
	err = card.Write(path, card.Card{
		Name: "net", Kind: card.Detector, Model: card.File{File: graph, SHA256: hex.EncodeToString(sum[:])}, Licence: "test", Labels: []string{"bottle", "shirt"},
		Input: card.Input{Name: "images", Layout: card.NCHW, Colour: card.RGB, Scale: 1.0 / 255, Std: [3]float64{1, 1, 1}, Resize: card.ResizeLetterbox,
			Width: 64, Height: 64, Pad: 114},
		Outputs: map[string]string{"boxes": "output0"},
	})
	if err != nil {
		t.Fatal(err)
	}
	d, err := Open(path, card.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

func TestBothOutputShapesGiveTheSameThings(t *testing.T) {
	photo := vision.Image{Pix: make([]uint8, 3*640*320), W: 640, H: 320} // fills 64 x 32 of the input, 16 from the top
	for _, graph := range []string{"v5.onnx", "v8.onnx"} {
		got, err := open(t, graph).Find(context.Background(), photo)
		if err != nil || len(got) != 2 {
			t.Fatalf("%s: %+v %v", graph, got, err)
		}
		want := []Thing{
			{Label: "bottle", Score: 0.9, Box: vision.Box{X: 100, Y: 40, W: 200, H: 160}},
			{Label: "shirt", Score: 0.8, Box: vision.Box{X: 120, Y: 40, W: 200, H: 160}},
		}
		for i, w := range want {
			g := got[i]
			if g.Label != w.Label || math.Abs(g.Score-w.Score) > 1e-5 || g.Box != w.Box {
				t.Errorf("%s: %+v, want %+v", graph, g, w)
			}
		}
	}
}

func TestOutputsThatCannotBeAreRefused(t *testing.T) {
	for name, o := range map[string]card.Output{
		"none": {}, "two dimensions": {Dims: []int{4, 6}, Data: make([]float32, 24)},
		"another number of labels": {Dims: []int{1, 10, 9}, Data: make([]float32, 90)}, "short": {Dims: []int{1, 2, 7}, Data: make([]float32, 3)},
	} {
		if _, err := read(o, 2, 0.25); !errors.Is(err, card.ErrGraph) {
			t.Errorf("%s: %v", name, err)
		}
	}
	nan := float32(math.NaN())
	got, err := read(card.Output{Dims: []int{1, 3, 6}, Data: []float32{nan, 1, 2, 2, 1, 0, 1, 1, -2, 2, 1, 0, 1, 1, 2, 2, nan, nan}}, 2, 0.25)
	if err != nil || len(got) != 0 {
		t.Errorf("boxes of nothing: %+v %v", got, err)
	}
}
