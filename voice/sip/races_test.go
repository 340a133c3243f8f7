package sip

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"waggle/audio"
)

// empty reports that the door knows no Call-ID any more.
func (t *calls) empty() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.byID) == 0
}

var g711 = sdpWith("127.0.0.1", "m=audio 40000 RTP/AVP 8")

// S10: CANCEL overtakes the answer, or the answer overtakes CANCEL; either
// way the caller gets one final answer and the call is gone.
func TestCancelAndAnswerMayCross(t *testing.T) {
	d := openDoor(t, Config{Loopback: true}, keepOpen, Options{Admission: &counted{seats: 100}})
	for i := range 40 {
		c := dialRaw(t, "udp", at(d, "udp"))
		id := fmt.Sprintf("cross%d", i)
		text := invite(c, id, "", g711)
		c.send(text)
		if i%2 == 0 { // let some INVITEs get further than others
			c.receive(soon)
		}
		c.send(strings.NewReplacer("INVITE", "CANCEL", "Content-Length: "+fmt.Sprint(len(g711)), "Content-Length: 0", g711, "").Replace(text))
		endCrossed(t, c, id)
	}
	until(t, "every dialog gone", func() bool { return d.Calls() == 0 })
}

// endCrossed waits for the final answer of the INVITE and completes it.
func endCrossed(t *testing.T, c *client, id string) {
	t.Helper()
	for {
		m := c.final(soon)
		if !strings.HasSuffix(m.get("CSeq"), "INVITE") {
			if m.start == "" {
				t.Fatalf("%s: no final answer", id)
			}
			continue
		}
		to, _ := parseAddress(m.get("To"))
		switch m.status() {
		case "200":
			c.send(request(c, "ACK", id, 1, to.tag(), "", ""))
			c.send(request(c, "BYE", id, 2, to.tag(), "", ""))
		case "487":
			ack := request(c, "ACK", id, 1, to.tag(), "", "")
			c.send(strings.Replace(ack, "1ACK;", "1;", 1)) // the branch of the INVITE
		default:
			t.Errorf("%s: final answer %q", id, m.start)
		}
		return
	}
}

// established places a call by hand and returns the door's tag.
func established(t *testing.T, d *Door, id, body string) (c *client, tag string, ok message) {
	t.Helper()
	c = dialRaw(t, "udp", at(d, "udp"))
	c.send(invite(c, id, "", body))
	ok = c.final(soon)
	if ok.status() != "200" {
		t.Fatalf("INVITE answered %q", ok.start)
	}
	to, err := parseAddress(ok.get("To"))
	if err != nil {
		t.Fatal(err)
	}
	c.send(request(c, "ACK", id, 1, to.tag(), "", ""))
	return c, to.tag(), ok
}

// S11: whoever guesses a Call-ID but not the tags ends nothing.
func TestASpoofedByeGets481(t *testing.T) {
	d := openDoor(t, Config{Loopback: true}, keepOpen, Options{})
	c, tag, _ := established(t, d, "victim", g711)
	other := dialRaw(t, "udp", at(d, "udp"))
	for name, text := range map[string]string{
		"wrong local tag":  request(other, "BYE", "victim", 5, "guessed", "", ""),
		"wrong remote tag": strings.Replace(request(other, "BYE", "victim", 6, tag, "", ""), "tag=me", "tag=you", 1),
		"no tag":           request(other, "BYE", "victim", 7, "", "", ""),
	} {
		other.send(text)
		if m := other.final(soon); m.status() != "481" {
			t.Errorf("%s: %q, want 481", name, m.start)
		}
	}
	if d.Calls() != 1 {
		t.Fatalf("%d calls, want the one that nobody may end", d.Calls())
	}
	c.send(request(c, "BYE", "victim", 2, tag, "", ""))
	if m := c.final(soon); m.status() != "200" {
		t.Errorf("the right BYE: %q", m.start)
	}
	until(t, "the call gone", func() bool { return d.Calls() == 0 })
}

