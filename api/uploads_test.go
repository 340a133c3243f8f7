package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"image"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/semaphore"

	"waggle/dialog"
	"waggle/vision"
	"waggle/vision/hostile"
)

// witness sees damage on everything and remembers nothing.
type witness struct{}

func (witness) Inspect(_ context.Context, m vision.Image, _ []vision.Image) (vision.Report, error) {
	r := vision.Report{Quality: vision.Quality{Label: vision.LabelOK}, Damage: vision.Damage{Label: vision.LabelDamaged, Score: 0.97}}
	r.Damage.Spots = []vision.Finding{{Kind: vision.KindDamage, Label: "crack", Score: 0.97, Severity: vision.SeverityMajor, Box: vision.Box{W: m.W, H: m.H}}}
	return r, nil
}

func (witness) Overlay(_ context.Context, m vision.Image, found []vision.Finding, _ vision.Mask, _ vision.Captions) (*image.RGBA, error) {
	if len(found) == 0 {
		return nil, errors.New("nothing to draw")
	}
	return m.RGBA(), nil
}

func (witness) Swatch(context.Context, vision.Image, []vision.Image, vision.Captions) (*image.RGBA, vision.Colour, error) {
	return nil, vision.Colour{}, nil
}

type noListings struct{}

func (noListings) Listing(context.Context, dialog.State) []vision.Image { return nil }

// everybody has seen everything before.
type everybody struct{}

func (everybody) See(_ context.Context, s Sighting) ([]Sighting, error) { return []Sighting{s}, nil }

// seeing is a server with the real intake behind it.
func seeing(t *testing.T) *Server {
	t.Helper()
	s := server(t)
	s.Eyes = &Photographs{Dir: t.TempDir(), Decoder: vision.NewIntake(vision.DefaultLimits(), 4, 2), Inspector: witness{}, Conversations: s.Conversations,
		Listings: noListings{}, Sightings: everybody{}, Room: semaphore.NewWeighted(2), Patience: time.Minute}
	return s
}

func TestEveryHostileUploadIsAnsweredInWords(t *testing.T) {
	s := seeing(t)
	c := begin(t, s)
	all := hostile.Corpus()
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for _, x := range all {
		kind, body := form(t, "photo", x.File)
		w := call(s, "POST", "/v1/conversations/"+c.ID+"/photos", c.Token, kind, body)
		if w.Code != x.Status {
			t.Errorf("%s: %d, want %d: %s", x.Name, w.Code, x.Status, w.Body)
		}
		var p Problem
		if x.Status != 200 && (json.Unmarshal(w.Body.Bytes(), &p) != nil || p.Detail == "" || p.Chinese == "") {
			t.Errorf("%s: %s", x.Name, w.Body)
		}
	}
	if left, err := filepath.Glob(filepath.Join(s.Eyes.(*Photographs).Dir, "*.part")); err != nil || len(left) > 0 {
		t.Errorf("left on the disk: %v %v", left, err)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 8<<20 {
		t.Errorf("the heap grew by %d KiB", grown>>10)
	}
}

func TestFiftyUploadsAtOnceStayWithinBounds(t *testing.T) {
	s := seeing(t)
	c := begin(t, s)
	kind, body := form(t, "photo", hostile.JPEG(800, 600)) // 3 MB each while it is looked at
	runtime.GC()
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	var wait sync.WaitGroup
	var mu sync.Mutex
	peak := uint64(0)
	for range 50 {
		wait.Go(func() {
			w := call(s, "POST", "/v1/conversations/"+c.ID+"/photos", c.Token, kind, body)
			var now runtime.MemStats
			runtime.ReadMemStats(&now)
			mu.Lock()
			defer mu.Unlock()
			peak = max(peak, now.HeapInuse)
			if w.Code != http.StatusOK {
				t.Errorf("%d %s", w.Code, w.Body)
			}
		})
	}
	wait.Wait()
	if most := before.HeapInuse + 128<<20; peak > most {
		t.Errorf("peak %d MiB, want below %d", peak>>20, most>>20)
	}
}

func TestWhoWaitsTooLongIsAskedToComeBack(t *testing.T) {
	s := seeing(t)
	room := semaphore.NewWeighted(1)
	s.Eyes.(*Photographs).Room, s.Eyes.(*Photographs).Patience = room, 0
	if err := room.Acquire(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	c := begin(t, s)
	kind, body := form(t, "photo", hostile.JPEG(64, 64))
	w := call(s, "POST", "/v1/conversations/"+c.ID+"/photos", c.Token, kind, body)
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" || !strings.Contains(w.Body.String(), "稍等") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestASuspicionIsForTheShopsEyesOnly(t *testing.T) {
	s := seeing(t)
	c := begin(t, s)
	kind, body := form(t, "photo", hostile.JPEG(640, 480))
	path := "/v1/conversations/" + c.ID
	w := call(s, "POST", path+"/photos", c.Token, kind, body)
	if w.Code != 200 || strings.Contains(w.Body.String(), `"origin"`) {
		t.Errorf("the sender is told: %d %s", w.Code, w.Body)
	}
	if w := call(s, "GET", path, c.Token, "", ""); w.Code != 200 || strings.Contains(w.Body.String(), `"origin"`) {
		t.Errorf("the visitor reads it: %d", w.Code)
	}
	if w := call(s, "GET", path, "operator-key", "", ""); w.Code != 200 || !strings.Contains(w.Body.String(), `"review"`) {
		t.Errorf("the shop does not see it: %d %s", w.Code, w.Body)
	}
}

func TestEvidenceIsDrawnForThePhotosOfTheConversation(t *testing.T) {
	s := seeing(t)
	c := begin(t, s)
	kind, body := form(t, "photo", hostile.JPEG(320, 240))
	var shown Shown
	if w := call(s, "POST", "/v1/conversations/"+c.ID+"/photos", c.Token, kind, body); json.Unmarshal(w.Body.Bytes(), &shown) != nil {
		t.Fatal(w.Body)
	}
	path := "/v1/conversations/" + c.ID + "/photos/" + shown.Photo
	if w := call(s, "GET", path+"/overlay", "operator-key", "", ""); w.Code != 200 || !bytes.HasPrefix(w.Body.Bytes(), []byte("\x89PNG")) {
		t.Errorf("overlay: %d %.80s", w.Code, w.Body)
	}
	for name, path := range map[string]string{
		"no listing":           path + "/swatch",
		"another conversation": "/v1/conversations/" + begin(t, s).ID + "/photos/" + shown.Photo + "/overlay",
		"no such photo":        "/v1/conversations/" + c.ID + "/photos/x/overlay",
	} {
		if w := call(s, "GET", path, "operator-key", "", ""); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
	if err := os.RemoveAll(s.Eyes.(*Photographs).Dir); err != nil {
		t.Fatal(err)
	}
	if w := call(s, "GET", path+"/overlay", "operator-key", "", ""); w.Code != http.StatusNotFound {
		t.Errorf("a deleted photo: %d", w.Code)
	}
}
