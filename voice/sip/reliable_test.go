package sip

import (
	"context"
	"strings"
	"testing"

	"waggle/voice"
)

// ring answers an INVITE provisionally and reliably, as a branch of its own.
func (c *callee) ring(invited message, tag, rseq, body string) {
	c.t.Helper()
	branch := invited
	branch.headers = append([]header(nil), invited.headers...)
	setHeader(&branch, "To", invited.get("To")+";tag="+tag)
	headers := "Require: 100rel\r\nRSeq: " + rseq + "\r\nRecord-Route: <sip:127.0.0.1:9;lr>\r\n"
	if body != "" {
		headers += "Content-Type: application/sdp\r\n"
	}
	c.answer(branch, 183, headers, body)
}

// answerAs answers an INVITE finally, as one of the branches.
func (c *callee) answerAs(invited message, tag string, headers, body string) {
	c.t.Helper()
	setHeader(&invited, "To", invited.get("To")+";tag="+tag)
	c.answer(invited, 200, headers, body)
}

// dialling calls a phone in the background.
func dialling(t *testing.T, d *Door, target Target) <-chan voice.Leg {
	t.Helper()
	got := make(chan voice.Leg, 1)
	go func() {
		leg, err := d.Dial(context.Background(), target)
		if err != nil {
			t.Error(err)
		}
		got <- leg
	}()
	return got
}

// RFC 3262, as the calling side.
func TestReliableRingingIsReceiptedOnceAndInOrder(t *testing.T) {
	caller, phone := dialer(t), newCallee(t)
	got := dialling(t, caller, Target{URI: phone.uri()})
	invited := phone.expect("INVITE")
	if !lists(invited.get("Supported"), "100rel") {
		t.Errorf("Supported: %q", invited.get("Supported"))
	}
	phone.ring(invited, "a", "41", g711)
	first := phone.expect("PRACK")
	if first.get("RAck") != "41 1 INVITE" || first.get("CSeq") != "2 PRACK" || !strings.HasSuffix(first.get("To"), ";tag=a") ||
		first.get("Route") != "<sip:127.0.0.1:9;lr>" || !strings.HasPrefix(first.start, "PRACK "+phone.uri()) {
		t.Errorf("PRACK %q, RAck %q, CSeq %q, To %q, Route %q", first.start, first.get("RAck"), first.get("CSeq"), first.get("To"), first.get("Route"))
	}
	phone.answer(first, 200, "", "")
	phone.ring(invited, "a", "41", "") // repeated
	phone.ring(invited, "a", "50", "") // out of order
	phone.ring(invited, "a", "0", "")  // no number at all
	phone.answer(invited, 180, "RSeq: 42\r\n", "")
	phone.ring(invited, "a", "42", "")
	second := phone.expect("PRACK")
	if second.get("RAck") != "42 1 INVITE" || second.get("CSeq") != "3 PRACK" {
		t.Errorf("second PRACK: RAck %q, CSeq %q", second.get("RAck"), second.get("CSeq"))
	}
	phone.answer(second, 200, "", "")
	phone.answerAs(invited, "a", "", "") // the description came with the ringing
	if ack := phone.expect("ACK"); ack.get("CSeq") != "1 ACK" {
		t.Errorf("ACK with CSeq %q", ack.get("CSeq"))
	}
	leg := <-got
	if leg == nil {
		t.Fatal("no call: the early description was lost")
	}
	if err := leg.Close(voice.CauseNormal); err != nil {
		t.Error(err)
	}
	bye := phone.expect("BYE")
	if bye.get("CSeq") != "4 BYE" {
		t.Errorf("BYE with CSeq %q", bye.get("CSeq"))
	}
	phone.answer(bye, 200, "", "")
}

func TestEveryBranchOfAForkedCallIsReceipted(t *testing.T) {
	caller, phone := dialer(t), newCallee(t)
	got := dialling(t, caller, Target{URI: phone.uri()})
	invited := phone.expect("INVITE")
	for _, tag := range []string{"home", "office"} {
		phone.ring(invited, tag, "7", sdpWith("127.0.0.1", "m=audio 40000 RTP/AVP 8"))
		prack := phone.expect("PRACK")
		if !strings.HasSuffix(prack.get("To"), ";tag="+tag) || prack.get("RAck") != "7 1 INVITE" {
			t.Errorf("%s: To %q, RAck %q", tag, prack.get("To"), prack.get("RAck"))
		}
		phone.answer(prack, 200, "", "")
	}
	phone.answerAs(invited, "office", "", "")
	phone.expect("ACK")
	if leg := <-got; leg != nil {
		if err := leg.Close(voice.CauseNormal); err != nil {
			t.Error(err)
		}
		phone.answer(phone.expect("BYE"), 200, "", "")
	}
}

