package sip

import (
	"context"
	"errors"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"waggle/voice"
)

// callee is a phone that answers by script.
type callee struct {
	t    testing.TB
	conn *net.UDPConn
	peer *net.UDPAddr
}

func newCallee(t testing.TB) *callee { return &callee{t: t, conn: listenUDP(t)} }

func (c *callee) uri() string { return "sip:13800000000@" + c.conn.LocalAddr().String() }

// expect returns the next request of a method; retransmissions of others pass by.
func (c *callee) expect(method string) message {
	c.t.Helper()
	buf := make([]byte, 64<<10)
	for {
		if err := c.conn.SetReadDeadline(time.Now().Add(soon)); err != nil {
			c.t.Fatal(err)
		}
		n, from, err := c.conn.ReadFromUDP(buf)
		if err != nil {
			c.t.Errorf("no %s came: %v", method, err)
			return message{}
		}
		if m := parsed(string(buf[:n])); m.method() == method {
			c.peer = from
			return m
		}
	}
}

// answer replies to a request.
func (c *callee) answer(m message, status int, headers, body string) {
	c.t.Helper()
	text := "SIP/2.0 " + strconv.Itoa(status) + " Scripted\r\n"
	for _, name := range []string{"Via", "From", "To", "Call-ID", "CSeq"} {
		value := m.get(name)
		if name == "To" && !strings.Contains(value, ";tag=") && status > 100 {
			value += ";tag=callee"
		}
		text += name + ": " + value + "\r\n"
	}
	text += "Contact: <" + c.uri() + ">\r\n" + headers + "Content-Length: " + strconv.Itoa(len(body)) + "\r\n\r\n" + body
	if _, err := c.conn.WriteToUDP([]byte(text), c.peer); err != nil {
		c.t.Error(err)
	}
}

func TestRefusalsAreClassified(t *testing.T) {
	caller := dialer(t)
	for _, c := range []struct {
		status  int
		headers string
		want    error
		after   time.Duration
	}{
		{486, "", ErrBusy, 0}, {600, "", ErrBusy, 0},
		{480, "", ErrNoAnswer, 0}, {408, "", ErrNoAnswer, 0},
		{480, "Retry-After: 60 (lunch)\r\n", ErrRetryLater, time.Minute},
		{603, "", ErrRejected, 0}, {403, "", ErrRejected, 0}, {401, "", ErrRejected, 0},
		{404, "", ErrInvalidNumber, 0}, {484, "", ErrInvalidNumber, 0}, {604, "", ErrInvalidNumber, 0},
		{503, "Retry-After: 5;duration=10\r\n", ErrRetryLater, 5 * time.Second},
		{502, "", ErrUnreachable, 0},
		{302, "", ErrRejected, 0}, // nobody redirects this line
	} {
		phone := newCallee(t)
		got := make(chan error, 1)
		go func() {
			_, err := caller.Dial(t.Context(), Target{URI: phone.uri()})
			got <- err
		}()
		phone.answer(phone.expect("INVITE"), c.status, c.headers, "")
		phone.expect("ACK")
		var e *DialError
		if err := <-got; !errors.As(err, &e) || !errors.Is(err, c.want) || e.RetryAfter != c.after || !e.Sent || e.Status != c.status {
			t.Errorf("%d %q: %v (%+v)", c.status, c.headers, err, e)
		}
	}
}

