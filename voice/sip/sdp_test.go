package sip

import (
	"errors"
	"net/netip"
	"strings"
	"testing"
)

func TestOffersAreReadAsTheyWereMeant(t *testing.T) {
	for name, c := range map[string]struct {
		body string
		want stream
	}{
		"the peer's first codec wins": {sdpWith("192.0.2.1", "m=audio 4000 RTP/AVP 18 0 8"),
			stream{remote: netip.MustParseAddrPort("192.0.2.1:4000"), payload: 0, dtmf: noDTMF, theyHear: true, theyTalk: true}},
		"keys": {sdpWith("192.0.2.1", "m=audio 4000 RTP/AVP 8 96\r\na=rtpmap:96 telephone-event/8000"),
			stream{remote: netip.MustParseAddrPort("192.0.2.1:4000"), payload: 8, dtmf: 96, theyHear: true, theyTalk: true}},
		"hold": {sdpWith("192.0.2.1", "m=audio 4000 RTP/AVP 8\r\na=sendonly"),
			stream{remote: netip.MustParseAddrPort("192.0.2.1:4000"), payload: 8, dtmf: noDTMF, theyTalk: true}},
		"hold of RFC 2543": {sdpWith("0.0.0.0", "m=audio 4000 RTP/AVP 8"),
			stream{remote: netip.MustParseAddrPort("0.0.0.0:4000"), payload: 8, dtmf: noDTMF, theyTalk: true}},
		"reports and silence": {sdpWith("192.0.2.1", "m=audio 4000 RTP/AVP 8 13\r\na=rtcp:4010 IN IP4 192.0.2.66\r\na=rtcp-mux"),
			stream{remote: netip.MustParseAddrPort("192.0.2.1:4000"), payload: 8, dtmf: noDTMF, comfort: true, mux: true, control: 4010, theyHear: true, theyTalk: true}},
		"the address of the stream": {sdpWith("192.0.2.1", "m=audio 4000 RTP/AVP 8\r\nc=IN IP4 192.0.2.2"),
			stream{remote: netip.MustParseAddrPort("192.0.2.2:4000"), payload: 8, dtmf: noDTMF, theyHear: true, theyTalk: true}},
		"behind a video": {sdpWith("192.0.2.1", "m=video 4002 RTP/AVP 31\r\nm=audio 4000 RTP/AVP 8"),
			stream{remote: netip.MustParseAddrPort("192.0.2.1:4000"), payload: 8, dtmf: noDTMF, theyHear: true, theyTalk: true}},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := parseDescription([]byte(c.body), false)
			if err != nil || d.audio != c.want {
				t.Errorf("got %+v, %v", d.audio, err)
			}
		})
	}
}

func TestMediaNeverGoesWhereAStrangerMustNotSendIt(t *testing.T) {
	for address, want := range map[string][2]bool{ // allowed from outside, from this machine
		"192.0.2.1": {true, true}, "10.0.0.5": {true, true}, "127.0.0.1": {false, true}, "127.9.9.9": {false, true},
		"169.254.169.254": {false, false}, "224.0.0.1": {false, false}, "255.255.255.255": {false, false},
		"239.1.2.3": {false, false},
	} {
		for i, local := range []bool{false, true} {
			_, err := parseDescription([]byte(sdpWith(address, "m=audio 4000 RTP/AVP 8")), local)
			if got := err == nil; got != want[i] || err != nil && !errors.Is(err, ErrNoMedia) {
				t.Errorf("%s, local %v: %v", address, local, err)
			}
		}
	}
	six := strings.ReplaceAll(sdpWith("ff02::1", "m=audio 4000 RTP/AVP 8"), "IP4", "IP6")
	if _, err := parseDescription([]byte(six), true); !errors.Is(err, ErrNoMedia) {
		t.Errorf("IPv6 multicast: %v", err)
	}
	mapped := strings.ReplaceAll(sdpWith("::ffff:127.0.0.1", "m=audio 4000 RTP/AVP 8"), "IP4", "IP6")
	if _, err := parseDescription([]byte(mapped), false); !errors.Is(err, ErrNoMedia) {
		t.Errorf("loopback in disguise: %v", err)
	}
}

