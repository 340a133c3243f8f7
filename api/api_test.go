package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
	"gopkg.in/yaml.v3"

	"waggle/asr"
	"waggle/audio"
	"waggle/audio/clip"
	"waggle/dialog"
	"waggle/dialog/flow"
	"waggle/dialog/knowledge"
	"waggle/outbound"
	"waggle/shop/demo"
	"waggle/tts"
	"waggle/vision"
	"waggle/voice"
	"waggle/voice/webrtc"
	"waggle/web"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The parts around the real dialog core are stand-ins: what they do is tested
// where they live, and end to end in e2e.
type keys map[string]Role

func (k keys) Role(_ context.Context, key string) (Role, error) { return k[key], nil }

type eyes struct{ talk Conversations }

func (e eyes) Show(ctx context.Context, id string, photos Photos) (Shown, error) {
	for photo, err := range photos {
		if err != nil {
			return Shown{}, err
		}
		if _, err := vision.Decode(photo, vision.DefaultLimits()); err != nil {
			return Shown{}, err
		}
	}
	found := []vision.Finding{{Kind: vision.KindDamage, Label: "crack", Score: 0.97, Severity: vision.SeverityMajor}}
	r, err := e.talk.Next(ctx, id, dialog.Turn{Channel: dialog.ChannelText, Photo: found, PhotoID: "p1"})
	return Shown{Photo: "p1", Findings: found, Reply: r}, err
}

func (eyes) Evidence(context.Context, string, string, string, vision.Captions) (io.ReadCloser, error) {
	return nil, errNoPicture
}

func (eyes) Picture(context.Context, string) (io.ReadCloser, error) {
	return nil, errors.New("none")
}

type door struct{}

func (door) Offer(context.Context, webrtc.Request) (webrtc.Answer, error) {
	return webrtc.Answer{}, voice.ErrFull
}
func (door) Patch(context.Context, string, string, string) (webrtc.Patched, error) {
	return webrtc.Patched{}, webrtc.ErrUnknown
}
func (door) Delete(string) error { return webrtc.ErrUnknown }

type ear struct{}

func (ear) Transcribe(context.Context, clip.Clip, asr.Hints) (asr.Transcript, error) {
	return asr.Transcript{}, asr.ErrSaturated
}

type mouth struct{}

func (mouth) Speak(_ context.Context, text tts.Text, v tts.Voice, emit func(audio.Frame) error) error {
	if text == "" {
		return tts.ErrNothingToSay
	}
	return emit(audio.Frame{PCM: make([]int16, 320), Rate: v.Rate})
}

type lists struct{}

func (lists) Create(context.Context, outbound.Campaign, []outbound.Contact) error { return nil }
func (lists) SetState(context.Context, string, outbound.CampaignState) error {
	return outbound.ErrState
}
func (lists) Campaigns(context.Context) ([]outbound.Campaign, error) { return nil, nil }
func (lists) Report(context.Context, string) (outbound.Report, error) {
	return outbound.Report{}, outbound.ErrNotFound
}
func (lists) CancelFact(context.Context, string, string, string) (int64, error) { return 1, nil }
func (lists) Add(context.Context, string, string, time.Time) error              { return nil }
func (lists) Listed(context.Context, string) (bool, error)                      { return false, nil }
func (lists) Calls(context.Context, int) ([]dialog.Record, error)               { return nil, nil }
func (lists) Ping(context.Context) error                                        { return nil }

func server(t *testing.T) *Server {
	t.Helper()
	shop, err := demo.Open(demo.Options{})
	if err != nil {
		t.Fatal(err)
	}
	library, err := flow.OpenLibrary(t.Context(), shop, knowledge.NewMemory())
	if err != nil {
		t.Fatal(err)
	}
	engine, err := flow.OpenWith(t.Context(), dialog.Options{Shop: shop}, library)
	if err != nil {
		t.Fatal(err)
	}
	talk := dialog.NewConversations(engine, dialog.NewMemoryLog())
	return New(Config{
		Keys:          keys{"admin-key": Admin, "viewer-key": Viewer, "operator-key": Operator},
		Conversations: talk, Eyes: eyes{talk}, WHIP: door{}, Ear: ear{}, Mouth: mouth{}, Knowledge: library, Campaigns: lists{}, Records: lists{},
		Products: shop, Customers: shop, Images: demo.Images(), Web: web.Pages(), Links: NewPhotoLinks(time.Now), Secret: []byte("test secret"),
		Log: slog.New(slog.DiscardHandler),
	})
}

