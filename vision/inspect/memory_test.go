package inspect

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"waggle/vision"
	"waggle/vision/damage"
)

// shot is the box in another light, a little noisier.
func shot(gain int, marks ...vision.Box) vision.Image {
	m := box(marks...)
	for i, p := range m.Pix {
		m.Pix[i] = uint8(min(255, int(p)*gain/100))
	}
	return m
}

func TestAFolderOfIntactPhotosShowsWhatIsOdd(t *testing.T) {
	in, err := Open(Options{}) // the built-in network describes places, the test network does not
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = in.Close() })
	ctx, dir := context.Background(), t.TempDir()
	for i := range 6 {
		var file bytes.Buffer
		if err := shot(85 + 4*i).JPEG(&file); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d.jpg", i)), file.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p, err := in.OpenProduct(ctx, dir)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	good, err := in.AgainstMemory(ctx, shot(97), p)
	if err != nil {
		t.Fatal(err)
	}
	bad, err := in.AgainstMemory(ctx, shot(97, vision.Box{X: 180, Y: 120, W: 110, H: 100}), p)
	if err != nil {
		t.Fatal(err)
	}
	if good.Label == vision.LabelDamaged || bad.Score <= good.Score {
		t.Errorf("intact %+v, damaged %+v", good, bad)
	}
}

func TestWhatIsNoProductIsRefused(t *testing.T) {
	in, dir := eyes(t, Options{}), t.TempDir()
	if _, err := in.OpenProduct(context.Background(), dir); !errors.Is(err, damage.ErrMemory) {
		t.Errorf("an empty folder: %v", err)
	}
	if _, err := in.OpenProduct(context.Background(), filepath.Join(dir, "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing one: %v", err)
	}
	text := filepath.Join(dir, "text.json")
	if err := os.WriteFile(text, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := in.OpenProduct(context.Background(), text); err == nil {
		t.Error("a card of nothing was taken")
	}
}
