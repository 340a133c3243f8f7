package sip

import (
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
)

// clock is a time that only tests move.
type clock struct{ t time.Time }

func (c *clock) now() time.Time { return c.t }

var stranger = netip.MustParseAddrPort("203.0.113.9:5060")

// testGate is a gate with one account and a clock of its own.
func testGate(t testing.TB, accounts ...Account) (*gate, *clock) {
	t.Helper()
	c := &clock{time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)}
	g := &gate{policy: policy{loopback: true, trunks: []netip.Prefix{netip.MustParsePrefix("198.51.100.0/24")}},
		bans: newBans(c.now), calls: newCalls(), key: []byte("k"), parser: sip.NewParser(),
		log: slog.New(slog.DiscardHandler), serves: true}
	if len(accounts) > 0 {
		var err error
		if g.auth, err = newAuthority("waggle", accounts, c.now); err != nil {
			t.Fatal(err)
		}
	}
	return g, c
}

// ask builds a request of a phone, with an Authorization header if any.
func ask(method, branch, authorization string) string {
	if authorization != "" {
		authorization = "Authorization: " + authorization + "\r\n"
	}
	return method + " sip:waggle SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK" + branch + "\r\nFrom: <sip:alice@waggle>;tag=1\r\n" +
		"To: <sip:alice@waggle>\r\nCall-ID: " + branch + "\r\nCSeq: 1 " + method + "\r\n" + authorization + "Content-Length: 0\r\n\r\n"
}

// solve answers a challenge the way a phone does.
func solve(challenge, user, password, method, count string) string {
	_, nonce, _ := strings.Cut(challenge, `nonce="`)
	nonce, _, _ = strings.Cut(nonce, `"`)
	c := map[string]string{"uri": "sip:waggle", "nonce": nonce, "nc": count, "cnonce": "abc", "qop": "auth"}
	response := digestResponse(md5hex(user+":waggle:"+password), method, c)
	return `Digest username="` + user + `", realm="waggle", nonce="` + c["nonce"] + `", uri="sip:waggle", qop=auth, nc=` + count +
		`, cnonce="abc", response="` + response + `"`
}

// judge sends one request to the gate and returns the status and challenge of
// its answer; "pass" when it passed, "" for silence.
func judge(g *gate, text string, from netip.AddrPort) (status, challenge string) {
	v := g.judgeDatagram([]byte(text), from)
	switch {
	case v.pass != nil:
		return "pass", ""
	case v.reply == nil:
		return "", ""
	}
	m := parsed(string(v.reply))
	return m.status(), m.get("WWW-Authenticate")
}

func TestDigest(t *testing.T) {
	g, c := testGate(t, Account{"alice", "wonderland"})
	status, challenge := judge(g, ask("INVITE", "a", ""), stranger)
	if status != "401" || challenge == "" {
		t.Fatalf("without a password: %q %q", status, challenge)
	}
	right := solve(challenge, "alice", "wonderland", "INVITE", "00000001")
	for _, step := range []struct{ name, text, want string }{
		{"the right password", ask("INVITE", "b", right), "pass"},
		{"its retransmission", ask("INVITE", "b", right), "pass"},
		{"a replay in another request", ask("INVITE", "c", right), "401"},
		{"the same nonce, counted on", ask("INVITE", "d", solve(challenge, "alice", "wonderland", "INVITE", "00000002")), "pass"},
		{"the answer to another method", ask("REGISTER", "e", solve(challenge, "alice", "wonderland", "INVITE", "00000003")), "401"},
		{"a nonce nobody made", ask("INVITE", "f", solve(`Digest nonce="00"`, "alice", "wonderland", "INVITE", "00000001")), "401"},
		{"Basic", ask("INVITE", "g", "Basic YWxpY2U6d29uZGVybGFuZA=="), "401"},
	} {
		if got, _ := judge(g, step.text, stranger); got != step.want {
			t.Errorf("%s: %q, want %q", step.name, got, step.want)
		}
	}
	if got, _ := judge(g, ask("INVITE", "h", solve(challenge, "alice", "wonderland", "INVITE", "00000004")), netip.MustParseAddrPort("203.0.113.10:5060")); got != "401" {
		t.Errorf("a nonce carried to another address: %q", got)
	}
	c.t = c.t.Add(nonceLife + time.Second)
	got, again := judge(g, ask("INVITE", "i", solve(challenge, "alice", "wonderland", "INVITE", "00000005")), stranger)
	if got != "401" || !strings.Contains(again, "stale=true") {
		t.Errorf("an expired nonce: %q %q", got, again)
	}
}

