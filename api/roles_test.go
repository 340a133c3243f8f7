package api

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// allowed says who may use every route: a letter each for nobody, a visitor of
// another conversation, the visitor of this one, a viewer, an operator, an
// admin. A route that is not here fails the test: say who may use it first.
var allowed = map[string]string{
	"GET /":             "nxovma",
	"GET /console":      "nxovma",
	"GET /static/*file": "nxovma",
	"GET /openapi.yaml": "nxovma",
	"GET /healthz":      "nxovma",
	"GET /readyz":       "nxovma",

	"POST /v1/session":   "nxovma",
	"DELETE /v1/session": "nxovma",

	"POST /v1/conversations":                          "nxovma",
	"GET /v1/conversations/:id":                       "..ovma",
	"GET /v1/conversations/:id/events":                "..ovma",
	"POST /v1/conversations/:id/turns":                "..o.ma",
	"POST /v1/conversations/:id/photos":               "..o.ma",
	"GET /v1/hand-offs":                               "....ma",
	"POST /v1/conversations/:id/take":                 "....ma",
	"POST /v1/conversations/:id/messages":             "....ma",
	"POST /v1/conversations/:id/give-back":            "....ma",
	"POST /v1/conversations/:id/close":                "....ma",
	"GET /v1/photos/:photo":                           "...vma",
	"GET /v1/conversations/:id/photos/:photo/overlay": "..o.ma",
	"GET /v1/conversations/:id/photos/:photo/swatch":  "..o.ma",
	"GET /v1/hand-offs/events":                        "....ma",
	"GET /v1/conversations/:id/packet":                "....ma",

	"POST /v1/webrtc":             "..o.ma",
	"PATCH /v1/webrtc/:resource":  "nxovma",
	"DELETE /v1/webrtc/:resource": "nxovma",

	"GET /p/:token":  "nxovma",
	"POST /p/:token": "nxovma",

	"POST /v1/audio/transcriptions": "....ma",
	"POST /v1/audio/speech":         "....ma",

	"POST /v1/events":                 "....ma",
	"GET /v1/calls":                   "...vma",
	"GET /v1/status":                  "...vma",
	"GET /v1/products":                "nxovma",
	"POST /v1/products/photo":         "....ma",
	"GET /v1/products/:product":       "nxovma",
	"GET /v1/products/:product/image": "nxovma",

	"GET /v1/knowledge":                        "...vma",
	"GET /v1/knowledge/questions":              "...vma",
	"POST /v1/knowledge/documents":             "....ma",
	"DELETE /v1/knowledge/documents/:document": "....ma",
	"POST /v1/knowledge/pins":                  "....ma",
	"DELETE /v1/knowledge/pins/:pin":           "....ma",

	"GET /v1/campaigns":                    "...vma",
	"POST /v1/campaigns":                   "....ma",
	"GET /v1/campaigns/:campaign":          "...vma",
	"POST /v1/campaigns/:campaign/:action": "....ma",
	"GET /v1/do-not-call/:number":          "...vma",
	"PUT /v1/do-not-call/:number":          "....ma",
}

// Every route refuses everybody whom the table does not name, and nobody whom
// it does.
func TestTheTableOfRoutesAndRoles(t *testing.T) {
	s := server(t)
	mine, other := begin(t, s), begin(t, s)
	keys := map[byte]string{'n': "", 'x': other.Token, 'o': mine.Token, 'v': "viewer-key", 'm': "operator-key", 'a': "admin-key"}
	seen := map[string]bool{}
	for _, r := range s.routes() {
		name := r.method + " " + r.path
		seen[name] = true
		may, ok := allowed[name]
		if !ok {
			t.Errorf("%s is not in the table: say who may use it", name)
			continue
		}
		path := strings.ReplaceAll(r.path, ":id", mine.ID)
		path = regexp.MustCompile(`[:*]\w+`).ReplaceAllString(path, "x")
		if r.path == "/v1/webrtc" {
			path += "?conversation=" + mine.ID
		}
		if strings.HasSuffix(r.path, "/events") && strings.HasPrefix(r.path, "/v1/conversations") {
			path = strings.Replace(path, mine.ID, "nobody", 1) // a stream that is let in never ends
		}
		for i, letter := range []byte("nxovma") {
			if letter == 'o' && strings.Contains(path, "nobody") {
				continue
			}
			w := call(s, r.method, path, keys[letter], "", "")
			refused := w.Code == http.StatusUnauthorized || w.Code == http.StatusForbidden
			if name == "POST /v1/session" {
				refused = false // it answers wrong keys with 401 itself
			}
			if refused != (may[i] == '.') {
				t.Errorf("%s as %q: status %d", name, letter, w.Code)
			}
		}
	}
	for name := range allowed {
		if !seen[name] {
			t.Errorf("%s is in the table, and there is no such route", name)
		}
	}
}