func TestAnAnswerMirrorsItsOffer(t *testing.T) {
	body := sdpWith("192.0.2.1", "m=video 4002 RTP/AVP 31\r\nm=audio 4000 RTP/AVP 0 8 101\r\na=rtpmap:101 telephone-event/8000\r\na=sendonly")
	d, err := parseDescription([]byte(body), false)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := origin{netip.MustParseAddrPort("192.0.2.9:5004"), 5005, 7, 1}.answer(d)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"m=video 0 RTP/AVP 31", "m=audio 5004 RTP/AVP 0 101", "a=recvonly", "a=rtpmap:101 telephone-event/8000", "c=IN IP4 192.0.2.9"} {
		if !strings.Contains(string(answer), line+"\r\n") {
			t.Errorf("no %q in\n%s", line, answer)
		}
	}
	back, err := parseDescription(answer, false)
	if err != nil || back.audio.payload != 0 || back.audio.dtmf != 101 || back.index != 1 {
		t.Errorf("our answer reads as %+v, %v", back.audio, err)
	}
}

func TestReportsGoWhereTheAudioGoes(t *testing.T) {
	for attribute, want := range map[string]string{
		"a=sendrecv": "192.0.2.1:4001", "a=rtcp:4010": "192.0.2.1:4010", "a=rtcp:4010 IN IP4 198.51.100.1": "192.0.2.1:4010",
		"a=rtcp:53": "192.0.2.1:4001", "a=rtcp:x": "192.0.2.1:4001",
	} {
		d, err := parseDescription([]byte(sdpWith("192.0.2.1", "m=audio 4000 RTP/AVP 8\r\n"+attribute)), false)
		if got := d.audio.reports().String(); err != nil || got != want {
			t.Errorf("%s: reports to %s, %v; want %s", attribute, got, err, want)
		}
	}
}

func TestReportsAndSilenceAreAgreedOn(t *testing.T) {
	at := netip.MustParseAddrPort("192.0.2.9:5004")
	for name, c := range map[string]struct {
		offer        string
		control      uint16
		comfort, mux bool
		port         uint16
	}{
		"all":                {"m=audio 4000 RTP/AVP 8 13\r\na=rtcp-mux", 5005, true, true, 0},
		"none":               {"m=audio 4000 RTP/AVP 8", 5005, false, false, 0},
		"another port":       {"m=audio 4000 RTP/AVP 8", 7001, false, false, 7001},
		"no port of our own": {"m=audio 4000 RTP/AVP 8", 0, false, false, 0},
	} {
		d, err := parseDescription([]byte(sdpWith("192.0.2.1", c.offer)), false)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := origin{at, c.control, 7, 1}.answer(d)
		if err != nil {
			t.Fatal(err)
		}
		back, err := parseDescription(answer, false)
		if a := back.audio; err != nil || a.comfort != c.comfort || a.mux != c.mux || a.control != c.port {
			t.Errorf("%s: answered %+v, %v\n%s", name, a, err, answer)
		}
	}
	offer, err := origin{at, 5005, 7, 1}.offer()
	if err != nil {
		t.Fatal(err)
	}
	if d, err := parseDescription(offer, false); err != nil || !d.audio.comfort || !d.audio.mux {
		t.Errorf("our offer: %+v, %v", d.audio, err)
	}
}

func FuzzDescription(f *testing.F) {
	for _, row := range torture(f, "manifest.tsv") {
		_, body, _ := strings.Cut(tortureMessage(f, row), "\r\n\r\n")
		f.Add([]byte(body))
	}
	f.Add([]byte(sdpWith("192.0.2.1", "m=audio 4000 RTP/AVP 0 8 101\r\na=rtpmap:101 telephone-event/8000\r\na=inactive")))
	f.Fuzz(func(t *testing.T, body []byte) {
		d, err := parseDescription(body, false)
		if err != nil {
			return
		}
		if a := d.audio.remote.Addr(); a.IsLoopback() || a.IsMulticast() || a.IsLinkLocalUnicast() {
			t.Fatalf("media to %v", a)
		}
		answer, err := origin{netip.MustParseAddrPort("192.0.2.9:5004"), 5005, 7, 1}.answer(d)
		if err != nil {
			t.Fatal(err)
		}
		if back, err := parseDescription(answer, false); err != nil || back.index != d.index || back.audio.payload != d.audio.payload {
			t.Fatalf("our answer cannot be read: %v\n%s", err, answer)
		}
	})
}