func TestUnknownUserAndWrongPasswordLookTheSame(t *testing.T) {
	g, _ := testGate(t, Account{"alice", "wonderland"})
	answers := map[string]bool{}
	for _, user := range []string{"alice", "nobody"} {
		_, challenge := judge(g, ask("REGISTER", user, ""), stranger)
		v := g.judgeDatagram([]byte(ask("REGISTER", "same", solve(challenge, user, "guess", "REGISTER", "00000001"))), stranger)
		text := string(v.reply)
		nonce := text[strings.Index(text, "nonce="):][:56]
		answers[strings.Replace(text, nonce, "", 1)] = true
	}
	if len(answers) != 1 {
		t.Errorf("the answers differ: %v", answers)
	}
}

func TestTwentyWrongPasswordsBanASource(t *testing.T) {
	g, c := testGate(t, Account{"alice", "wonderland"})
	for i := range banTries {
		_, challenge := judge(g, ask("REGISTER", "a", ""), stranger)
		if challenge == "" {
			t.Fatalf("banned after %d tries", i)
		}
		judge(g, ask("REGISTER", "b", solve(challenge, "alice", "guess", "REGISTER", "00000001")), stranger)
	}
	if got, _ := judge(g, ask("REGISTER", "c", ""), stranger); got != "" {
		t.Errorf("after %d wrong passwords: answered %q, want silence", banTries, got)
	}
	other := netip.MustParseAddrPort("203.0.113.10:5060")
	if got, _ := judge(g, ask("REGISTER", "d", ""), other); got != "401" {
		t.Errorf("somebody else: %q, want 401", got)
	}
	c.t = c.t.Add(banFor + time.Second)
	if got, _ := judge(g, ask("REGISTER", "e", ""), stranger); got != "401" {
		t.Errorf("after the ban: %q, want 401", got)
	}
}

func TestBansStayBounded(t *testing.T) {
	c := &clock{time.Now()}
	b := newBans(c.now)
	for i := range 3 * banTable {
		b.wrong(netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}))
		c.t = c.t.Add(time.Millisecond)
	}
	if len(b.sources) > banTable {
		t.Errorf("%d sources remembered", len(b.sources))
	}
}

func TestAnEmptyPasswordRefusesToStart(t *testing.T) {
	_, err := Open(Config{Listen: []string{"udp://127.0.0.1:0"}, Accounts: []Account{{"alice", ""}}}, keepOpen, Options{})
	if !errors.Is(err, ErrEmptyPassword) {
		t.Errorf("got %v, want ErrEmptyPassword", err)
	}
}