// A flood of branches is not remembered for ever.
func TestBranchesOfACallAreBounded(t *testing.T) {
	caller, phone := dialer(t), newCallee(t)
	ctx, cancel := context.WithCancel(t.Context())
	got := make(chan error, 1)
	go func() {
		_, err := caller.Dial(ctx, Target{URI: phone.uri()})
		got <- err
	}()
	invited := phone.expect("INVITE")
	for i := range mostForks {
		phone.ring(invited, string(rune('a'+i)), "1", "")
		phone.answer(phone.expect("PRACK"), 200, "", "")
	}
	phone.ring(invited, "one-too-many", "1", "")
	phone.ring(invited, "a", "2", "")
	if m := phone.expect("PRACK"); !strings.HasSuffix(m.get("To"), ";tag=a") {
		t.Errorf("PRACK to %q", m.get("To"))
	} else {
		phone.answer(m, 200, "", "")
	}
	cancel()
	<-got
	phone.answer(phone.expect("CANCEL"), 200, "", "")
	phone.answer(invited, 487, "", "")
}

// requiring is an INVITE by hand whose caller demands receipts.
func requiring(c *client, id, options, body string) string {
	headers := "Contact: <sip:t@" + c.conn.LocalAddr().String() + ">\r\nRequire: " + options + "\r\n"
	if body != "" {
		headers += "Content-Type: application/sdp\r\n"
	}
	return request(c, "INVITE", id, 1, "", headers, body)
}

// RFC 3262, as the called side.
func TestACallerWhoRequiresReceiptsGetsReliableRinging(t *testing.T) {
	d := openDoor(t, Config{Loopback: true}, keepOpen, Options{})
	c := dialRaw(t, "udp", at(d, "udp"))
	c.send(requiring(c, "rel", "100rel", g711))
	ringing := parsed(c.receive(soon))
	to, _ := parseAddress(ringing.get("To"))
	number := ringing.get("RSeq")
	if ringing.status() != "180" || ringing.get("Require") != "100rel" || number == "" || number == "0" {
		t.Fatalf("%q, Require %q, RSeq %q", ringing.start, ringing.get("Require"), number)
	}
	if ok := c.final(soon); ok.status() != "200" || !lists(ok.get("Supported"), "100rel") || !lists(ok.get("Allow"), "PRACK") {
		t.Fatalf("%q, Supported %q, Allow %q", ok.start, ok.get("Supported"), ok.get("Allow"))
	}
	c.send(request(c, "ACK", "rel", 1, to.tag(), "", ""))
	for i, p := range []struct{ rack, want string }{
		{"RAck: " + number + "1 1 INVITE\r\n", "481"}, {"RAck: " + number + " 2 INVITE\r\n", "481"},
		{"RAck: " + number + " 1 INFO\r\n", "481"}, {"", "481"},
		{"RAck: " + number + "  1   INVITE\r\n", "200"}, {"RAck: " + number + " 1 INVITE\r\n", "481"},
	} {
		c.send(request(c, "PRACK", "rel", 2+i, to.tag(), p.rack, ""))
		if m := c.final(soon); m.status() != p.want || m.get("CSeq") == "" {
			t.Errorf("PRACK with %q: %q, want %s", p.rack, m.start, p.want)
		}
	}
	c.send(request(c, "PRACK", "rel", 20, "guessed", "RAck: 1 1 INVITE\r\n", ""))
	if m := c.final(soon); m.status() != "481" {
		t.Errorf("PRACK of a stranger: %q", m.start)
	}
	c.send(request(c, "BYE", "rel", 30, to.tag(), "", ""))
	if m := c.final(soon); m.status() != "200" {
		t.Errorf("BYE: %q", m.start)
	}
	until(t, "the call gone", func() bool { return d.Calls() == 0 })
}

func TestWhatIsNotUnderstoodIsRefusedByName(t *testing.T) {
	d := openDoor(t, Config{Loopback: true}, keepOpen, Options{})
	c := dialRaw(t, "udp", at(d, "udp"))
	c.send(requiring(c, "gold", "100rel, gold", g711))
	if m := c.final(soon); m.status() != "420" || m.get("Unsupported") != "gold" {
		t.Errorf("gold: %q, Unsupported %q", m.start, m.get("Unsupported"))
	}
	c.send(request(c, "OPTIONS", "opt", 1, "", "Require: 100rel\r\n", ""))
	if m := c.final(soon); m.status() != "420" || m.get("Unsupported") != "100rel" {
		t.Errorf("receipts for anything but an INVITE: %q, Unsupported %q", m.start, m.get("Unsupported"))
	}
	c.send(requiring(c, "bare", "100rel", ""))
	first := parsed(c.receive(soon))
	if first.status() != "200" || first.get("RSeq") != "" {
		t.Errorf("without an offer the first answer is %q: ringing would have to carry one", first.start)
	}
	to, _ := parseAddress(first.get("To"))
	c.send(request(c, "ACK", "bare", 1, to.tag(), "Content-Type: application/sdp\r\n", g711))
	leave(t, d, c, "bare", 2, to.tag())
}
