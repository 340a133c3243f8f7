package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// send makes an API request with the first key and decodes the answer.
func (g *gateway) send(method, path, contentType string, body io.Reader, into any) int {
	g.t.Helper()
	r, err := http.NewRequestWithContext(g.t.Context(), method, g.web+path, body)
	if err != nil {
		g.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+g.key)
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		g.t.Fatal(err)
	}
	defer answer.Body.Close()
	raw, err := io.ReadAll(answer.Body)
	if err != nil {
		g.t.Fatal(err)
	}
	if into != nil {
		if err := json.Unmarshal(raw, into); err != nil {
			g.t.Fatalf("%s %s: %d %s", method, path, answer.StatusCode, raw)
		}
	}
	return answer.StatusCode
}

func (g *gateway) get(path string, into any) { g.send("GET", path, "", nil, into) }

// say sends words to a conversation and returns the reply's text.
func (g *gateway) say(conversation, text string) string {
	g.t.Helper()
	var reply struct{ Sentences []struct{ Text string } }
	body := fmt.Sprintf("{%q:%q}", "text", text)
	if code := g.send("POST", "/v1/conversations/"+conversation+"/turns", "application/json", strings.NewReader(body), &reply); code != 200 {
		g.t.Fatalf("turn: %d", code)
	}
	var all strings.Builder
	for _, s := range reply.Sentences {
		all.WriteString(s.Text)
	}
	return all.String()
}

func (g *gateway) begin(body string) string {
	g.t.Helper()
	var begun struct{ ID string }
	if code := g.send("POST", "/v1/conversations", "application/json", strings.NewReader(body), &begun); code != 201 {
		g.t.Fatalf("start: %d", code)
	}
	return begun.ID
}

// show uploads a picture and returns the findings' labels and the reply.
func (g *gateway) show(conversation, path string) (labels []string, reply string) {
	g.t.Helper()
	picture, err := os.ReadFile(path)
	if err != nil {
		g.t.Fatal(err)
	}
	var form bytes.Buffer
	m := multipart.NewWriter(&form)
	part, err := m.CreateFormFile("photo", filepath.Base(path))
	if err != nil {
		g.t.Fatal(err)
	}
	_, _ = part.Write(picture)
	_ = m.Close()
	var shown struct {
		Findings []struct{ Kind, Label string }
		Reply    struct{ Sentences []struct{ Text string } }
	}
	code := g.send("POST", "/v1/conversations/"+conversation+"/photos", m.FormDataContentType(), &form, &shown)
	if code != 200 {
		g.t.Fatalf("photo: %d", code)
	}
	for _, f := range shown.Findings {
		labels = append(labels, f.Kind+":"+f.Label)
	}
	for _, s := range shown.Reply.Sentences {
		reply += s.Text
	}
	return labels, reply
}

func TestAKilledGatewayKeepsTheConversationAndGoesOn(t *testing.T) {
	g := serve(t, "")
	id := g.begin(`{"from":"13800000001"}`)
	first := g.say(id, "我的快递到哪了")
	if first == "" {
		t.Fatal("no answer")
	}
	g.stop(syscall.SIGKILL)
	key := g.key
	g.start()
	if g.key != key {
		t.Error("the second start printed another key")
	}
	var log struct{ Entries []json.RawMessage }
	g.get("/v1/conversations/"+id, &log)
	if len(log.Entries) < 5 {
		t.Errorf("%d entries after the restart", len(log.Entries))
	}
	if again := g.say(id, "再说一遍"); again == "" || shared(first, again) < 0.5 {
		t.Errorf("before: %s\nafter: %s", first, again)
	}
}

func TestASignalLetsTheGatewayEndCleanly(t *testing.T) {
	g := serve(t, "")
	g.begin("{}")
	if code := g.stop(syscall.SIGTERM); code != 0 {
		t.Errorf("exit %d", code)
	}
}
