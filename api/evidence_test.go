package api

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"mime/multipart"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"waggle/dialog"
	"waggle/vision"
	"waggle/vision/hostile"
)

// sights is an inspector that sees what it is told, one report a photo, and
// whose pictures tell what they were drawn from.
type sights struct{ reports []vision.Report }

func (s *sights) Inspect(context.Context, vision.Image, []vision.Image) (vision.Report, error) {
	r := s.reports[0]
	s.reports = s.reports[1:]
	return r, nil
}

// Overlay is one pixel: red counts the findings, green the marked places, blue
// tells whether there are words.
func (s *sights) Overlay(_ context.Context, _ vision.Image, found []vision.Finding, places vision.Mask, words vision.Captions) (*image.RGBA, error) {
	m := image.NewRGBA(image.Rect(0, 0, 1, 1))
	c := color.RGBA{R: uint8(len(found)), A: 255}
	for _, p := range places.Pix {
		c.G += p / 255
	}
	if words {
		c.B = 1
	}
	m.SetRGBA(0, 0, c)
	return m, nil
}

func (s *sights) Swatch(context.Context, vision.Image, []vision.Image, vision.Captions) (*image.RGBA, vision.Colour, error) {
	return nil, vision.Colour{Verdict: vision.LabelCannotTell}, nil
}

func unclear() vision.Report {
	return vision.Report{Quality: vision.Quality{Label: vision.LabelOK}, Damage: vision.Damage{Label: vision.LabelCannotSee}}
}

func cracked() vision.Report {
	r, _ := witness{}.Inspect(context.Background(), vision.Image{W: 8, H: 8}, nil)
	r.Damage.Places = vision.Mask{W: 2, H: 2, Pix: []uint8{0, 255, 255, 255}}
	r.Signs = []vision.Sign{{Name: vision.SignEditor, Score: 0.9}}
	return r
}

// seen is cracked without the sign that would bring a person.
func seen() vision.Report {
	r := cracked()
	r.Signs = nil
	return r
}

func showing(t *testing.T, reports ...vision.Report) (*Server, *Photographs) {
	t.Helper()
	s := seeing(t)
	p := s.Eyes.(*Photographs)
	p.Inspector, p.Sightings = &sights{reports}, nil
	return s, p
}

// forms wraps several photos as one upload.
func forms(t *testing.T, photos ...[]byte) (kind, body string) {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for _, content := range photos {
		part, err := m.CreateFormFile("photo", "x.jpg")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = part.Write(content)
	}
	_ = m.Close()
	return m.FormDataContentType(), b.String()
}

func show(t *testing.T, s *Server, path, key string, want int, photos ...[]byte) (got Shown) {
	t.Helper()
	kind, body := forms(t, photos...)
	w := call(s, "POST", path+"/photos", key, kind, body)
	if w.Code != want {
		t.Fatalf("%d, want %d: %s", w.Code, want, w.Body)
	}
	if want == 200 && json.Unmarshal(w.Body.Bytes(), &got) != nil {
		t.Fatal(w.Body)
	}
	return got
}

// pixel reads the pixel of an evidence picture.
func pixel(t *testing.T, s *Server, path, key string) color.RGBA {
	t.Helper()
	w := call(s, "GET", path, key, "", "")
	m, err := png.Decode(w.Body)
	if w.Code != 200 || err != nil {
		t.Fatalf("%s: %d %v", path, w.Code, err)
	}
	return color.RGBAModel.Convert(m.At(0, 0)).(color.RGBA)
}

func TestSeveralPhotosAreJudgedTogether(t *testing.T) {
	s, _ := showing(t, unclear(), cracked(), unclear())
	c := begin(t, s)
	path := "/v1/conversations/" + c.ID
	jpeg := hostile.JPEG(64, 64)
	got := show(t, s, path, c.Token, 200, jpeg, jpeg, []byte("no photo"), jpeg)
	if len(got.Photos) != 3 || got.Photo != got.Photos[0] || len(got.Refused) != 1 || got.Refused[0].Number != 3 || got.Refused[0].Chinese == "" {
		t.Fatalf("%+v", got)
	}
	damage := slices.IndexFunc(got.Findings, func(f vision.Finding) bool { return f.Kind == vision.KindDamage })
	if damage < 0 || got.Findings[damage].Label != "crack" || got.Findings[damage].Photo != got.Photos[1] {
		t.Errorf("%+v", got.Findings)
	}
	for i, want := range []color.RGBA{{R: 2, A: 255}, {R: 2, G: 3, A: 255}} { // quality and damage; without the sign
		if p := pixel(t, s, path+"/photos/"+got.Photos[i]+"/overlay", c.Token); p != want {
			t.Errorf("photo %d for its sender: %v, want %v", i, p, want)
		}
	}
	if p := pixel(t, s, path+"/photos/"+got.Photos[1]+"/overlay", "operator-key"); p != (color.RGBA{R: 3, G: 3, B: 1, A: 255}) {
		t.Errorf("for the shop: %v", p)
	}
	if w := call(s, "GET", path, c.Token, "", ""); strings.Contains(w.Body.String(), vision.KindOrigin) {
		t.Errorf("the sender reads of the sign: %s", w.Body)
	}
}

