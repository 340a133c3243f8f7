package api

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"mime/multipart"
	"net/http"
	"slices"
	"testing"

	"waggle/dialog"
	"waggle/shop/demo"
	"waggle/vision"
	"waggle/vision/search"
)

// lens finds what it is told to and remembers what it was asked.
type lens struct {
	choice search.Choice
	among  []string
	size   int
}

func (l *lens) Search(_ context.Context, m vision.Image, k int, _ func(string) bool) ([]search.Hit, error) {
	l.size = m.W
	return l.choice.Hits[:min(k, len(l.choice.Hits))], nil
}
func (l *lens) Choose(_ context.Context, _ vision.Image, products []string) (search.Choice, error) {
	l.among = products
	return l.choice, nil
}
func (l *lens) Find(context.Context, vision.Image) (search.Choice, error) {
	l.among = nil
	return l.choice, nil
}
func (l *lens) Weights() search.Weights { return search.Weights{} }
func (l *lens) Len() int                { return 3 }

func productPhotos(t *testing.T) *ProductPhotos {
	t.Helper()
	s, err := demo.Open(demo.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return &ProductPhotos{Orders: s, Decoder: vision.NewIntake(vision.DefaultLimits(), 2, 1)}
}

func TestAPhotoIsLookedForInTheOrderOrInTheCatalogue(t *testing.T) {
	p := productPhotos(t)
	if got, err := p.seen(t.Context(), vision.Image{}, dialog.State{}); got != nil || err != nil {
		t.Errorf("before the pictures are read: %v, %v", got, err)
	}
	l := &lens{choice: search.Choice{Verdict: search.Sure, Probability: 0.97, Hits: []search.Hit{{Product: "P1", Score: 0.9}}}}
	p.Use(l)
	got, err := p.seen(t.Context(), vision.Image{}, dialog.State{})
	if err != nil || len(got) != 1 || got[0].Kind != vision.KindProduct || got[0].Label != "P1" || l.among != nil {
		t.Errorf("without an order: %v among %v, %v", got, l.among, err)
	}
	several, single := orders(t)
	got, err = p.seen(t.Context(), vision.Image{}, dialog.State{Order: several})
	if err != nil || len(got) != 1 || len(l.among) < 2 {
		t.Errorf("an order of several: %v among %v, %v", got, l.among, err)
	}
	for _, order := range []string{single, "no such order"} {
		if got, err = p.seen(t.Context(), vision.Image{}, dialog.State{Order: order}); got != nil || err != nil {
			t.Errorf("order %q leaves no choice: %v, %v", order, got, err)
		}
	}
}

// orders gives one with several lines and one with a single line.
func orders(t *testing.T) (several, single string) {
	t.Helper()
	s, err := demo.Open(demo.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, phone := range []string{"13800000001", "13800000002", "13800000003"} {
		c, err := s.CustomerByPhone(t.Context(), phone)
		if err != nil {
			continue
		}
		list, err := s.OrdersOf(t.Context(), c.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range list {
			if len(o.Lines) > 1 {
				several = o.ID
			} else {
				single = o.ID
			}
		}
	}
	if several == "" || single == "" {
		t.Fatal("the demo shop has no such orders")
	}
	return several, single
}

func TestProductsAreSearchedByPhoto(t *testing.T) {
	s := server(t)
	s.ProductPhotos = productPhotos(t)
	l := &lens{choice: search.Choice{Hits: []search.Hit{{Product: "P1", Score: 0.9}, {Product: "P2", Score: 0.8}, {Product: "P3", Score: 0.1}}}}
	body, kind := upload(t, drawn(t))
	var early, found FoundProducts
	w := call(s, "POST", "/v1/products/photo", "operator-key", kind, body)
	if err := json.Unmarshal(w.Body.Bytes(), &early); err != nil || w.Code != http.StatusOK || early.Verdict != search.Nothing {
		t.Errorf("before the pictures are read: %d %s", w.Code, w.Body)
	}
	s.ProductPhotos.Use(l)
	w = call(s, "POST", "/v1/products/photo?k=2", "operator-key", kind, body)
	if err := json.Unmarshal(w.Body.Bytes(), &found); err != nil || w.Code != http.StatusOK || l.size != 40 {
		t.Fatalf("%d %s, photo of %d", w.Code, w.Body, l.size)
	}
	if found.Verdict != search.Ask || !slices.Equal(found.Hits, l.choice.Hits[:2]) {
		t.Errorf("%+v", found)
	}
	for name, c := range map[string]struct {
		path, kind, body string
		want             int
	}{
		"too many":  {"?k=51", kind, body, http.StatusUnprocessableEntity},
		"no number": {"?k=x", kind, body, http.StatusUnprocessableEntity},
		"no form":   {"", "application/json", "{}", http.StatusUnsupportedMediaType},
		"no photo":  {"", kind, "", http.StatusUnsupportedMediaType},
	} {
		if w := call(s, "POST", "/v1/products/photo"+c.path, "operator-key", c.kind, c.body); w.Code != c.want {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
	text, kind := upload(t, "not a photo at all")
	if w := call(s, "POST", "/v1/products/photo", "operator-key", kind, text); w.Code != http.StatusUnsupportedMediaType {
		t.Errorf("text: %d %s", w.Code, w.Body)
	}
}

func drawn(t *testing.T) string {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 40, 30))
	for i := range 40 * 30 {
		m.Set(i%40, i/40, color.RGBA{uint8(i), uint8(i / 3), 90, 255})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func upload(t *testing.T, raw string) (body, contentType string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	f, err := w.CreateFormFile("photo", "photo.png")
	if err == nil {
		_, err = f.Write([]byte(raw))
	}
	if err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	return b.String(), w.FormDataContentType()
}