func TestBadTargetsNeverLeave(t *testing.T) {
	trunk := Trunk{Name: "t", Address: "sip:127.0.0.1:9", CallerID: "1000", Prefixes: []string{"1", "+86"}}
	d := openDoor(t, Config{Listen: []string{"udp://127.0.0.1:0"}, Trunks: []Trunk{trunk}}, nil, Options{})
	for name, c := range map[string]struct {
		target Target
		want   error
	}{
		"not SIP":             {Target{URI: "tel:123"}, ErrInvalidNumber},
		"headers smuggled":    {Target{URI: "sip:x@127.0.0.1?Route=%3Csip:evil%3E"}, ErrInvalidNumber},
		"another transport":   {Target{URI: "sip:x@127.0.0.1;transport=ws"}, ErrInvalidNumber},
		"no such trunk":       {Target{Trunk: "other", Number: "13800000000"}, ErrInvalidNumber},
		"premium number":      {Target{Trunk: "t", Number: "90012345"}, ErrInvalidNumber},
		"not a number":        {Target{Trunk: "t", Number: "1;transport=tcp"}, ErrInvalidNumber},
		"too long":            {Target{Trunk: "t", Number: "1234567890123456"}, ErrInvalidNumber},
		"nobody registered":   {Target{Account: "alice"}, ErrUnreachable},
		"nobody listens, TCP": {Target{URI: "sip:x@127.0.0.1:1;transport=tcp"}, ErrUnreachable},
		"unknown host":        {Target{URI: "sip:x@does-not-exist.invalid"}, ErrUnreachable},
	} {
		_, err := d.Dial(t.Context(), c.target)
		var e *DialError
		if !errors.As(err, &e) || !errors.Is(err, c.want) || e.Sent {
			t.Errorf("%s: %v (%+v)", name, err, e)
		}
	}
}

func TestDialCancelsWhenNobodyWaitsAnyMore(t *testing.T) {
	for name, c := range map[string]struct {
		ring time.Duration
		want error
	}{"ring time over": {50 * time.Millisecond, ErrNoAnswer}, "caller gives up": {time.Hour, ErrCancelled}} {
		t.Run(name, func(t *testing.T) {
			caller, phone := dialer(t), newCallee(t)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			got := make(chan error, 1)
			go func() {
				_, err := caller.Dial(ctx, Target{URI: phone.uri(), Ring: c.ring})
				got <- err
			}()
			invited := phone.expect("INVITE")
			phone.answer(invited, 180, "", "")
			if c.ring == time.Hour {
				cancel()
			}
			var e *DialError
			if err := <-got; !errors.As(err, &e) || !errors.Is(err, c.want) || !e.Sent {
				t.Errorf("got %v (%+v)", err, e)
			}
			cancelled := phone.expect("CANCEL")
			if cancelled.get("Via") != invited.get("Via") || cancelled.get("Call-ID") != invited.get("Call-ID") {
				t.Error("the CANCEL does not match the INVITE")
			}
			phone.answer(cancelled, 200, "", "")
			phone.answer(invited, 487, "", "")
			phone.expect("ACK")
		})
	}
}

func TestAnAnswerThatCrossesTheCancelIsHungUp(t *testing.T) {
	caller, phone := dialer(t), newCallee(t)
	ctx, cancel := context.WithCancel(t.Context())
	got := make(chan error, 1)
	go func() {
		_, err := caller.Dial(ctx, Target{URI: phone.uri()})
		got <- err
	}()
	invited := phone.expect("INVITE")
	phone.answer(invited, 180, "", "")
	cancel()
	if err := <-got; !errors.Is(err, ErrCancelled) {
		t.Errorf("got %v", err)
	}
	cancelled := phone.expect("CANCEL")
	phone.answer(invited, 200, "Content-Type: application/sdp\r\n", g711)
	phone.answer(cancelled, 200, "", "")
	phone.expect("ACK")
	phone.answer(phone.expect("BYE"), 200, "", "")
}

func TestAnAnswerWithoutUsableAudioIsHungUp(t *testing.T) {
	caller, phone := dialer(t), newCallee(t)
	got := make(chan error, 1)
	go func() {
		_, err := caller.Dial(t.Context(), Target{URI: phone.uri()})
		got <- err
	}()
	phone.answer(phone.expect("INVITE"), 200, "Content-Type: application/sdp\r\n", sdpWith("224.0.0.1", "m=audio 4000 RTP/AVP 8"))
	phone.expect("ACK")
	phone.answer(phone.expect("BYE"), 200, "", "")
	if err := <-got; !errors.Is(err, ErrRejected) || !errors.Is(err, ErrNoMedia) {
		t.Errorf("got %v", err)
	}
}