func TestAnUploadOfSeveralIsRefusedInWords(t *testing.T) {
	s, _ := showing(t)
	c := begin(t, s)
	path := "/v1/conversations/" + c.ID
	show(t, s, path, c.Token, 415, []byte("no photo"), []byte("nor this"))
	var many [][]byte
	for range mostPhotos + 1 {
		many = append(many, []byte("x"))
	}
	show(t, s, path, c.Token, 413, many...)
}

// The first photo of a claim shows too little, the second shows the crack: both
// count, the picture is shown, and who is not the sender gets none of it.
func TestPhotosOfOneClaimAreJoinedOverTurns(t *testing.T) {
	s, _ := showing(t, unclear(), seen())
	w := call(s, "POST", "/v1/conversations", "operator-key", "application/json", `{"from":"13800000003"}`)
	var c started
	if err := json.Unmarshal(w.Body.Bytes(), &c); err != nil || w.Code != 201 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	path := "/v1/conversations/" + c.ID
	call(s, "POST", path+"/turns", c.Token, "application/json", `{"text":"花瓶收到就碎了"}`)
	jpeg := hostile.JPEG(64, 64)
	first := show(t, s, path, c.Token, 200, jpeg)
	second := show(t, s, path, c.Token, 200, jpeg)
	entries, err := s.Conversations.Entries(t.Context(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	var turns []dialog.Turn
	for _, e := range entries {
		if e.Turn != nil && e.Turn.PhotoID != "" {
			turns = append(turns, *e.Turn)
		}
	}
	if len(turns) != 2 || turns[0].Photos != nil || len(turns[1].Photos) != 1 || turns[1].PhotoID != second.Photo {
		t.Fatalf("%+v", turns)
	}
	by := map[string]string{}
	for _, f := range turns[1].Photo {
		by[f.Kind] = f.Photo
	}
	if by[vision.KindDamage] != second.Photo || by[vision.KindQuality] == "" || first.Photo == second.Photo {
		t.Errorf("joined %+v", turns[1].Photo)
	}
	if by[vision.KindQuality] != min(first.Photo, second.Photo) { // both are good: the first by name
		t.Errorf("the first photo does not count: %+v", turns[1].Photo)
	}
	picture := path + "/photos/" + second.Photo + "/overlay"
	if cards := second.Reply.Cards; len(cards) != 1 || cards[0].Kind != "photo" || cards[0].Image != picture {
		t.Errorf("cards %+v: %s", cards, second.Reply.Text())
	}
	for key, want := range map[string]int{c.Token: 200, "": 401, begin(t, s).Token: 401, "viewer-key": 403} {
		if w := call(s, "GET", picture, key, "", ""); w.Code != want {
			t.Errorf("picture for %.6q: %d, want %d", key, w.Code, want)
		}
	}
}

// What is kept of a photo goes with it, and what a broken upload has left.
func TestPhotosAreSweptWithAllThatWasDrawn(t *testing.T) {
	s, p := showing(t, cracked(), cracked())
	c := begin(t, s)
	path := "/v1/conversations/" + c.ID
	jpeg := hostile.JPEG(64, 64)
	old, fresh := show(t, s, path, c.Token, 200, jpeg), show(t, s, path, c.Token, 200, jpeg)
	for _, id := range []string{old.Photo, fresh.Photo} {
		pixel(t, s, path+"/photos/"+id+"/overlay", "operator-key")
		pixel(t, s, path+"/photos/"+id+"/overlay", c.Token)
	}
	long := time.Now().Add(-48 * time.Hour)
	broken := filepath.Join(p.Dir, "upload-1.part")
	for _, f := range []string{broken, filepath.Join(p.Dir, "note.txt")} {
		if err := os.WriteFile(f, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range []string{p.path(old.Photo), broken} {
		if err := os.Chtimes(f, long, long); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := p.Sweep(time.Now().Add(-24 * time.Hour)); n != 1 || err != nil {
		t.Errorf("%d photos, %v", n, err)
	}
	var left []string
	files, _ := os.ReadDir(p.Dir)
	for _, f := range files {
		left = append(left, strings.TrimPrefix(f.Name(), fresh.Photo))
	}
	if got := strings.Join(left, " "); got != ".jpg .overlay.sender.png .overlay.staff.png .places.png note.txt" {
		t.Errorf("left: %s", got)
	}
	if w := call(s, "GET", path+"/photos/"+old.Photo+"/overlay", "operator-key", "", ""); w.Code != 404 {
		t.Errorf("a picture outlived its photo: %d", w.Code)
	}
	if _, err := (&Photographs{Dir: filepath.Join(p.Dir, "none")}).Sweep(time.Now()); err == nil {
		t.Error("a folder that is not there was swept")
	}
}
