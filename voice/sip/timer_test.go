package sip

import (
	"strings"
	"testing"
	"time"
)

const timed = "Supported: 100rel, timer\r\nAllow: INVITE, ACK, BYE, CANCEL, UPDATE\r\n"

// timedInvite is an INVITE that asks for a session timer.
func timedInvite(c *client, id, headers string) string {
	return request(c, "INVITE", id, 1, "", "Contact: <sip:t@"+c.conn.LocalAddr().String()+">\r\nContent-Type: application/sdp\r\n"+headers, g711)
}

func TestSessionTimersAreAnswered(t *testing.T) {
	d := openDoor(t, Config{Loopback: true}, keepOpen, Options{})
	for name, c := range map[string]struct {
		headers, status, expires, require string
	}{
		"theirs":              {timed + "Session-Expires: 1800\r\n", "200", "1800;refresher=uac", "timer"},
		"theirs, said so":     {timed + "Session-Expires: 90;refresher=uac\r\n", "200", "90;refresher=uac", "timer"},
		"compact":             {"k: timer\r\nx: 1800\r\n", "200", "1800;refresher=uac", "timer"},
		"required":            {timed + "Require: timer\r\nSession-Expires: 1800\r\n", "200", "1800;refresher=uac", "timer"},
		"ours":                {timed + "Session-Expires: 1800;refresher=uas\r\n", "200", "1800;refresher=uas", ""},
		"ours without UPDATE": {"Supported: timer\r\nAllow: INVITE, BYE\r\nSession-Expires: 1800;refresher=uas\r\n", "200", "", ""},
		"not supported":       {"Session-Expires: 1800\r\n", "200", "", ""},
		"none":                {timed, "200", "", ""},
		"nonsense":            {timed + "Session-Expires: soon\r\n", "200", "", ""},
		"too brief":           {timed + "Session-Expires: 60\r\n", "422", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			phone := dialRaw(t, "udp", at(d, "udp"))
			id := "timer-" + strings.ReplaceAll(strings.ReplaceAll(name, " ", ""), ",", "")
			phone.send(timedInvite(phone, id, c.headers))
			m := phone.final(soon)
			if m.status() != c.status || m.get("Session-Expires") != c.expires || m.get("Require") != c.require {
				t.Fatalf("%q, Session-Expires %q, Require %q", m.start, m.get("Session-Expires"), m.get("Require"))
			}
			to, err := parseAddress(m.get("To"))
			if err != nil {
				t.Fatal(err)
			}
			if c.status != "200" {
				if m.get("Min-SE") != "90" {
					t.Errorf("Min-SE %q", m.get("Min-SE"))
				}
				return
			}
			phone.send(request(phone, "ACK", id, 1, to.tag(), "", ""))
			phone.send(request(phone, "BYE", id, 2, to.tag(), "", ""))
			if m := phone.final(soon); m.status() != "200" {
				t.Errorf("BYE: %q", m.start)
			}
		})
	}
	until(t, "all calls gone", func() bool { return d.Calls() == 0 })
}

// runOut makes the session timer of a call run out now.
func runOut(t *testing.T, d *Door, id, tag string) {
	t.Helper()
	c := d.calls.find(id, tag, "me")
	if c == nil {
		t.Fatal("no such call")
	}
	c.expiry.Reset(0)
}

func timedCall(t *testing.T, d *Door, id, expires string) (*client, string) {
	t.Helper()
	phone := dialRaw(t, "udp", at(d, "udp"))
	phone.send(timedInvite(phone, id, timed+"Session-Expires: "+expires+"\r\n"))
	m := phone.final(soon)
	to, err := parseAddress(m.get("To"))
	if err != nil || m.status() != "200" {
		t.Fatalf("%q %v", m.start, err)
	}
	phone.send(request(phone, "ACK", id, 1, to.tag(), "", ""))
	return phone, to.tag()
}

// reply answers a request of the door.
func (c *client) reply(m message, status string) {
	var b strings.Builder
	b.WriteString("SIP/2.0 " + status + "\r\n")
	for _, name := range []string{"Via", "From", "To", "Call-ID", "CSeq"} {
		b.WriteString(name + ": " + m.get(name) + "\r\n")
	}
	c.send(b.String() + "Content-Length: 0\r\n\r\n")
}

func TestASessionThatItsPeerDoesNotRefreshEnds(t *testing.T) {
	d := openDoor(t, Config{Loopback: true}, keepOpen, Options{})
	phone, tag := timedCall(t, d, "stale", "90")
	phone.send(request(phone, "INVITE", "stale", 2, tag, "Contact: <sip:t@"+phone.conn.LocalAddr().String()+
		">\r\nContent-Type: application/sdp\r\n"+timed+"Session-Expires: 120;refresher=uac\r\n", g711))
	if m := phone.final(soon); m.status() != "200" || m.get("Session-Expires") != "120;refresher=uac" {
		t.Fatalf("the refresh: %q, %q", m.start, m.get("Session-Expires"))
	}
	phone.send(request(phone, "ACK", "stale", 2, tag, "", ""))
	runOut(t, d, "stale", tag)
	m := parsed(phone.receive(soon))
	if !strings.HasPrefix(m.start, "BYE ") {
		t.Fatalf("%q, want a BYE", m.start)
	}
	phone.reply(m, "200 OK")
	until(t, "the call gone", func() bool { return d.Calls() == 0 })
}

func TestASessionOfOursIsRefreshed(t *testing.T) {
	d := openDoor(t, Config{Loopback: true}, keepOpen, Options{})
	phone, tag := timedCall(t, d, "ours", "90;refresher=uas")
	runOut(t, d, "ours", tag)
	m := parsed(phone.receive(soon))
	if !strings.HasPrefix(m.start, "UPDATE ") || m.get("Session-Expires") != "90;refresher=uac" {
		t.Fatalf("%q with %q, want a refresh", m.start, m.get("Session-Expires"))
	}
	phone.reply(m, "200 OK")
	until(t, "the timer to run again", func() bool {
		c := d.calls.find("ours", tag, "me")
		return c != nil && c.expiry.Reset(time.Hour)
	})
	runOut(t, d, "ours", tag)
	m = parsed(phone.receive(soon))
	phone.reply(m, "481 Call/Transaction Does Not Exist")
	if m = parsed(phone.receive(soon)); !strings.HasPrefix(m.start, "BYE ") {
		t.Fatalf("%q, want a BYE to a peer that knows no such call", m.start)
	}
	phone.reply(m, "200 OK")
	until(t, "the call gone", func() bool { return d.Calls() == 0 })
}

func TestWhenASessionIsDue(t *testing.T) {
	for _, c := range []struct {
		timer sessionTimer
		want  time.Duration
	}{
		{sessionTimer{every: 1800 * time.Second, ours: true}, 900 * time.Second},
		{sessionTimer{every: 1800 * time.Second}, 1768 * time.Second},
		{sessionTimer{every: 90 * time.Second}, 60 * time.Second},
	} {
		if got := c.timer.due(); got != c.want {
			t.Errorf("%+v: %v, want %v", c.timer, got, c.want)
		}
	}
}
