package api

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"waggle/dialog"
	"waggle/shop"
	"waggle/vision/hostile"
)

// claim begins a conversation of a known customer who shows a cracked vase and
// then wants a person.
func claim(t *testing.T, s *Server) (c started, photo string) {
	t.Helper()
	const js = "application/json"
	w := call(s, "POST", "/v1/conversations", "operator-key", js, `{"from":"13800000003"}`)
	if err := json.Unmarshal(w.Body.Bytes(), &c); err != nil || w.Code != 201 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	path := "/v1/conversations/" + c.ID
	call(s, "POST", path+"/turns", c.Token, js, `{"text":"花瓶收到就碎了"}`)
	photo = show(t, s, path, c.Token, 200, hostile.JPEG(64, 64)).Photo
	if w := call(s, "POST", path+"/turns", c.Token, js, `{"text":"转人工"}`); !strings.Contains(w.Body.String(), "hand_off") {
		t.Fatalf("no hand-over: %s", w.Body)
	}
	return c, photo
}

func TestThePacketTellsWhatAPersonNeeds(t *testing.T) {
	s, _ := showing(t, seen())
	s.Desk = &bell{}
	c, photo := claim(t, s)
	w := call(s, "GET", "/v1/conversations/"+c.ID+"/packet", "operator-key", "", "")
	var p Packet
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != 200 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	switch {
	case p.Conversation != c.ID || p.Channel != dialog.ChannelText || p.Started.IsZero() || p.Ended || p.From != "138****0003":
		t.Errorf("%+v", p)
	case p.Handed == nil || p.Handed.Reason != "asked for" || len(p.Handed.Tried) == 0:
		t.Errorf("why: %+v", p.Handed)
	case p.Customer == nil || p.Customer.Name == "" || !p.Customer.Known || !strings.Contains(p.Customer.Phone, "****"):
		t.Errorf("who: %+v", p.Customer)
	case p.Order == nil || len(p.Order.Lines) == 0 || p.Order.State == "" || p.Order.Parcel == nil:
		t.Errorf("order: %+v", p.Order)
	case len(p.Photos) != 1 || p.Photos[0].Photo != photo || !p.Photos[0].Overlay || p.Photos[0].Swatch || len(p.Photos[0].Findings) == 0:
		t.Errorf("photos: %+v", p.Photos)
	case len(p.Missing) != 0 || strings.Contains(w.Body.String(), "13800000003"):
		t.Errorf("%s", w.Body)
	}
	if w := call(s, "GET", "/v1/conversations/nobody/packet", "operator-key", "", ""); w.Code != http.StatusNotFound {
		t.Errorf("unknown: %d", w.Code)
	}
	if w := call(s, "GET", "/v1/conversations/"+c.ID, c.Token, "", ""); strings.Contains(w.Body.String(), "evidence") || !strings.Contains(w.Body.String(), "hand_off") {
		t.Errorf("the shopper reads the packet: %s", w.Body)
	}
}

func TestAPacketSaysWhatTheShopDidNotTell(t *testing.T) {
	var p Packet
	records := silent{}
	p.who(t.Context(), records, dialog.Caller{Customer: "c"})
	p.about(t.Context(), records, "o")
	if got := strings.Join(p.Missing, " "); got != "customer order" {
		t.Errorf("missing %q", got)
	}
}

// The queue comes at once and again with every change; the figures count the
// same conversations.
func TestTheQueueIsLive(t *testing.T) {
	s, _ := showing(t, seen())
	desk := &bell{}
	s.Desk = desk
	s.Load = func() (int, int) { return 3, 30 }
	wait := listen(t, s, "/v1/hand-offs/events", "operator-key")
	wait(`"conversations":[]`)
	if desk.rung != 0 {
		t.Error("an open page proves that somebody is there")
	}
	c, _ := claim(t, s)
	wait(c.ID)
	path := "/v1/conversations/" + c.ID
	call(s, "POST", path+"/turns", c.Token, "application/json", `{"text":"<b>有人吗</b>"}`)
	wait(`\u003cb\u003e有人吗`)
	call(s, "POST", path+"/take", "operator-key", "application/json", `{"operator":"小安"}`)
	wait(`"operator":"小安"`)
	var now Status
	if w := call(s, "GET", "/v1/status", "viewer-key", "", ""); json.Unmarshal(w.Body.Bytes(), &now) != nil {
		t.Fatal(w.Body)
	}
	if now.Role != Viewer || now.Calls != 3 || now.Seats != 30 || now.Waiting != 0 || now.Taken != 1 || now.Desk == nil || now.Desk.Hours != "09:00-21:00" {
		t.Errorf("%+v", now)
	}
	call(s, "POST", path+"/give-back", "operator-key", "", "")
	wait(`"conversations":[]`)
}

// silent is a shop that does not answer.
type silent struct{ CustomerRecords }

func (silent) Customer(context.Context, string) (shop.Customer, error) {
	return shop.Customer{}, shop.ErrUnavailable
}

func (silent) Order(context.Context, string) (shop.Order, error) {
	return shop.Order{}, shop.ErrUnavailable
}
