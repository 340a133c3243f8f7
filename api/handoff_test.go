package api

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"waggle/dialog"
	"waggle/dialog/handoff"
)

// bell counts the looks at the queue.
type bell struct{ rung int }

func (b *bell) Seen(time.Time) { b.rung++ }

func (b *bell) Status(time.Time) handoff.Status {
	return handoff.Status{Staffed: handoff.Auto, Hours: "09:00-21:00", Open: b.rung > 0}
}

func queue(t *testing.T, s *Server) []dialog.Waiting {
	t.Helper()
	w := call(s, "GET", "/v1/hand-offs", "operator-key", "", "")
	var list struct{ Conversations []dialog.Waiting }
	if err := json.Unmarshal(w.Body.Bytes(), &list); err != nil || w.Code != http.StatusOK {
		t.Fatalf("queue: %d %s", w.Code, w.Body)
	}
	return list.Conversations
}

// A shopper asks for a person; an operator takes the conversation, speaks in
// it, and gives it back. The robot is silent in between, the shopper reads the
// operator as it happens, and the log has all of it.
func TestAHandOffOverHTTP(t *testing.T) {
	s := server(t)
	desk := &bell{}
	s.Desk = desk
	c := begin(t, s)
	const js = "application/json"
	path := "/v1/conversations/" + c.ID
	turn := func(text string) dialog.Reply {
		t.Helper()
		w := call(s, "POST", path+"/turns", c.Token, js, `{"text":"`+text+`"}`)
		var r dialog.Reply
		if err := json.Unmarshal(w.Body.Bytes(), &r); err != nil || w.Code != http.StatusOK {
			t.Fatalf("turn: %d %s", w.Code, w.Body)
		}
		return r
	}
	if r := turn("转人工"); r.HandOff == nil {
		t.Fatalf("%+v", r)
	}
	if q := queue(t, s); len(q) != 1 || q[0].Conversation != c.ID || q[0].Reason == "" || q[0].Summary == "" || q[0].Since.IsZero() {
		t.Errorf("queue %+v", q)
	}
	follow := listen(t, s, path+"/events", c.Token)
	for _, x := range []struct {
		path, body string
		want       int
	}{
		{"/messages", `{"operator":"小安","text":"在吗"}`, 409},
		{"/take", `{"operator":""}`, 422},
		{"/take", `{"operator":"` + strings.Repeat("长", 41) + `"}`, 422},
		{"/take", `{"operator":"小安","text":"在吗"}`, 422},
		{"/take", `{"operator":"小安"}`, 204},
		{"/take", `{"operator":"小白"}`, 409},
		{"/messages", `{"operator":"小白","text":"在吗"}`, 409},
		{"/messages", `{"operator":"小安","text":" "}`, 422},
		{"/messages", `{"operator":"小安","text":"` + strings.Repeat("啊", 2001) + `"}`, 413},
		{"/messages", `{"operator":"小安","text":"您好，我是小安。"}`, 204},
		{"/close", `{"operator":"小白"}`, 409},
	} {
		w := call(s, "POST", path+x.path, "operator-key", js, x.body)
		if w.Code != x.want {
			t.Errorf("%s %s: %d %s", x.path, x.body, w.Code, w.Body)
		}
		if kind := w.Header().Get("Content-Type"); x.want >= 400 && kind != "application/problem+json" {
			t.Errorf("%s: %q", x.path, kind)
		}
	}
	if r := turn("我的快递到哪了"); r.Text() != "" {
		t.Errorf("the robot said %q", r.Text())
	}
	follow("您好，我是小安。")
	follow("我的快递到哪了")
	if q := queue(t, s); len(q) != 1 || q[0].Operator != "小安" {
		t.Errorf("queue %+v", q)
	}
	if w := call(s, "POST", path+"/give-back", "operator-key", "", ""); w.Code != 204 || len(queue(t, s)) != 0 {
		t.Errorf("give back: %d, queue %+v", w.Code, queue(t, s))
	}
	if r := turn("你们几点上班"); r.Text() == "" {
		t.Error("the robot is still silent")
	}
	if w := call(s, "GET", path, "viewer-key", "", ""); !strings.Contains(w.Body.String(), `"by":"小安","act":"say","text":"您好，我是小安。"`) {
		t.Errorf("log: %s", w.Body)
	}
	if desk.rung == 0 {
		t.Error("nobody was seen at the desk")
	}
}