// S08, S09: what a stranger gets, with and without accounts.
func TestStrangersHearNothingButChallenges(t *testing.T) {
	bare, _ := testGate(t)
	locked, _ := testGate(t, Account{"alice", "wonderland"})
	trunk := netip.MustParseAddrPort("198.51.100.7:5060")
	broken := "INVITE  sip:x SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKx\r\n\r\n"
	for _, c := range []struct {
		name, text            string
		from                  netip.AddrPort
		bareWant, lockedWants string
	}{
		{"OPTIONS of a scanner", ask("OPTIONS", "a", ""), stranger, "", ""},
		{"INVITE of a stranger", ask("INVITE", "b", ""), stranger, "", "401"},
		{"REGISTER of a stranger", ask("REGISTER", "c", ""), stranger, "", "401"},
		{"REFER of a stranger", ask("REFER", "d", ""), stranger, "", ""},
		{"BYE of a stranger", ask("BYE", "e", ""), stranger, "", ""},
		{"ACK of a stranger", ask("ACK", "f", ""), stranger, "", ""},
		{"noise of a stranger", broken, stranger, "", ""},
		{"INVITE of a trunk", ask("INVITE", "g", ""), trunk, "pass", "pass"},
		{"OPTIONS of a trunk", ask("OPTIONS", "h", ""), trunk, "pass", "pass"},
		{"REFER of a trunk", ask("REFER", "i", ""), trunk, "405", "405"},
		{"REGISTER of a trunk", ask("REGISTER", "j", ""), trunk, "405", "401"},
		{"BYE of a trunk for no call", ask("BYE", "k", ""), trunk, "481", "481"},
		{"CANCEL of a trunk for no call", ask("CANCEL", "l", ""), trunk, "481", "481"},
		{"noise of a trunk", broken, trunk, "400", "400"},
		{"INVITE of this machine", ask("INVITE", "m", ""), loopback, "pass", "pass"},
	} {
		if got, _ := judge(bare, c.text, c.from); got != c.bareWant {
			t.Errorf("%s, no accounts: %q, want %q", c.name, got, c.bareWant)
		}
		if got, _ := judge(locked, c.text, c.from); got != c.lockedWants {
			t.Errorf("%s, with accounts: %q, want %q", c.name, got, c.lockedWants)
		}
	}
}

func TestAnswersGoBackToTheSourceAndNowhereElse(t *testing.T) {
	g, _ := testGate(t)
	v := g.judgeDatagram([]byte(strings.Replace(ask("OPTIONS", "x", ""), "10.0.0.1;", "192.0.2.99:9;rport=53;received=192.0.2.98;", 1)), loopback)
	m := parsed(string(v.pass))
	got, err := parseVia(m.get("Via"))
	if err != nil {
		t.Fatal(err)
	}
	if _, named := find(got.params, "received"); named {
		t.Error("the sender chose a received address")
	}
	if port, ok := find(got.params, "rport"); !ok || port != "" {
		t.Errorf("rport is %q, %v; want it empty, for the stack to fill in", port, ok)
	}
}

func FuzzJudge(f *testing.F) {
	for _, row := range torture(f, "manifest.tsv") {
		f.Add([]byte(tortureMessage(f, row)))
	}
	for _, seed := range fuzzSeeds(f) {
		f.Add([]byte(seed))
	}
	g, _ := testGate(f, Account{"alice", "wonderland"})
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, from := range []netip.AddrPort{loopback, stranger} {
			v := g.judgeDatagram(data, from)
			if v.pass != nil {
				if _, err := g.parser.ParseSIP(v.pass); err != nil {
					t.Fatalf("passed what the stack does not parse: %v", err)
				}
				if second := g.judgeDatagram(v.pass, from); second.pass == nil {
					t.Fatalf("a passed message does not pass again: %s", second.reply)
				}
			}
			if v.reply != nil && len(v.reply) > len(data)+1024 {
				t.Fatalf("an answer of %d bytes to %d: an amplifier", len(v.reply), len(data))
			}
		}
	})
}

func BenchmarkJudge(b *testing.B) {
	g, _ := testGate(b)
	text := []byte(invite(&client{conn: addressed{}}, "bench", "", g711))
	b.ReportAllocs()
	for b.Loop() {
		if v := g.judgeDatagram(text, loopback); v.pass == nil {
			b.Fatalf("%s", v.reply)
		}
	}
}

// addressed is a connection that only has an address.
type addressed struct{ net.Conn }

func (addressed) LocalAddr() net.Addr { return net.UDPAddrFromAddrPort(loopback) }
