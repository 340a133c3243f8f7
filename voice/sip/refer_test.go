package sip

import (
	"context"
	"errors"
	"net/netip"
	"strconv"
	"strings"
	"testing"

	"waggle/voice"
)

// respond answers a request of the door by hand.
func (c *client) respond(m message, status int) {
	c.t.Helper()
	text := "SIP/2.0 " + strconv.Itoa(status) + " Scripted\r\n"
	for _, name := range []string{"Via", "From", "To", "Call-ID", "CSeq"} {
		text += name + ": " + m.get(name) + "\r\n"
	}
	c.send(text + "Contact: <sip:t@" + c.conn.LocalAddr().String() + ">\r\nContent-Length: 0\r\n\r\n")
}

// request waits for a request of the door; answers to ours pass by.
func (c *client) request(method string) message {
	c.t.Helper()
	for {
		text := c.receive(soon)
		if text == "" {
			c.t.Fatalf("no %s came", method)
		}
		if m := parsed(text); m.method() == method {
			return m
		}
	}
}

// referring is a door whose caller asks for the desk at once, and what came of
// it.
func referring(t *testing.T, desk Desk) (*Door, <-chan error) {
	t.Helper()
	done := make(chan error, 1)
	d := openDoor(t, Config{Loopback: true, Desk: &desk}, func(ctx context.Context, in Incoming) {
		done <- in.Exchange.Refer(ctx, in.Leg)
		drainLeg(ctx, in.Leg)
	}, Options{})
	return d, done
}

// transferable places a call by hand whose caller takes REFER.
func transferable(t *testing.T, d *Door, id string) (*client, string) {
	t.Helper()
	c := dialRaw(t, "udp", at(d, "udp"))
	c.send(request(c, "INVITE", id, 1, "", "Contact: <sip:t@"+c.conn.LocalAddr().String()+">\r\nAllow: INVITE, ACK, BYE\r\nAllow: REFER\r\nContent-Type: application/sdp\r\n", g711))
	ok := c.final(soon)
	to, err := parseAddress(ok.get("To"))
	if ok.status() != "200" || err != nil {
		t.Fatalf("INVITE answered %q", ok.start)
	}
	c.send(request(c, "ACK", id, 1, to.tag(), "", ""))
	return c, to.tag()
}

// leave hangs up by hand and waits until the door has noticed.
func leave(t *testing.T, d *Door, c *client, id string, seq int, tag string) {
	t.Helper()
	c.send(request(c, "BYE", id, seq, tag, "", ""))
	until(t, "the call gone", func() bool { return d.Calls() == 0 })
}

// notify tells how the transfer goes; it returns the door's answer.
func (c *client) notify(id string, seq int, tag, event, state, fragment string) string {
	c.t.Helper()
	c.send(request(c, "NOTIFY", id, seq, tag, "Event: "+event+"\r\nSubscription-State: "+state+"\r\nContent-Type: message/sipfrag;version=2.0\r\n", fragment))
	m := c.final(soon)
	return m.status()
}

const deskURI = "sip:600@127.0.0.1:5070"