func TestEveryRetransmittedAnswerIsAcknowledged(t *testing.T) {
	caller, phone := dialer(t), newCallee(t)
	got := make(chan voice.Leg, 1)
	go func() {
		leg, err := caller.Dial(t.Context(), Target{URI: phone.uri()})
		if err != nil {
			t.Error(err)
		}
		got <- leg
	}()
	invited := phone.expect("INVITE")
	for range 3 {
		phone.answer(invited, 200, "Content-Type: application/sdp\r\nRecord-Route: <sip:127.0.0.1:9;lr>\r\n", g711)
		ack := phone.expect("ACK")
		if ack.get("Route") != "<sip:127.0.0.1:9;lr>" || ack.get("CSeq") != "1 ACK" {
			t.Errorf("ACK with Route %q and CSeq %q", ack.get("Route"), ack.get("CSeq"))
		}
	}
	leg := <-got
	if err := leg.Close(voice.CauseNormal); err != nil {
		t.Error(err)
	}
	phone.answer(phone.expect("BYE"), 200, "", "")
}

func TestACallWithPassword(t *testing.T) {
	heard := make(chan Incoming, 1)
	shop := openDoor(t, Config{Accounts: []Account{{"alice", "wonderland"}}}, func(ctx context.Context, in Incoming) {
		heard <- in
		drainLeg(ctx, in.Leg)
	}, Options{})
	caller := dialer(t)
	for _, network := range []string{"udp", "tcp"} {
		leg, err := caller.Dial(t.Context(), Target{URI: shopURI(shop, network), User: "alice", Password: "wonderland"})
		if err != nil {
			t.Fatal(network, err)
		}
		if in := <-heard; in.Account != "alice" {
			t.Errorf("%s: account %q", network, in.Account)
		}
		if err := leg.Close(voice.CauseNormal); err != nil {
			t.Error(err)
		}
	}
	_, err := caller.Dial(t.Context(), Target{URI: shopURI(shop, "udp"), User: "alice", Password: "guess"})
	if !errors.Is(err, ErrRejected) {
		t.Errorf("a wrong password: %v", err)
	}
}

// register registers a phone by hand, with its password.
func register(t *testing.T, c *client, to, expires string) message {
	t.Helper()
	text := ask("REGISTER", "reg"+expires, "")
	c.send(text)
	challenge := c.final(soon)
	auth := solve(challenge.get("WWW-Authenticate"), "alice", "wonderland", "REGISTER", "00000001")
	again := strings.Replace(ask("REGISTER", "reg2"+expires, auth), "Content-Length", "Contact: <"+to+">;expires="+expires+"\r\nContent-Length", 1)
	c.send(again)
	return c.final(soon)
}

func TestARegisteredPhoneCanBeCalled(t *testing.T) {
	shop := openDoor(t, Config{Accounts: []Account{{"alice", "wonderland"}}}, keepOpen, Options{})
	phone := newCallee(t)
	c := &client{t: t, conn: &connected{phone.conn, at(shop, "udp")}}
	if m := register(t, c, phone.uri(), "30"); m.status() != "423" || m.get("Min-Expires") != "60" {
		t.Errorf("30 s: %q", m.start)
	}
	if m := register(t, c, phone.uri(), "600"); m.status() != "200" || !strings.Contains(m.get("Contact"), "13800000000") {
		t.Fatalf("600 s: %q, Contact %q", m.start, m.get("Contact"))
	}
	got := make(chan error, 1)
	go func() {
		leg, err := shop.Dial(t.Context(), Target{Account: "alice"})
		if err == nil {
			err = leg.Close(voice.CauseNormal)
		}
		got <- err
	}()
	phone.answer(phone.expect("INVITE"), 200, "Content-Type: application/sdp\r\n", g711)
	phone.expect("ACK")
	if err := <-got; err != nil {
		t.Error(err)
	}
	phone.answer(phone.expect("BYE"), 200, "", "")
	if m := register(t, c, phone.uri(), "0"); m.status() != "200" || m.get("Contact") != "" {
		t.Errorf("unregistered: %q, Contact %q", m.start, m.get("Contact"))
	}
}

// connected lets a client share an unconnected socket.
type connected struct {
	*net.UDPConn
	to string
}

func (c *connected) Write(p []byte) (int, error) {
	addr, err := net.ResolveUDPAddr("udp", c.to)
	if err != nil {
		return 0, err
	}
	return c.WriteToUDP(p, addr)
}