// call sends one request; key may be empty.
func call(s *Server, method, path, key, contentType, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if key != "" {
		r.Header.Set("Authorization", "Bearer "+key)
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	if strings.HasSuffix(path, "/hand-offs/events") { // a stream: its reader is gone after the first event
		ctx, leave := context.WithCancel(r.Context())
		leave()
		r = r.WithContext(ctx)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func begin(t *testing.T, s *Server) started {
	t.Helper()
	w := call(s, "POST", "/v1/conversations", "", "application/json", "{}")
	if w.Code != http.StatusCreated {
		t.Fatalf("start: %d %s", w.Code, w.Body)
	}
	var b started
	if err := json.Unmarshal(w.Body.Bytes(), &b); err != nil {
		t.Fatal(err)
	}
	return b
}

func TestAVisitorTalksWithTheTokenOfTheConversationOnly(t *testing.T) {
	s := server(t)
	mine, other := begin(t, s), begin(t, s)
	if mine.Reply.Text() == "" {
		t.Error("no greeting")
	}
	w := call(s, "POST", "/v1/conversations/"+mine.ID+"/turns", mine.Token, "application/json", `{"text":"你们几点上班"}`)
	var reply dialog.Reply
	if err := json.Unmarshal(w.Body.Bytes(), &reply); err != nil || w.Code != http.StatusOK || reply.Text() == "" {
		t.Fatalf("turn: %d %s", w.Code, w.Body)
	}
	for name, token := range map[string]string{"no token": "", "another conversation's": other.Token, "nonsense": "x"} {
		for _, path := range []string{"/turns", "/photos"} {
			if w := call(s, "POST", "/v1/conversations/"+mine.ID+path, token, "application/json", `{"text":"a"}`); w.Code != http.StatusUnauthorized {
				t.Errorf("%s on %s: %d", name, path, w.Code)
			}
		}
		if w := call(s, "GET", "/v1/conversations/"+mine.ID, token, "", ""); w.Code != http.StatusUnauthorized {
			t.Errorf("%s reads the log: %d", name, w.Code)
		}
	}
	if w := call(s, "POST", "/v1/conversations", "", "application/json", `{"user":"c001"}`); w.Code != http.StatusForbidden {
		t.Errorf("a visitor claimed to be a customer: %d", w.Code)
	}
}

func TestEveryRouteAsksForItsRole(t *testing.T) {
	s := server(t)
	for _, r := range s.routes() {
		if r.who.public {
			continue
		}
		path := regexp.MustCompile(`[:*]\w+`).ReplaceAllString(r.path, "x")
		if w := call(s, r.method, path, "", "", ""); w.Code != http.StatusUnauthorized {
			t.Errorf("%s %s without a key: %d", r.method, path, w.Code)
		}
		if w := call(s, r.method, path, "wrong-key", "", ""); w.Code != http.StatusUnauthorized {
			t.Errorf("%s %s with a wrong key: %d", r.method, path, w.Code)
		}
		w := call(s, r.method, path, "viewer-key", "", "")
		if forbidden := w.Code == http.StatusForbidden; forbidden != (r.who.role != Viewer) {
			t.Errorf("%s %s with a viewer's key: %d", r.method, path, w.Code)
		}
		if w := call(s, r.method, path, "admin-key", "", ""); w.Code == http.StatusForbidden || w.Code == http.StatusUnauthorized || w.Code >= 500 && w.Code != http.StatusServiceUnavailable {
			t.Errorf("%s %s with an admin's key: %d %s", r.method, path, w.Code, w.Body)
		}
	}
}

func TestEveryRouteIsDescribedAndNothingElse(t *testing.T) {
	var doc struct {
		Paths map[string]map[string]any `yaml:"paths"`
	}
	if err := yaml.Unmarshal(openAPI, &doc); err != nil {
		t.Fatal(err)
	}
	s := server(t)
	n := 0
	for _, r := range s.routes() {
		path := regexp.MustCompile(`[:*](\w+)`).ReplaceAllString(r.path, "{$1}")
		if _, ok := doc.Paths[path][strings.ToLower(r.method)]; !ok {
			t.Errorf("%s %s is not in openapi.yaml", r.method, path)
		}
	}
	for _, methods := range doc.Paths {
		n += len(methods)
	}
	if n != len(s.routes()) {
		t.Errorf("openapi.yaml describes %d operations, there are %d", n, len(s.routes()))
	}
}

func TestMistakesAreProblemsWithTheRightStatus(t *testing.T) {
	s := server(t)
	c := begin(t, s)
	turns := "/v1/conversations/" + c.ID + "/turns"
	const js = "application/json"
	for _, x := range []struct {
		name, method, path, key, kind, body string
		want                                int
	}{
		{"no such page", "GET", "/nowhere", "", "", "", 404},
		{"no such method", "DELETE", "/v1/calls", "admin-key", "", "", 405},
		{"not JSON", "POST", turns, c.Token, js, "{", 400},
		{"unknown field", "POST", turns, c.Token, js, `{"txt":"a"}`, 400},
		{"nothing said", "POST", turns, c.Token, js, `{"text":"  "}`, 422},
		{"far too long", "POST", turns, c.Token, js, `{"text":"` + strings.Repeat("啊", 2001) + `"}`, 413},
		{"body too big", "POST", turns, c.Token, js, `{"text":"` + strings.Repeat("a", 70<<10) + `"}`, 413},
		{"unknown conversation", "POST", "/v1/conversations/nobody/turns", "admin-key", js, `{"text":"a"}`, 404},
		{"lines busy", "POST", "/v1/webrtc?conversation=" + c.ID, c.Token, "application/sdp", "v=0", 503},
		{"not SDP", "POST", "/v1/webrtc?conversation=" + c.ID, c.Token, js, "{}", 415},
		{"no such call", "DELETE", "/v1/webrtc/x", "", "", "", 404},
		{"no recording", "POST", "/v1/audio/transcriptions", "admin-key", js, "{}", 400},
		{"nothing to say", "POST", "/v1/audio/speech", "admin-key", js, `{"input":""}`, 422},
		{"odd format", "POST", "/v1/audio/speech", "admin-key", js, `{"input":"好","response_format":"mp3"}`, 422},
		{"SSML with an unknown element", "POST", "/v1/audio/speech", "admin-key", js, `{"input":"<speak>好<audio/></speak>"}`, 422},
		{"SSML that is cut off", "POST", "/v1/audio/speech", "admin-key", js, `{"input":"<speak>好"}`, 422},
		{"odd speed", "POST", "/v1/audio/speech", "admin-key", js, `{"input":"好","speed":9}`, 422},
		{"odd event", "POST", "/v1/events", "admin-key", js, `{"type":"x","order":"1"}`, 422},
		{"no list", "POST", "/v1/campaigns", "admin-key", "text/csv", "name\nx\n", 422},
		{"wrong state", "POST", "/v1/campaigns/x/start", "admin-key", "", "", 409},
		{"odd number", "PUT", "/v1/do-not-call/abc", "admin-key", "", "", 422},
		{"no such product", "GET", "/v1/products/none", "", "", "", 404},
		{"folder listing", "GET", "/static/", "", "", "", 404},
		{"way out", "GET", "/static/../../go.mod", "", "", "", 404},
		{"used link", "POST", "/p/unknown", "", "", "", 410},
	} {
		t.Run(x.name, func(t *testing.T) {
			w := call(s, x.method, x.path, x.key, x.kind, x.body)
			if w.Code != x.want {
				t.Fatalf("status %d, want %d: %s", w.Code, x.want, w.Body)
			}
			if strings.HasPrefix(x.path, "/static") {
				return // the file server's own words
			}
			var p Problem
			if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || p.Status != x.want || p.Title == "" {
				t.Errorf("not a problem: %s (%v)", w.Body, err)
			}
			if x.want == 503 && w.Header().Get("Retry-After") == "" {
				t.Error("503 without Retry-After")
			}
		})
	}
}

// form wraps bytes as the upload of a photo.
func form(t *testing.T, field string, content []byte) (string, string) {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	part, err := m.CreateFormFile(field, "x.jpg")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = part.Write(content)
	_ = m.Close()
	return m.FormDataContentType(), b.String()
}

func TestRefusedPhotosSayWhatToDoInBothLanguages(t *testing.T) {
	s := server(t)
	c := begin(t, s)
	path := "/v1/conversations/" + c.ID + "/photos"
	for name, x := range map[string]struct {
		field   string
		content []byte
		want    int
	}{
		"text":       {"photo", []byte("this is no photo at all"), 415},
		"svg":        {"photo", []byte("<svg xmlns='http://www.w3.org/2000/svg'/>"), 415},
		"wrong part": {"picture", []byte("x"), 415},
		"too big":    {"photo", append(picture(t), make([]byte, 12<<20)...), 413},
	} {
		kind, body := form(t, x.field, x.content)
		w := call(s, "POST", path, c.Token, kind, body)
		var p Problem
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != x.want || p.Detail == "" || p.Chinese == "" {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
	if w := call(s, "POST", path, c.Token, "application/json", "{}"); w.Code != 415 {
		t.Errorf("JSON instead of a form: %d", w.Code)
	}
}

func TestSpokenFilesSayThatTheyWereGenerated(t *testing.T) {
	w := call(server(t), "POST", "/v1/audio/speech", "admin-key", "application/json", `{"input":"您好"}`)
	if body := w.Body.String(); w.Code != 200 || !strings.HasPrefix(body, "RIFF") || !strings.Contains(body, "AI-generated") {
		t.Errorf("%d, %d bytes", w.Code, len(body))
	}
}

func TestAPhotoLinkWorksOnceAndSurvivesARefusal(t *testing.T) {
	s := server(t)
	c := begin(t, s)
	link := s.Links.New(t.Context(), c.ID)
	if w := call(s, "GET", link, "", "", ""); w.Code != 200 || !strings.Contains(w.Body.String(), "photo.js") {
		t.Fatalf("page: %d", w.Code)
	}
	kind, bad := form(t, "photo", []byte("no photo"))
	if w := call(s, "POST", link, "", kind, bad); w.Code != 415 {
		t.Fatalf("bad photo: %d", w.Code)
	}
	kind, good := form(t, "photo", picture(t))
	if w := call(s, "POST", link, "", kind, good); w.Code != 200 {
		t.Fatalf("good photo: %d %s", w.Code, w.Body)
	}
	if w := call(s, "POST", link, "", kind, good); w.Code != 410 {
		t.Errorf("second use: %d", w.Code)
	}
	if w := call(s, "GET", link, "", "", ""); w.Code != 410 {
		t.Errorf("page of a used link: %d", w.Code)
	}
	now := time.Now()
	links := NewPhotoLinks(func() time.Time { return now })
	old := strings.TrimPrefix(links.New(t.Context(), "c"), "/p/")
	now = now.Add(linkLife)
	if _, ok := links.take(old); ok {
		t.Error("an expired link was taken")
	}
}

func picture(t *testing.T) []byte {
	t.Helper()
	s := server(t)
	w := call(s, "GET", "/v1/products", "", "", "")
	var list struct {
		Products []struct{ ID string }
	}
	if err := json.Unmarshal(w.Body.Bytes(), &list); err != nil || len(list.Products) == 0 {
		t.Fatalf("products: %s", w.Body)
	}
	w = call(s, "GET", "/v1/products/"+list.Products[0].ID+"/image", "", "", "")
	if w.Code != 200 {
		t.Fatalf("image: %d", w.Code)
	}
	return w.Body.Bytes()
}

func TestTheEventStreamTellsThePastAndThePresent(t *testing.T) {
	s := server(t)
	c := begin(t, s)
	web := httptest.NewServer(s)
	defer web.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, "GET", web.URL+"/v1/conversations/"+c.ID+"/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+c.Token)
	answer, err := web.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	read := func(want string) {
		t.Helper()
		var got strings.Builder
		buf := make([]byte, 4096)
		for !strings.Contains(got.String(), want) {
			n, err := answer.Body.Read(buf)
			if err != nil {
				t.Fatalf("%v after %s", err, got.String())
			}
			got.Write(buf[:n])
		}
	}
	read(`"event":"start"`)
	if w := call(s, "POST", "/v1/conversations/"+c.ID+"/turns", c.Token, "application/json", `{"text":"你好呀"}`); w.Code != 200 {
		t.Fatalf("turn: %d", w.Code)
	}
	read("你好呀")
	cancel()
}

func TestTheConsoleCookieOnlyCountsForOurOwnPages(t *testing.T) {
	s := server(t)
	w := call(s, "POST", "/v1/session", "", "application/json", `{"key":"viewer-key"}`)
	if w.Code != 200 || len(w.Result().Cookies()) != 1 {
		t.Fatalf("login: %d %s", w.Code, w.Body)
	}
	k := w.Result().Cookies()[0]
	if !k.HttpOnly || k.SameSite != http.SameSiteStrictMode {
		t.Errorf("cookie %+v", k)
	}
	for site, want := range map[string]int{"same-origin": 200, "none": 200, "": 200, "cross-site": 401, "same-site": 401} {
		r := httptest.NewRequest("GET", "/v1/calls", nil)
		r.AddCookie(k)
		if site != "" {
			r.Header.Set("Sec-Fetch-Site", site)
		}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("Sec-Fetch-Site %q: %d, want %d", site, w.Code, want)
		}
	}
	for range visitorLogins {
		w = call(s, "POST", "/v1/session", "", "application/json", `{"key":"guess"}`)
	}
	if w.Code != http.StatusTooManyRequests {
		t.Errorf("guessing goes on: %d", w.Code)
	}
}

// An input that begins with <speak is SSML; every other one is plain text,
// also one with signs that look like markup.
func TestSpeechReadsSSMLAndPlainText(t *testing.T) {
	short := call(server(t), "POST", "/v1/audio/speech", "admin-key", "application/json", `{"input":"价格<100元，见<speak>"}`)
	long := call(server(t), "POST", "/v1/audio/speech", "admin-key", "application/json", `{"input":"<speak>好<break time='1s'/></speak>"}`)
	if short.Code != 200 || long.Code != 200 || long.Body.Len() < short.Body.Len()+16000 {
		t.Errorf("%d with %d bytes of plain text, %d with %d bytes of SSML", short.Code, short.Body.Len(), long.Code, long.Body.Len())
	}
}
