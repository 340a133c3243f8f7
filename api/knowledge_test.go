package api

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// document is a form with one file.
func document(t *testing.T, name, content string) (contentType, body string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	f, err := w.CreateFormFile("file", name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write([]byte(content)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return w.FormDataContentType(), b.String()
}

// ask says one sentence in a new conversation and returns the answer.
func ask(t *testing.T, s *Server, words string) string {
	t.Helper()
	id := begin(t, s).ID
	raw, err := json.Marshal(map[string]string{"text": words})
	if err != nil {
		t.Fatal(err)
	}
	w := call(s, "POST", "/v1/conversations/"+id+"/turns", "operator-key", "application/json", string(raw))
	if w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	return w.Body.String()
}

func TestADocumentAnswersFromTheNextTurnOn(t *testing.T) {
	s := server(t)
	kind, body := document(t, "会员.md", "## 会员日\n\n每个月十八号是会员日，当天积分翻倍。\n")
	w := call(s, "POST", "/v1/knowledge/documents", "operator-key", kind, body)
	if w.Code != http.StatusCreated || !strings.Contains(w.Body.String(), `"passages":1`) {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if got := ask(t, s, "会员日积分会翻倍吗"); !strings.Contains(got, "十八号是会员日") {
		t.Error(got)
	}
	w = call(s, "GET", "/v1/knowledge?q="+url.QueryEscape("会员日"), "viewer-key", "", "")
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "会员.md#1") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w = call(s, "DELETE", "/v1/knowledge/documents/"+url.PathEscape("会员.md"), "operator-key", "", ""); w.Code != http.StatusNoContent {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if got := ask(t, s, "会员日积分会翻倍吗"); strings.Contains(got, "十八号是会员日") {
		t.Error(got)
	}
}

func TestBadDocumentsAreRefused(t *testing.T) {
	s := server(t)
	for name, tc := range map[string]struct {
		file, content string
		want          int
	}{
		"kind": {"a.exe", "MZ", http.StatusUnsupportedMediaType}, "broken": {"a.pdf", "%PDF-1.7", http.StatusUnprocessableEntity},
		"empty": {"a.txt", "  ", http.StatusUnprocessableEntity}, "none": {"handbook", "text", http.StatusUnsupportedMediaType},
		"long": {"a.txt", strings.Repeat("长", 8<<20), http.StatusRequestEntityTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			kind, body := document(t, tc.file, tc.content)
			if w := call(s, "POST", "/v1/knowledge/documents", "operator-key", kind, body); w.Code != tc.want {
				t.Errorf("%d %s", w.Code, w.Body)
			}
		})
	}
	if w := call(s, "POST", "/v1/knowledge/documents", "operator-key", "application/json", "{}"); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("no form: %d %s", w.Code, w.Body)
	}
}

func TestAPinHoldsAtOnce(t *testing.T) {
	s := server(t)
	w := call(s, "POST", "/v1/knowledge/pins", "operator-key", "application/json", `{"question":"可以刻字吗","answer":"可以刻字，每个字五元。"}`)
	if w.Code != http.StatusCreated {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	var pin struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &pin); err != nil {
		t.Fatal(err)
	}
	if got := ask(t, s, "你好，可以刻字吗"); !strings.Contains(got, "每个字五元") {
		t.Error(got)
	}
	if w = call(s, "DELETE", "/v1/knowledge/pins/"+pin.ID, "operator-key", "", ""); w.Code != http.StatusNoContent {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w = call(s, "DELETE", "/v1/knowledge/pins/"+pin.ID, "operator-key", "", ""); w.Code != http.StatusNotFound {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w = call(s, "POST", "/v1/knowledge/pins", "operator-key", "application/json", `{"question":"","answer":"x"}`); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w = call(s, "GET", "/v1/knowledge/questions?days=0", "viewer-key", "", ""); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if got := ask(t, s, "店里可以寄存自行车吗"); strings.Contains(got, "每个字五元") {
		t.Error(got)
	}
	if w = call(s, "GET", "/v1/knowledge/questions", "viewer-key", "", ""); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "自行车") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