func TestAnOperatorClosesAConversation(t *testing.T) {
	s := server(t)
	c := begin(t, s)
	path, body := "/v1/conversations/"+c.ID, `{"operator":"小安"}`
	for _, what := range []string{"/take", "/close"} {
		if w := call(s, "POST", path+what, "operator-key", "application/json", body); w.Code != 204 {
			t.Fatalf("%s: %d %s", what, w.Code, w.Body)
		}
	}
	if w := call(s, "POST", path+"/turns", c.Token, "application/json", `{"text":"在吗"}`); w.Code != 409 {
		t.Errorf("after the end: %d", w.Code)
	}
	if w := call(s, "POST", "/v1/conversations/nobody/take", "operator-key", "application/json", body); w.Code != 404 {
		t.Errorf("unknown: %d", w.Code)
	}
}

// listen follows a stream of events; what it returns waits for words in it.
func listen(t *testing.T, s *Server, path, key string) func(want string) {
	t.Helper()
	web := httptest.NewServer(s)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	t.Cleanup(func() { cancel(); web.Close() })
	r, err := http.NewRequestWithContext(ctx, "GET", web.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+key)
	answer, err := web.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = answer.Body.Close() })
	lines := bufio.NewScanner(answer.Body)
	return func(want string) {
		t.Helper()
		for lines.Scan() {
			if strings.Contains(lines.Text(), want) {
				return
			}
		}
		t.Fatalf("%q did not come: %v", want, lines.Err())
	}
}

// A reply that is asked for as a stream has each sentence once, then the whole.
func TestAReplyMayBeStreamed(t *testing.T) {
	s := server(t)
	c := begin(t, s)
	r := httptest.NewRequest("POST", "/v1/conversations/"+c.ID+"/turns", strings.NewReader(`{"text":"满多少包邮"}`))
	r.Header.Set("Authorization", "Bearer "+c.Token)
	r.Header.Set("Accept", "text/event-stream")
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	if got := w.Body.String(); strings.Count(got, "event: sentence") != 1 || strings.Count(got, "event: reply") != 1 || !strings.Contains(got, "49") {
		t.Errorf("%d %s", w.Code, got)
	}
	r = httptest.NewRequest("POST", "/v1/conversations/nobody/turns", strings.NewReader(`{"text":"满多少包邮"}`))
	r.Header.Set("Authorization", "Bearer admin-key")
	r.Header.Set("Accept", "text/event-stream")
	w = httptest.NewRecorder()
	s.ServeHTTP(w, r)
	if w.Code != http.StatusNotFound {
		t.Errorf("a stream about nobody: %d", w.Code)
	}
}

// One conversation cannot be typed into faster than people type.
func TestAConversationHasItsOwnPace(t *testing.T) {
	s := server(t)
	now := time.Now()
	s.visitors.now = func() time.Time { return now }
	for range talkTurns / 2 {
		if !s.visitors.talk("a") {
			t.Fatal("refused too early")
		}
	}
	if s.visitors.talk("a") || !s.visitors.talk("b") {
		t.Error("one too many, or another's")
	}
	now = now.Add(time.Second)
	if !s.visitors.talk("a") {
		t.Error("a second later it goes on")
	}
}

// Many addresses together cannot start conversations without end.
func TestTheShopHasAMostOfConversations(t *testing.T) {
	v := newVisitors(func() time.Time { return time.Unix(0, 0) })
	n := 0
	for i := range 2 * shopStarts {
		if v.start(fmt.Sprint("192.0.2.", i)) {
			n++
		}
	}
	if n != shopStarts {
		t.Errorf("%d conversations were started, %d are allowed a minute", n, shopStarts)
	}
}