func TestHoldAndResume(t *testing.T) {
	writing := make(chan struct{}, 1)
	d := openDoor(t, Config{Loopback: true}, func(ctx context.Context, in Incoming) {
		for {
			f, err := in.Leg.Read(ctx)
			if err != nil {
				return
			}
			f.PCM = tone(len(f.PCM))
			_ = in.Leg.Write(f)
			select {
			case writing <- struct{}{}:
			default:
			}
		}
	}, Options{})
	ears := listenUDP(t)
	body := sdpWith("127.0.0.1", fmt.Sprintf("m=audio %d RTP/AVP 8", ears.LocalAddr().(*net.UDPAddr).Port))
	c, tag, first := established(t, d, "hold", body)
	if !hears(t, ears, soon) {
		t.Fatal("no audio before the hold")
	}
	seq := 1
	held := renegotiate(t, c, "hold", &seq, tag, body+"a=sendonly\r\n")
	if held.status() != "200" || !strings.Contains(string(held.body), "a=recvonly") {
		t.Fatalf("hold answered %q\n%s", held.start, held.body)
	}
	c.send(request(c, "ACK", "hold", seq, tag, "", ""))
	if v1, v2 := sdpVersion(first), sdpVersion(held); v1 == v2 {
		t.Errorf("the SDP changed but not its version: %s", v2)
	}
	drain(ears)
	<-writing
	<-writing
	if hears(t, ears, 60*time.Millisecond) {
		t.Error("audio while on hold")
	}
	if m := renegotiate(t, c, "hold", &seq, tag, body); m.status() != "200" || !strings.Contains(string(m.body), "a=sendrecv") {
		t.Fatalf("resume answered %q\n%s", m.start, m.body)
	}
	c.send(request(c, "ACK", "hold", seq, tag, "", ""))
	if !hears(t, ears, soon) {
		t.Error("no audio after the hold")
	}
	m := renegotiate(t, c, "hold", &seq, tag, sdpWith("127.0.0.1", "m=audio 40000 RTP/AVP 0"))
	if m.status() != "488" {
		t.Errorf("another codec in the middle of a call: %q, want 488", m.start)
	}
	c.send(request(c, "BYE", "hold", seq+1, tag, "", ""))
	until(t, "the call gone", func() bool { return d.Calls() == 0 })
}

// renegotiate offers body in a re-INVITE with the next CSeq and returns its
// final answer. 491 is not final: the ACK of the last offer may still be on its
// way through the door, and a peer then asks again (RFC 3261 14.1).
func renegotiate(t *testing.T, c *client, id string, seq *int, tag, body string) message {
	t.Helper()
	for {
		*seq++
		c.send(reinvite(c, id, *seq, tag, body))
		m := c.final(soon)
		for strings.Fields(m.get("CSeq") + " -")[0] != strconv.Itoa(*seq) && m.start != "" {
			m = c.final(soon) // one repeated, of the offer before
		}
		if m.status() != "491" {
			return m
		}
		ack := request(c, "ACK", id, *seq, tag, "", "")
		c.send(strings.Replace(ack, "ACK;rport", ";rport", 1)) // the ACK of a refusal is of its transaction
		time.Sleep(10 * time.Millisecond)
	}
}

func reinvite(c *client, id string, seq int, tag, body string) string {
	return request(c, "INVITE", id, seq, tag, "Contact: <sip:t@"+c.conn.LocalAddr().String()+">\r\nContent-Type: application/sdp\r\n", body)
}

func sdpVersion(m message) string {
	_, line, _ := strings.Cut(string(m.body), "o=")
	line, _, _ = strings.Cut(line, "\r\n")
	return line
}

func TestAnInviteWithoutSDPIsOffered(t *testing.T) {
	d := openDoor(t, Config{Loopback: true}, keepOpen, Options{})
	c := dialRaw(t, "udp", at(d, "udp"))
	c.send(request(c, "INVITE", "late", 1, "", "Contact: <sip:t@"+c.conn.LocalAddr().String()+">\r\n", ""))
	ok := c.final(soon)
	offer, err := parseDescription(ok.body, true)
	if ok.status() != "200" || err != nil || offer.audio.dtmf != eventFormat {
		t.Fatalf("answered %q with %+v, %v", ok.start, offer.audio, err)
	}
	to, _ := parseAddress(ok.get("To"))
	c.send(request(c, "ACK", "late", 1, to.tag(), "Content-Type: application/sdp\r\n", g711))
	c.send(request(c, "BYE", "late", 2, to.tag(), "", ""))
	if m := c.final(soon); m.status() != "200" {
		t.Errorf("BYE answered %q", m.start)
	}
	until(t, "the call gone", func() bool { return d.Calls() == 0 })
}

func listenUDP(t testing.TB) *net.UDPConn {
	t.Helper()
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// hears waits for an RTP packet that is not silence.
func hears(t testing.TB, conn *net.UDPConn, wait time.Duration) bool {
	t.Helper()
	if err := conn.SetReadDeadline(time.Now().Add(wait)); err != nil {
		t.Fatal(err)
	}
	var buf [2048]byte
	for {
		n, err := conn.Read(buf[:])
		if err != nil {
			return false
		}
		if n > 12 && audio.Level(audio.ALaw.Decode(nil, buf[12:n])) > -30 {
			return true
		}
	}
}