func TestACallerIsTransferredToTheDeskOfTheConfiguration(t *testing.T) {
	d, done := referring(t, Desk{URI: deskURI})
	c, tag := transferable(t, d, "blind")
	refer := c.request("REFER")
	if refer.get("Refer-To") != "<"+deskURI+">" || !strings.HasPrefix(refer.get("Referred-By"), "<sip:shop@127.0.0.1") {
		t.Errorf("Refer-To %q, Referred-By %q", refer.get("Refer-To"), refer.get("Referred-By"))
	}
	seq, _, _ := strings.Cut(refer.get("CSeq"), " ")
	if got := c.notify("blind", 2, tag, "refer;id="+seq, "active;expires=60", "SIP/2.0 100 Trying\r\n"); got != "200" {
		t.Errorf("a NOTIFY before the answer: %s", got) // RFC 3515 2.4.4 allows it
	}
	c.respond(refer, 202)
	for i, p := range []struct{ event, fragment, want string }{
		{"refer;id=999", "SIP/2.0 486 Busy Here\r\n", "481"}, {"presence", "SIP/2.0 486 Busy Here\r\n", "481"},
		{"refer", "SIP/2.0 180 Ringing\r\n", "200"}, {"refer", "nonsense", "200"}, {"refer", "", "200"},
		{"Refer; id=" + seq, "SIP/2.0 200 OK\r\n", "200"},
	} {
		if got := c.notify("blind", 3+i, tag, p.event, "active", p.fragment); got != p.want {
			t.Errorf("NOTIFY %q %q: %s, want %s", p.event, p.fragment, got, p.want)
		}
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
	if got := c.notify("blind", 20, tag, "refer", "terminated", "SIP/2.0 200 OK\r\n"); got != "481" {
		t.Errorf("the subscription is over, but a NOTIFY gets %s", got)
	}
	leave(t, d, c, "blind", 90, tag)
}

func TestATransferThatFailsLeavesTheCall(t *testing.T) {
	for name, p := range map[string]struct {
		state, fragment string
		want            error
	}{
		"busy":          {"terminated;reason=noresource", "SIP/2.0 486 Busy Here\r\n", voice.ErrDeskBusy},
		"no answer":     {"terminated", "SIP/2.0 480 Temporarily Unavailable\r\n", voice.ErrDeskNoAnswer},
		"declined":      {"active", "SIP/2.0 603 Decline\r\n", ErrRejected},
		"nothing said":  {"terminated;reason=giveup", "SIP/2.0 180 Ringing\r\n", errUntold},
		"line vanished": {"", "", errVanished},
	} {
		t.Run(name, func(t *testing.T) {
			d, done := referring(t, Desk{URI: deskURI})
			c, tag := transferable(t, d, "fails")
			c.respond(c.request("REFER"), 202)
			if p.state == "" {
				c.send(request(c, "BYE", "fails", 2, tag, "", ""))
			} else if got := c.notify("fails", 2, tag, "refer", p.state, p.fragment); got != "200" {
				t.Errorf("NOTIFY: %s", got)
			}
			if err := <-done; !errors.Is(err, p.want) || errors.Is(err, voice.ErrNoRefer) {
				t.Errorf("got %v, want %v", err, p.want)
			}
			if p.state != "" && d.Calls() != 1 {
				t.Errorf("%d calls, the caller should be with us again", d.Calls())
			}
			leave(t, d, c, "fails", 9, tag)
		})
	}
}

// A line that hangs up right after it told of the success was not in a hurry to
// get rid of us.
func TestALineThatHangsUpAfterTheSuccessHasTransferred(t *testing.T) {
	d, done := referring(t, Desk{URI: deskURI})
	c, tag := transferable(t, d, "quick")
	c.respond(c.request("REFER"), 202)
	c.send(request(c, "NOTIFY", "quick", 2, tag, "Event: refer\r\nSubscription-State: terminated\r\nContent-Type: message/sipfrag\r\n", "SIP/2.0 200 OK\r\n"))
	if m := c.final(soon); m.status() != "200" {
		t.Errorf("NOTIFY: %q", m.start)
	}
	leave(t, d, c, "quick", 3, tag)
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestALineThatDoesNotTransferIsLeftAlone(t *testing.T) {
	for _, status := range []int{405, 501, 603, 403} {
		d, done := referring(t, Desk{URI: deskURI})
		c, tag := transferable(t, d, "no")
		c.respond(c.request("REFER"), status)
		if err := <-done; !errors.Is(err, voice.ErrNoRefer) {
			t.Errorf("%d: %v", status, err)
		}
		leave(t, d, c, "no", 2, tag)
	}
	d, done := referring(t, Desk{URI: deskURI})
	c, tag, _ := established(t, d, "silent", g711) // it does not say that it takes REFER
	if err := <-done; !errors.Is(err, voice.ErrNoRefer) {
		t.Errorf("not asked for: %v", err)
	}
	leave(t, d, c, "silent", 2, tag)
	d, done = referring(t, Desk{URI: deskURI, Bridge: true})
	c, tag = transferable(t, d, "bridged")
	if err := <-done; !errors.Is(err, voice.ErrNoRefer) {
		t.Errorf("a desk that wants to be told who comes: %v", err)
	}
	leave(t, d, c, "bridged", 2, tag)
}

// S08 and S09: what a caller asks for is no place to call.
func TestACallerCannotTransferUs(t *testing.T) {
	premium := newCallee(t)
	d := openDoor(t, Config{Loopback: true, Desk: &Desk{URI: deskURI}}, keepOpen, Options{})
	c, tag, _ := established(t, d, "fraud", g711)
	c.send(request(c, "REFER", "fraud", 2, tag, "Refer-To: <"+premium.uri()+">\r\nContact: <sip:t@"+c.conn.LocalAddr().String()+">\r\n", ""))
	if m := c.final(soon); m.status() != "405" || lists(m.get("Allow"), "REFER") {
		t.Errorf("REFER: %q, Allow %q", m.start, m.get("Allow"))
	}
	if got := c.notify("fraud", 3, tag, "refer", "terminated", "SIP/2.0 200 OK\r\n"); got != "481" {
		t.Errorf("a NOTIFY that nobody asked for: %s", got)
	}
	c.send(request(c, "NOTIFY", "elsewhere", 1, "", "Event: message-summary\r\nSubscription-State: active\r\n", ""))
	if m := c.final(soon); m.status() != "481" {
		t.Errorf("a NOTIFY outside of any call: %q", m.start)
	}
	if d.Calls() != 1 {
		t.Errorf("%d calls, want the caller's alone", d.Calls())
	}
	leave(t, d, c, "fraud", 4, tag)
}

func TestANumberOfATrunkIsOnlyAskedOfThatTrunk(t *testing.T) {
	city := Trunk{Name: "city", Address: "sip:127.0.0.1:9", Prefixes: []string{"4"}}
	for _, c := range []struct {
		name string
		call *call
		want bool
	}{
		{"dialled over it", &call{trunk: "city"}, true},
		{"dialled over another", &call{trunk: "country"}, false},
		{"came from it", &call{hop: hop{remote: loopback}}, true},
		{"came from elsewhere", &call{hop: hop{remote: netip.MustParseAddrPort("203.0.113.1:5060")}}, false},
	} {
		city.From = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
		d := openDoor(t, Config{Listen: []string{"udp://127.0.0.1:0"}, Trunks: []Trunk{city}, Desk: &Desk{Trunk: "city", Number: "4008001234"}}, nil, Options{})
		if d.desk.refer != "sip:4008001234@127.0.0.1:9" {
			t.Errorf("the desk is %q for the trunk", d.desk.refer)
		}
		if got := d.desk.sameTrunk(c.call); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestDesksThatCannotBe(t *testing.T) {
	trunks := []Trunk{{Name: "city", Address: "sip:127.0.0.1:9", Prefixes: []string{"4"}}, {Name: "in", Address: ""}}
	for name, desk := range map[string]Desk{
		"nowhere": {}, "a name": {URI: "600"}, "headers smuggled": {URI: "sip:600@127.0.0.1?Route=x"},
		"no such trunk": {Trunk: "village", Number: "4001"}, "a trunk without address": {Trunk: "in", Number: "4001"},
		"a number that the trunk forbids": {Trunk: "city", Number: "9001234"}, "no number": {Trunk: "city"},
	} {
		_, err := Open(Config{Listen: []string{"udp://127.0.0.1:0"}, Trunks: trunks, Desk: &desk}, keepOpen, Options{})
		if !errors.Is(err, errDesk) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTheDeskHasSoManyLines(t *testing.T) {
	phone := newCallee(t)
	d := openDoor(t, Config{Listen: []string{"udp://127.0.0.1:0"}, Desk: &Desk{URI: phone.uri(), Lines: 1}}, nil, Options{})
	for round := range 2 {
		got := make(chan error, 1)
		var leg voice.Leg
		go func() {
			var err error
			leg, err = d.Exchange().Dial(context.Background())
			got <- err
		}()
		phone.answer(phone.expect("INVITE"), 200, "Content-Type: application/sdp\r\n", g711)
		phone.expect("ACK")
		if err := <-got; err != nil {
			t.Fatal(err)
		}
		if _, err := d.Exchange().Dial(t.Context()); !errors.Is(err, voice.ErrDeskBusy) {
			t.Errorf("round %d: a second caller: %v", round, err)
		}
		for range 2 { // closing twice gives the line back once
			if err := leg.Close(voice.CauseNormal); err != nil {
				t.Error(err)
			}
		}
		phone.answer(phone.expect("BYE"), 200, "", "")
	}
	for status, want := range map[int]error{486: voice.ErrDeskBusy, 480: voice.ErrDeskNoAnswer, 404: ErrInvalidNumber} {
		got := make(chan error, 1)
		go func() {
			_, err := d.Exchange().Dial(t.Context())
			got <- err
		}()
		phone.answer(phone.expect("INVITE"), status, "", "")
		phone.expect("ACK")
		if err := <-got; !errors.Is(err, want) {
			t.Errorf("%d: %v", status, err)
		}
	}
}

// A caller who has left stops the phone of the desk from ringing.
func TestRingingAtTheDeskIsCalledOff(t *testing.T) {
	phone := newCallee(t)
	d := openDoor(t, Config{Listen: []string{"udp://127.0.0.1:0"}, Desk: &Desk{URI: phone.uri(), Lines: 1}}, nil, Options{})
	ctx, leave := context.WithCancel(t.Context())
	got := make(chan error, 1)
	go func() {
		_, err := d.Exchange().Dial(ctx)
		got <- err
	}()
	invited := phone.expect("INVITE")
	phone.answer(invited, 180, "", "")
	leave()
	if err := <-got; !errors.Is(err, ErrCancelled) {
		t.Errorf("got %v", err)
	}
	phone.answer(phone.expect("CANCEL"), 200, "", "")
	phone.answer(invited, 487, "", "")
	phone.expect("ACK")
	if len(d.desk.lines) != 0 {
		t.Error("the line of the desk is still taken")
	}
}
