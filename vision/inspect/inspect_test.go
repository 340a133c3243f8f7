package inspect

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"waggle/vision"
	"waggle/vision/card"
)

// eyes use the test network that calls black pixels damage, so that these
// tests hold whatever the shipped weights are.
func eyes(t *testing.T, o Options) *Inspector {
	t.Helper()
	o.Model = "../damage/testdata/dark.json"
	in, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = in.Close() })
	return in
}

// box draws a bright, colourful package on a green ground, full of corners.
func box(marks ...vision.Box) vision.Image {
	const w, h = 480, 360
	rng := rand.New(rand.NewPCG(11, 12))
	m := vision.Image{Pix: make([]uint8, 3*w*h), W: w, H: h, SourceW: w, SourceH: h, Profile: vision.ProfileAssumed}
	paint := func(b vision.Box, c [3]int) {
		for y := max(0, b.Y); y < min(h, b.Y+b.H); y++ {
			for x := max(0, b.X); x < min(w, b.X+b.W); x++ {
				for k := range 3 {
					m.Pix[3*(y*w+x)+k] = uint8(max(0, min(255, c[k]+rng.IntN(9)-4)))
				}
			}
		}
	}
	paint(vision.Box{W: w, H: h}, [3]int{70, 120, 70})
	paint(vision.Box{X: 100, Y: 60, W: 280, H: 240}, [3]int{200, 170, 150})
	for range 90 {
		b := vision.Box{X: 110 + rng.IntN(230), Y: 70 + rng.IntN(190), W: 8 + rng.IntN(25), H: 8 + rng.IntN(25)}
		paint(b, [3]int{140 + rng.IntN(110), 110 + rng.IntN(110), 100 + rng.IntN(100)})
	}
	for _, b := range marks {
		paint(b, [3]int{4, 4, 4})
	}
	return m
}

var hole = vision.Box{X: 200, Y: 150, W: 60, H: 40}

