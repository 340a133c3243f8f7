package sip

import (
	"context"
	"encoding/hex"
	"errors"
	"io"
	"strconv"
	"sync"
	"testing"
	"time"

	"waggle/audio"
	"waggle/voice"
)

// counted is a capacity of so many seats.
type counted struct {
	mu    sync.Mutex
	seats int
}

func (c *counted) Admit() (func(), error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.seats == 0 {
		return nil, voice.ErrFull
	}
	c.seats--
	return sync.OnceFunc(func() { c.mu.Lock(); c.seats++; c.mu.Unlock() }), nil
}

func (c *counted) free() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.seats
}

// dialer opens a door that only dials.
func dialer(t testing.TB) *Door {
	t.Helper()
	return openDoor(t, Config{Listen: []string{"udp://127.0.0.1:0"}}, nil, Options{})
}

func shopURI(d *Door, network string) string {
	return "sip:shop@" + at(d, network) + ";transport=" + network
}

// until polls a condition that some other goroutine makes true.
func until(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(soon); !ok(); {
		if time.Now().After(deadline) {
			t.Fatalf("still not: %s", what)
		}
		<-time.After(5 * time.Millisecond)
	}
}

// tone is a second of a sound that G.711 keeps recognisable.
func tone(n int) []int16 {
	pcm := make([]int16, n)
	for i := range pcm {
		pcm[i] = int16(8000 * (1 - 2*(i/8%2))) // 500 Hz square
	}
	return pcm
}

// loud reports whether a frame carries more than comfort noise.
func loud(f audio.Frame) bool { return audio.Level(f.PCM) > -30 }

