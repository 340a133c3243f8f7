package sip

import (
	"errors"
	"net/netip"
	"strings"
	"testing"

	"waggle/voice"
)

func TestACallOverATrunkShowsTheTrunksNumber(t *testing.T) {
	provider := newCallee(t)
	d := openDoor(t, Config{Listen: []string{"udp://127.0.0.1:0"}, External: "198.51.100.5", Trunks: []Trunk{{
		Name: "city", Address: "sip:" + provider.conn.LocalAddr().String(), CallerID: "075588880000", Prefixes: []string{"1"}}}}, nil, Options{})
	done := make(chan error, 1)
	go func() {
		leg, err := d.Dial(t.Context(), Target{Trunk: "city", Number: "13800000000", From: "somebody-else"})
		if err == nil {
			err = leg.Close(voice.CauseNormal)
		}
		done <- err
	}()
	invited := provider.expect("INVITE")
	if !strings.HasPrefix(invited.start, "INVITE sip:13800000000@"+provider.conn.LocalAddr().String()+" ") {
		t.Errorf("dialled %q", invited.start)
	}
	if from := invited.get("From"); !strings.HasPrefix(from, "<sip:075588880000@") {
		t.Errorf("shown as %q: the caller id is the trunk's, whatever is asked for", from)
	}
	if strings.Contains(string(invited.body), "198.51.100.5") {
		t.Error("a peer on this machine is told the external address")
	}
	provider.answer(invited, 200, "Content-Type: application/sdp\r\n", g711)
	provider.expect("ACK")
	provider.answer(provider.expect("BYE"), 200, "", "")
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestPeersOutsideAreToldTheExternalAddress(t *testing.T) {
	d := &Door{config: Config{External: "198.51.100.5"}}
	local := netip.MustParseAddrPort("10.0.0.2:5060")
	for remote, want := range map[string]string{"203.0.113.1": "198.51.100.5:5060", "127.0.0.1": "10.0.0.2:5060"} {
		got, err := d.public(local, netip.MustParseAddr(remote))
		if err != nil || got.String() != want {
			t.Errorf("towards %s: %v, %v; want %s", remote, got, err, want)
		}
	}
}

func TestAudioPortsStayInTheirRangeAndRest(t *testing.T) {
	p := newPorts(PortRange{42101, 42105}) // 42102 and 42104
	here := netip.MustParseAddr("127.0.0.1")
	seen := map[uint16]bool{}
	for range 2 {
		conn, control, err := p.open(here)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = errors.Join(conn.Close(), control.Close()) }()
		port := addrPort(conn.LocalAddr()).Port()
		seen[port] = true
		if next := addrPort(control.LocalAddr()).Port(); next != port+1 {
			t.Errorf("audio at %d, reports at %d", port, next)
		}
	}
	if !seen[42102] || !seen[42104] {
		t.Errorf("ports %v", seen)
	}
	if _, _, err := p.open(here); !errors.Is(err, ErrNoPort) {
		t.Errorf("all ports taken: %v", err)
	}
}

func TestConfigurationMistakesAreNamed(t *testing.T) {
	for name, c := range map[string]struct {
		config Config
		word   string
	}{
		"a name to listen on":  {Config{Listen: []string{"udp://localhost:5060"}}, "IP address"},
		"no transport":         {Config{Listen: []string{"127.0.0.1:5060"}}, "udp://"},
		"TLS":                  {Config{Listen: []string{"tls://127.0.0.1:5061"}}, "udp://"},
		"external is a name":   {Config{External: "gw.example.com"}, "IP address"},
		"ports upside down":    {Config{Ports: PortRange{5000, 4000}}, "low <= high"},
		"trunk without scheme": {Config{Trunks: []Trunk{{Name: "t", Address: "provider.example.com"}}}, "sip:user@host"},
		"trunk password":       {Config{Trunks: []Trunk{{Name: "t", User: "u"}}}, "empty password"},
		"quotes in a user":     {Config{Accounts: []Account{{`a"b`, "x"}}}, "user name"},
	} {
		_, err := Open(c.config, keepOpen, Options{})
		if err == nil || !strings.Contains(err.Error(), c.word) {
			t.Errorf("%s: %v, want a word about %q", name, err, c.word)
		}
	}
}
