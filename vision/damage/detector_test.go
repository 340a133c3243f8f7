package damage

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"waggle/vision"
	"waggle/vision/card"
)

// dark opens a network that calls black pixels damage, see testdata/make.py.
func dark(t *testing.T) *Detector {
	t.Helper()
	d, err := Open("testdata/dark.json", 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

// page is a light picture with black boxes.
func page(w, h int, marks ...vision.Box) vision.Image {
	m := vision.Image{Pix: make([]uint8, 3*w*h), W: w, H: h}
	for i := range m.Pix {
		m.Pix[i] = 200
	}
	for _, b := range marks {
		for y := b.Y; y < b.Y+b.H; y++ {
			for x := b.X; x < b.X+b.W; x++ {
				copy(m.Pix[3*(y*w+x):], []uint8{0, 0, 0})
			}
		}
	}
	return m
}

func whole(w, h int) vision.Mask {
	m := vision.Mask{Pix: make([]uint8, w*h), W: w, H: h}
	for i := range m.Pix {
		m.Pix[i] = 255
	}
	return m
}

func look(t *testing.T, d *Detector, m vision.Image) Map {
	t.Helper()
	seen, err := d.Look(context.Background(), m)
	if err != nil {
		t.Fatal(err)
	}
	return seen
}

func TestSpotsLieWhereTheDamageIs(t *testing.T) {
	d := dark(t)
	// 500 x 300 is shrunk to 256 x 154, which is padded to 160: all three sizes
	// of the way back are in play.
	mark := vision.Box{X: 300, Y: 200, W: 100, H: 60}
	photo := page(500, 300, mark)
	spots := look(t, d, photo).Spots(whole(50, 30), 0.5, photo.W, photo.H)
	if len(spots) != 1 {
		t.Fatalf("%d spots: %+v", len(spots), spots)
	}
	got := spots[0]
	for _, d := range [4]int{got.Box.X - mark.X, got.Box.Y - mark.Y, got.Box.X + got.Box.W - mark.X - mark.W, got.Box.Y + got.Box.H - mark.Y - mark.H} {
		if d > 10 || d < -10 {
			t.Errorf("box %+v, want about %+v", got.Box, mark)
			break
		}
	}
	if got.Label != "hole" || got.Severity != vision.SeverityMedium || got.Kind != vision.KindDamage {
		t.Errorf("finding %+v", got)
	}
}

func TestScoreIsHighOnlyWithDamage(t *testing.T) {
	d := dark(t)
	if j := d.Alone(look(t, d, page(256, 256))); j.Score > 0.01 || j.Limits == nil {
		t.Errorf("clean page: %.3f, %v", j.Score, j.Limits)
	}
	marked := look(t, d, page(256, 256, vision.Box{X: 9, Y: 9, W: 40, H: 40}))
	if j := d.Alone(marked); j.Score < 0.99 {
		t.Errorf("damaged page scores %.3f", j.Score)
	}
	// What is dark all over is no damage but how the thing looks.
	if j := d.Alone(look(t, d, page(256, 256, vision.Box{W: 256, H: 256}))); j.Score > 0.01 {
		t.Errorf("a page that is odd everywhere scores %.3f", j.Score)
	}
}

func TestWithoutCalibrationNothingIsJudged(t *testing.T) {
	d := dark(t)
	d.Calibrate(nil, "")
	photo := page(256, 256, vision.Box{X: 9, Y: 9, W: 40, H: 40})
	seen, item := look(t, d, photo), whole(256, 256)
	if j := d.Alone(seen); j.Limits != nil {
		t.Errorf("alone: %+v", j.Limits)
	}
	if j := d.Beside(seen, photo, item, []Reference{{Image: photo, Valid: item, Seen: seen}}); j.Limits != nil {
		t.Errorf("beside: %+v", j.Limits)
	}
}

func TestPaddingMakesNoSpots(t *testing.T) {
	d := dark(t)
	for _, size := range [][2]int{{17, 250}, {255, 3}, {1, 1}} {
		photo := page(size[0], size[1])
		if spots := look(t, d, photo).Spots(whole(size[0], size[1]), 0.5, photo.W, photo.H); len(spots) != 0 {
			t.Errorf("%v: %+v", size, spots)
		}
	}
}

func TestOnlyWhatTheListingDoesNotShowIsDamage(t *testing.T) {
	d := dark(t)
	print, crack := vision.Box{X: 40, Y: 40, W: 60, H: 40}, vision.Box{X: 160, Y: 160, W: 50, H: 12}
	photo, listing := page(256, 256, print, crack), page(256, 256, print)
	for i := range photo.Pix { // another light
		photo.Pix[i] = uint8(int(photo.Pix[i]) * 7 / 10)
	}
	item := whole(256, 256)
	beside := func(photo, listing vision.Image, valid vision.Mask) Judgement {
		t.Helper()
		return d.Beside(look(t, d, photo), photo, item, []Reference{{Image: listing, Valid: valid, Seen: look(t, d, listing)}})
	}
	got := beside(photo, listing, item)
	spots := got.Spots(item, 0.5, 256, 256)
	if len(spots) != 1 || spots[0].Box.Y < 140 || got.Score < 0.9 {
		t.Errorf("score %.2f, spots %+v", got.Score, spots)
	}
	same := beside(listing, listing, item)
	if spots := same.Spots(item, 0.5, 256, 256); len(spots) != 0 || same.Score > 0.4 {
		t.Errorf("the listing differs from itself: %.2f, %+v", same.Score, spots)
	}
	none := vision.Mask{Pix: make([]uint8, 256*256), W: 256, H: 256}
	if blind := beside(photo, listing, none); blind.Score > 0.4 || len(blind.Spots(item, 0.5, 256, 256)) != 0 {
		t.Errorf("something was seen where the listing has no pixels: %.2f", blind.Score)
	}
	// One of two references shows the mark: it belongs to the product.
	seen := look(t, d, photo)
	two := d.Beside(seen, photo, item, []Reference{
		{Image: listing, Valid: item, Seen: look(t, d, listing)}, {Image: photo, Valid: item, Seen: seen},
	})
	if len(two.Spots(item, 0.5, 256, 256)) != 0 {
		t.Errorf("a mark that one reference shows too: %.2f", two.Score)
	}
}

func TestSpotsBesideTheItemAreIgnored(t *testing.T) {
	d := dark(t)
	item := vision.Mask{Pix: make([]uint8, 256*256), W: 256, H: 256}
	for y := 100; y < 200; y++ {
		for x := 100; x < 200; x++ {
			item.Pix[y*256+x] = 255
		}
	}
	seen := look(t, d, page(256, 256, vision.Box{X: 10, Y: 10, W: 40, H: 40}))
	if spots := seen.Spots(item, 0.5, 256, 256); len(spots) != 0 {
		t.Errorf("spots on the ground: %+v", spots)
	}
}

func TestLookWaitsOnlyAsLongAsTheContext(t *testing.T) {
	d := dark(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for range 50 { // a free slot and a finished context are both ready: either may win
		if _, err := d.Look(ctx, page(64, 64)); errors.Is(err, context.Canceled) {
			return
		}
	}
	t.Error("a finished context is not noticed")
}

func TestOpenRefusesCardsOfOtherKinds(t *testing.T) {
	dir := t.TempDir()
	raw, err := os.ReadFile("testdata/dark.json")
	if err != nil {
		t.Fatal(err)
	}
	net, err := os.ReadFile("testdata/dark.onnx")
	if err != nil {
		t.Fatal(err)
	}
	write := func(name string, raw []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	write("dark.onnx", net)
	embedding := strings.Replace(strings.Replace(string(raw), `"damage",`, `"embedding",`, 1), `"score": "score"`, `"vector": "score"`, 1)
	if d, err := Open(write("embedding.json", []byte(embedding)), 1, 1); !errors.Is(err, card.ErrKind) {
		t.Errorf("%v, %v", d, err)
	}
	if d, err := Open(write("text.json", []byte("not a card")), 1, 1); !errors.Is(err, card.ErrCard) {
		t.Errorf("%v, %v", d, err)
	}
}