func TestACallCarriesSoundAndKeysBothWays(t *testing.T) {
	for _, network := range []string{"udp", "tcp"} {
		t.Run(network, func(t *testing.T) {
			type heard struct {
				in   Incoming
				keys string
				loud bool
			}
			result := make(chan heard, 1)
			shop := openDoor(t, Config{Loopback: true}, func(ctx context.Context, in Incoming) {
				h := heard{in: in}
				for len(h.keys) < 2 || !h.loud {
					f, err := in.Leg.Read(ctx)
					if err != nil {
						break
					}
					h.loud = h.loud || loud(f)
					select {
					case k := <-in.Leg.DTMF():
						h.keys += string(rune(k))
					default:
					}
					_ = in.Leg.Write(audio.Frame{PCM: tone(160), Rate: 8000})
				}
				result <- h
			}, Options{})
			caller := dialer(t)
			leg, err := caller.Dial(t.Context(), Target{URI: shopURI(shop, network), From: "13800000000"})
			if err != nil {
				t.Fatal(err)
			}
			for _, k := range "4#" {
				if err := leg.(voice.KeySender).SendDigit(voice.Digit(k)); err != nil {
					t.Fatal(err)
				}
			}
			answerHeard := false
			for {
				f, err := leg.Read(t.Context())
				if errors.Is(err, io.EOF) {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
				answerHeard = answerHeard || loud(f)
				_ = leg.Write(audio.Frame{PCM: tone(160), Rate: 8000})
			}
			h := <-result
			if !answerHeard || !h.loud || h.keys != "4#" || h.in.From != "13800000000" || h.in.To != "shop" {
				t.Errorf("answer heard %v, handler heard %+v", answerHeard, h)
			}
			until(t, "both doors empty", func() bool { return shop.Calls() == 0 && caller.Calls() == 0 })
		})
	}
}

func TestACallerWhoHangsUpEndsTheCall(t *testing.T) {
	ended := make(chan error, 1)
	shop := openDoor(t, Config{Loopback: true}, func(ctx context.Context, in Incoming) {
		for {
			if _, err := in.Leg.Read(ctx); err != nil {
				ended <- err
				return
			}
		}
	}, Options{})
	leg, err := dialer(t).Dial(t.Context(), Target{URI: shopURI(shop, "udp")})
	if err != nil {
		t.Fatal(err)
	}
	if err := leg.Close(voice.CauseHangUp); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; !errors.Is(err, io.EOF) {
		t.Errorf("the handler's leg ended with %v, want EOF", err)
	}
	if _, open := <-leg.DTMF(); open {
		t.Error("the keys of a closed leg are still open")
	}
}

func TestAFullGatewayAnswers503WithRetryAfter(t *testing.T) {
	seats := &counted{seats: 1}
	shop := openDoor(t, Config{Loopback: true}, keepOpen, Options{Admission: seats})
	caller := dialer(t)
	leg, err := caller.Dial(t.Context(), Target{URI: shopURI(shop, "udp")})
	if err != nil {
		t.Fatal(err)
	}
	_, err = caller.Dial(t.Context(), Target{URI: shopURI(shop, "udp")})
	var e *DialError
	if !errors.As(err, &e) || !errors.Is(err, ErrRetryLater) || e.Status != 503 || e.RetryAfter != voice.RetryAfter || !e.Sent {
		t.Errorf("second call: %v (%+v)", err, e)
	}
	if err := leg.Close(voice.CauseNormal); err != nil {
		t.Fatal(err)
	}
	until(t, "the seat free again", func() bool { return seats.free() == 1 })
}

func TestARefusedOfferCostsNoSeat(t *testing.T) {
	seats := &counted{seats: 1}
	shop := openDoor(t, Config{Loopback: true}, keepOpen, Options{Admission: seats})
	for name, body := range map[string]string{
		"no G.711":           sdpWith("127.0.0.1", "m=audio 40000 RTP/AVP 18"),
		"encrypted only":     sdpWith("127.0.0.1", "m=audio 40000 RTP/SAVP 8"),
		"multicast":          sdpWith("224.0.0.1", "m=audio 40000 RTP/AVP 8"),
		"link-local":         sdpWith("169.254.1.1", "m=audio 40000 RTP/AVP 8"),
		"broadcast":          sdpWith("255.255.255.255", "m=audio 40000 RTP/AVP 8"),
		"a service port":     sdpWith("127.0.0.1", "m=audio 53 RTP/AVP 8"),
		"a name, no address": sdpWith("media.example.com", "m=audio 40000 RTP/AVP 8"),
		"only video":         sdpWith("127.0.0.1", "m=video 40000 RTP/AVP 8"),
		"no SDP at all":      "hello",
	} {
		t.Run(name, func(t *testing.T) {
			c := dialRaw(t, "udp", at(shop, "udp"))
			c.send(invite(c, "offer-"+hex.EncodeToString([]byte(name)), "", body))
			if m := c.final(soon); m.status() != "488" {
				t.Errorf("answered %q, want 488", m.start)
			}
			until(t, "the seat free again", func() bool { return seats.free() == 1 })
		})
	}
}

func TestDoorCloseHangsUp(t *testing.T) {
	d, err := Open(Config{Listen: []string{"udp://127.0.0.1:0"}, Loopback: true}, keepOpen, Options{})
	if err != nil {
		t.Fatal(err)
	}
	leg, err := dialer(t).Dial(t.Context(), Target{URI: shopURI(d, "udp")})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	drainLeg(t.Context(), leg) // returns because the door said BYE
}

func sdpWith(address, media string) string {
	return "v=0\r\no=- 1 1 IN IP4 " + address + "\r\ns=-\r\nc=IN IP4 " + address + "\r\nt=0 0\r\n" + media + "\r\n"
}

// invite writes an INVITE by hand; toTag makes it one inside a dialog.
func invite(c *client, id, toTag, body string) string {
	return request(c, "INVITE", id, 1, toTag, "Contact: <sip:t@"+c.conn.LocalAddr().String()+">\r\nContent-Type: application/sdp\r\n", body)
}

// request writes a request by hand.
func request(c *client, method, id string, seq int, toTag, headers, body string) string {
	self := c.conn.LocalAddr().String()
	if toTag != "" {
		toTag = ";tag=" + toTag
	}
	branch := "z9hG4bK" + id + strconv.Itoa(seq)
	if method == "ACK" || method == "BYE" { // transactions of their own
		branch += method
	}
	return method + " sip:shop@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP " + self + ";branch=" + branch + ";rport\r\n" +
		"From: <sip:t@127.0.0.1>;tag=me\r\nTo: <sip:shop@127.0.0.1>" + toTag + "\r\nCall-ID: " + id + "\r\n" +
		"CSeq: " + strconv.Itoa(seq) + " " + method + "\r\nMax-Forwards: 70\r\n" + headers +
		"Content-Length: " + strconv.Itoa(len(body)) + "\r\n\r\n" + body
}