func inspect(t *testing.T, in *Inspector, photo vision.Image, listing ...vision.Image) vision.Report {
	t.Helper()
	r, err := in.Inspect(context.Background(), photo, listing)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestDamageIsFoundPlacedAndPutIntoWords(t *testing.T) {
	r := inspect(t, eyes(t, Options{}), box(hole))
	if r.Quality.Label != vision.LabelOK || r.Damage.Label != vision.LabelDamaged || len(r.Damage.Spots) == 0 {
		t.Fatalf("%+v", r)
	}
	spot := r.Damage.Spots[0]
	if dx, dy := spot.Box.X-hole.X, spot.Box.Y-hole.Y; dx*dx > 200 || dy*dy > 200 {
		t.Errorf("spot %+v, want %+v", spot.Box, hole)
	}
	if !strings.Contains(spot.Note, "破洞") || spot.Severity == vision.SeverityNone {
		t.Errorf("spot %+v", spot)
	}
	if r.Colour != nil {
		t.Error("a colour verdict without a listing")
	}
	kinds := map[string]bool{}
	for _, f := range r.Findings() {
		kinds[f.Kind] = true
	}
	if !kinds[vision.KindQuality] || !kinds[vision.KindDamage] {
		t.Errorf("findings %+v", r.Findings())
	}
}

func TestAnIntactItemIsCalledIntact(t *testing.T) {
	r := inspect(t, eyes(t, Options{}), box())
	if r.Damage.Label != vision.LabelIntact || len(r.Damage.Spots) != 0 {
		t.Errorf("%+v", r.Damage)
	}
}

func TestWhatTheListingShowsIsNoDamage(t *testing.T) {
	in := eyes(t, Options{})
	r := inspect(t, in, box(hole), box(hole))
	if r.Damage.Label == vision.LabelDamaged || !r.Damage.Compared {
		t.Errorf("a print was called damage: %+v", r.Damage)
	}
	if r.Colour == nil || r.Colour.Verdict != vision.LabelSame {
		t.Errorf("colour %+v", r.Colour)
	}
	r = inspect(t, in, box(hole), box())
	if r.Damage.Label != vision.LabelDamaged || !r.Damage.Compared {
		t.Errorf("damage that the listing does not show: %+v", r.Damage)
	}
}

func TestNothingIsClaimedFromABadPhoto(t *testing.T) {
	bad := box(hole)
	for i := range bad.Pix {
		bad.Pix[i] /= 14
	}
	r := inspect(t, eyes(t, Options{}), bad, box())
	if r.Quality.Label != vision.LabelDark || r.Quality.Advice == "" {
		t.Errorf("quality %+v", r.Quality)
	}
	if r.Damage.Label != vision.LabelCannotSee || len(r.Damage.Spots) != 0 || r.Colour.Verdict != vision.LabelCannotTell {
		t.Errorf("%+v %+v", r.Damage, r.Colour)
	}
}

func TestAnUnknownProfileGivesNoColourVerdict(t *testing.T) {
	photo := box()
	photo.Profile = vision.ProfileUnknown
	if r := inspect(t, eyes(t, Options{}), photo, box()); r.Colour.Verdict != vision.LabelCannotTell {
		t.Errorf("%+v", r.Colour)
	}
}

func TestInspectIsBoundedAndSafeForManyAtOnce(t *testing.T) {
	in := eyes(t, Options{Parallel: 2})
	var wait sync.WaitGroup
	for range 6 {
		wait.Go(func() {
			if r, err := in.Inspect(context.Background(), box(hole), nil); err != nil || r.Damage.Label != vision.LabelDamaged {
				t.Errorf("%v %+v", err, r.Damage)
			}
		})
	}
	wait.Wait()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for range cap(in.slots) {
		in.slots <- struct{}{}
	}
	if _, err := in.Inspect(ctx, box(), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestInspectFileReadsPhotosAndRefusesTheRest(t *testing.T) {
	in, dir := eyes(t, Options{}), t.TempDir()
	var file bytes.Buffer
	if err := box(hole).JPEG(&file); err != nil {
		t.Fatal(err)
	}
	photo, text := filepath.Join(dir, "a.jpg"), filepath.Join(dir, "b.jpg")
	for name, b := range map[string][]byte{photo: file.Bytes(), text: []byte("this is not a photo")} {
		if err := os.WriteFile(name, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	found, err := in.InspectFile(context.Background(), photo)
	if err != nil || len(found) < 2 {
		t.Errorf("%v %+v", err, found)
	}
	if _, err := in.InspectFile(context.Background(), text); !errors.Is(err, vision.ErrUnsupported) {
		t.Errorf("text: %v", err)
	}
	if _, err := in.InspectFile(context.Background(), filepath.Join(dir, "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing: %v", err)
	}
}

func TestOverlayDrawsTheSpots(t *testing.T) {
	photo := box(hole)
	in := eyes(t, Options{})
	r := inspect(t, in, photo)
	m, err := in.Overlay(context.Background(), photo, r.Findings(), r.Damage.Places, vision.WithFigures)
	if err != nil {
		t.Fatal(err)
	}
	b := r.Damage.Spots[0].Box
	if c := m.RGBAAt(b.X-1, b.Y+b.H/2); c.R < 200 || c.G > 60 {
		t.Errorf("no frame at %+v: %v", b, c)
	}
	if r.Damage.Places.Share() == 0 || m.Rect.Dy() <= photo.H {
		t.Errorf("places %.3f, size %v", r.Damage.Places.Share(), m.Rect)
	}
	plain, err := in.Overlay(context.Background(), photo, r.Findings(), r.Damage.Places, vision.MarksAlone)
	if err != nil || plain.Rect.Dx() != photo.W || plain.Rect.Dy() != photo.H {
		t.Fatalf("marks alone: %v, %v", plain.Rect, err)
	}
	if c := plain.RGBAAt(b.X-1, b.Y+b.H/2); c.R < 200 || c.G > 60 {
		t.Errorf("marks alone: no frame at %+v: %v", b, c)
	}
	boxes, err := in.Overlay(context.Background(), photo, r.Findings(), vision.Mask{}, vision.MarksAlone)
	if err != nil || bytes.Equal(boxes.Pix, plain.Pix) {
		t.Errorf("the places are not drawn: %v", err)
	}
}

func TestSwatchShowsBothUnderOneLight(t *testing.T) {
	in, photo := eyes(t, Options{}), onACloth()
	for i := 0; i < len(photo.Pix); i += 3 {
		photo.Pix[i], photo.Pix[i+2] = uint8(min(255, 1.08*float64(photo.Pix[i]))), uint8(0.92*float64(photo.Pix[i+2]))
	}
	m, c, err := in.Swatch(context.Background(), photo, []vision.Image{onACloth()}, vision.WithFigures)
	if err != nil || c.Verdict != vision.LabelSame {
		t.Fatalf("%+v %v", c, err)
	}
	listing, seen := m.RGBAAt(swatchPad+swatchSide/2, 200), m.RGBAAt(2*swatchPad+swatchSide+swatchSide/2, 200)
	if d := int(listing.B) - int(seen.B); d > 14 || d < -14 {
		t.Errorf("listing %v, photo %v", listing, seen)
	}
	plain, _, err := in.Swatch(context.Background(), photo, []vision.Image{onACloth()}, vision.MarksAlone)
	if err != nil || plain.Rect != m.Rect || bytes.Equal(plain.Pix, m.Pix) || plain.RGBAAt(2*swatchPad+swatchSide+swatchSide/2, 200) != m.RGBAAt(2*swatchPad+swatchSide+swatchSide/2, 200) {
		t.Errorf("colours alone: %v", err)
	}
	if _, _, err := in.Swatch(context.Background(), photo, nil, vision.WithFigures); !errors.Is(err, ErrNoListing) {
		t.Errorf("without listing: %v", err)
	}
}

// onACloth lays the box on a cloth with a pattern.
func onACloth() vision.Image {
	m := box()
	rng := rand.New(rand.NewPCG(5, 6))
	for range 400 {
		x, y, c := rng.IntN(m.W-12), rng.IntN(m.H-12), uint8(40+rng.IntN(150))
		if x > 85 && x < 380 && y > 45 && y < 300 {
			continue
		}
		for v := y; v < y+12; v++ {
			for u := x; u < x+12; u++ {
				copy(m.Pix[3*(v*m.W+u):], []uint8{c, c, c / 2})
			}
		}
	}
	return m
}

func TestTheSameGroundTellsTheLight(t *testing.T) {
	in := eyes(t, Options{})
	for name, change := range map[string]struct {
		everywhere bool
		want       string
	}{"warmer light": {true, vision.LabelSame}, "a bluer thing": {false, vision.LabelDifferent}} {
		photo := onACloth()
		for i := 0; i < len(photo.Pix); i += 3 {
			x, y := i/3%photo.W, i/3/photo.W
			switch onItem := x >= 100 && x < 380 && y >= 60 && y < 300; {
			case change.everywhere:
				photo.Pix[i], photo.Pix[i+2] = uint8(min(255, 1.08*float64(photo.Pix[i]))), uint8(0.92*float64(photo.Pix[i+2]))
			case onItem:
				photo.Pix[i], photo.Pix[i+2] = photo.Pix[i]/3, 255-(255-photo.Pix[i+2])/2
			}
		}
		c, err := in.Colour(context.Background(), []vision.Image{photo}, []vision.Image{onACloth()})
		if err != nil || c.Verdict != change.want || c.Light != "scene" {
			t.Errorf("%s: %+v %v", name, c, err)
		}
	}
}

func TestAnEditedPhotoIsForAPersonAndNotRefused(t *testing.T) {
	photo := box(hole)
	photo.Editor = "Photoshop"
	r := inspect(t, eyes(t, Options{}), photo)
	if r.Damage.Label != vision.LabelDamaged {
		t.Errorf("damage %+v", r.Damage)
	}
	last := r.Findings()[len(r.Findings())-1]
	if last.Kind != vision.KindOrigin || last.Label != vision.LabelReview || last.Score < 0.5 || !strings.Contains(last.Note, "Photoshop") {
		t.Errorf("%+v", last)
	}
	if r = inspect(t, eyes(t, Options{}), box(hole)); len(r.Signs) != 0 {
		t.Errorf("a plain photo: %+v", r.Signs)
	}
}

func TestNothingIsDroppedInWithoutCardsAndABrokenCardIsSaid(t *testing.T) {
	in := eyes(t, Options{})
	if in.extra.finder != nil || in.extra.reader != nil {
		t.Error("networks from nowhere")
	}
	path := filepath.Join(t.TempDir(), "net.json")
	if err := os.WriteFile(path, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(Options{Cards: map[card.Kind]string{card.Detector: path}}); !errors.Is(err, card.ErrCard) {
		t.Errorf("error %v", err)
	}
}

func TestListingPhotosAreReadOnceAndForgottenInTime(t *testing.T) {
	l := newListed()
	for i := range mostListed + 3 {
		if _, err := l.look(box(vision.Box{X: 120 + i, Y: 100, W: 9, H: 9})); err != nil {
			t.Fatal(err)
		}
	}
	if len(l.known) != mostListed || len(l.order) != mostListed {
		t.Errorf("%d known, %d in order", len(l.known), len(l.order))
	}
	last := box(vision.Box{X: 120 + mostListed + 2, Y: 100, W: 9, H: 9})
	for key, k := range l.known { // what is remembered is what is given
		k.sample.Usable = false
		l.known[key] = k
	}
	if got, err := l.look(last); err != nil || got.sample.Usable {
		t.Errorf("it was read again: %v", err)
	}
}
