package rtp

import (
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/pion/rtcp"

	"waggle/audio"
)

// post is a control port in virtual time.
type post struct {
	in     []datagram
	out    []datagram
	now    func() time.Time
	closed bool
}

func (p *post) TryRead(b []byte) (int, netip.AddrPort, bool) {
	if len(p.in) == 0 || p.in[0].at.After(p.now()) {
		return 0, netip.AddrPort{}, false
	}
	d := p.in[0]
	p.in = p.in[1:]
	return copy(b, d.data), d.peer, true
}

func (p *post) WriteToUDPAddrPort(b []byte, to netip.AddrPort) (int, error) {
	p.out = append(p.out, datagram{p.now(), to, append([]byte(nil), b...)})
	return len(b), nil
}

func (p *post) Close() error { p.closed = true; return nil }

// reporting is a Conn with a control port.
func reporting() (*Conn, *wire, *post) {
	w := &wire{now: start}
	now := func() time.Time { return w.now }
	p := &post{now: now}
	to := netip.AddrPortFrom(peer.Addr(), peer.Port()+1)
	return NewConn(Config{Socket: w, Remote: peer, Law: audio.ALaw, Control: p, ControlPeer: to, Now: now}), w, p
}

// hold runs both directions for a time.
func hold(t *testing.T, c *Conn, d time.Duration) {
	t.Helper()
	for range d / FrameTime {
		if _, err := c.ReadFrame(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := c.WriteFrame(audio.Frame{PCM: make([]int16, FrameSamples), Rate: Rate}); err != nil {
			t.Fatal(err)
		}
	}
}

func parts(t *testing.T, d datagram) (sr *rtcp.SenderReport, rr *rtcp.ReceiverReport, bye bool) {
	t.Helper()
	packets, err := rtcp.Unmarshal(d.data)
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range packets {
		switch p := p.(type) {
		case *rtcp.SenderReport:
			sr = p
		case *rtcp.ReceiverReport:
			rr = p
		case *rtcp.SourceDescription:
			if i != 1 || len(p.Chunks) != 1 || len(p.Chunks[0].Items) != 1 || p.Chunks[0].Items[0].Type != rtcp.SDESCNAME {
				t.Errorf("who we are: %+v", p)
			}
		case *rtcp.Goodbye:
			bye = true
		}
	}
	return sr, rr, bye
}

func TestReportsTellWhatWasSentAndReceived(t *testing.T) {
	c, w, p := reporting()
	w.talk(peer, 7, start, 1000, 440)
	w.queue = append(w.queue[:100], w.queue[110:]...) // ten packets are lost
	hold(t, c, 18*time.Second)
	if len(p.out) < 2 || len(p.out) > 8 {
		t.Fatalf("%d reports in 18 s", len(p.out))
	}
	last := p.out[len(p.out)-1]
	sr, _, _ := parts(t, last)
	if sr == nil || len(sr.Reports) != 1 || last.peer.Port() != peer.Port()+1 {
		t.Fatalf("report %+v to %v", sr, last.peer)
	}
	if sr.PacketCount < uint32(len(p.out))*50 || sr.OctetCount != sr.PacketCount*FrameSamples {
		t.Errorf("%d packets, %d octets", sr.PacketCount, sr.OctetCount)
	}
	if b := sr.Reports[0]; b.SSRC != 7 || b.TotalLost != 10 || b.LastSequenceNumber > 1000 || b.LastSequenceNumber < 100 {
		t.Errorf("block %+v", b)
	}
	if err := c.Close(); err != nil || !p.closed {
		t.Errorf("closing: %v, control closed %v", err, p.closed)
	}
	if _, _, bye := parts(t, p.out[len(p.out)-1]); !bye {
		t.Error("no BYE at the end")
	}
}

func TestTheRoundTripIsWhatThePeerEchoes(t *testing.T) {
	c, w, p := reporting()
	w.talk(peer, 7, start, 500, 440)
	for len(p.out) == 0 {
		hold(t, c, 100*time.Millisecond)
	}
	sr, _, _ := parts(t, p.out[0])
	// The peer gets it 40 ms later, keeps it for two seconds, and the answer
	// takes 40 ms again.
	answer := &rtcp.ReceiverReport{SSRC: 7, Reports: []rtcp.ReceptionReport{{SSRC: sr.SSRC, TotalLost: 5, Jitter: 80,
		LastSenderReport: middle(sr.NTPTime), Delay: 2 << 16}}}
	data, err := answer.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	for _, from := range []netip.AddrPort{stranger, peer} {
		p.in = append(p.in, datagram{p.out[0].at.Add(2080 * time.Millisecond), from, data})
	}
	hold(t, c, 3*time.Second)
	q := c.Quality()
	if q.RoundTripMS < 79 || q.RoundTripMS > 101 { // read once per frame
		t.Errorf("round trip of %v ms, want 80 and up to a frame more", q.RoundTripMS)
	}
	if q.RemoteJitterMS != 10 || q.RemoteLoss <= 0 || c.reports.remote.Reports != 1 {
		t.Errorf("%+v after %d reports: a stranger must not be believed", q, c.reports.remote.Reports)
	}
	if q.Codec != "PCMA" || q.MOS < 4 || q.MOS > 4.5 {
		t.Errorf("%+v", q)
	}
}

func TestReportsMayShareTheAudioPort(t *testing.T) {
	w := &wire{now: start}
	c := NewConn(Config{Socket: w, Remote: peer, Law: audio.ALaw, Mux: true, Now: func() time.Time { return w.now }})
	w.talk(peer, 7, start, 500, 440)
	hold(t, c, 9*time.Second)
	reports := 0
	for _, d := range w.sent {
		if isControl(d.data) {
			reports++
		}
	}
	if reports == 0 {
		t.Fatal("no report was sent")
	}
	sr := &rtcp.SenderReport{SSRC: 7, NTPTime: ntp(w.now)}
	data, err := sr.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	before := c.Stats()
	w.queue = append([]datagram{{w.now, peer, data}}, w.queue...)
	hold(t, c, 100*time.Millisecond)
	if c.reports.senderReport == 0 {
		t.Error("the peer's report was not read")
	}
	if s := c.Stats().Strays; s != before.Strays {
		t.Error("a report was taken for audio")
	}
}

func TestAControlPortIsReadWithoutWaiting(t *testing.T) {
	open := func() *net.UDPConn {
		s, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.MustParseAddrPort("127.0.0.1:0")))
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	c, err := NewControl(open())
	if err != nil {
		t.Fatal(err)
	}
	far := open()
	defer far.Close()
	b := make([]byte, 100)
	if _, _, ok := c.TryRead(b); ok {
		t.Error("read something out of nothing")
	}
	if _, err := far.WriteToUDPAddrPort([]byte("report"), c.LocalAddr().(*net.UDPAddr).AddrPort()); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(10 * time.Second); ; {
		n, from, ok := c.TryRead(b)
		if ok {
			if string(b[:n]) != "report" || from != far.LocalAddr().(*net.UDPAddr).AddrPort() {
				t.Errorf("%q from %v", b[:n], from)
			}
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("nothing arrived")
		}
	}
	if allocs := testing.AllocsPerRun(100, func() { c.TryRead(b) }); allocs != 0 {
		t.Errorf("%v allocations per look", allocs)
	}
	for range 2 {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	}
}

func FuzzReports(f *testing.F) {
	good := newReporter(1, start)
	data, err := rtcp.Marshal(good.report(start, 0, NewJitterBuffer(Rate, FrameTime, func(p []byte) int { return len(p) }), true))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		r := newReporter(1, start)
		r.packets = 10
		r.take(data, Rate, start)
		if x := r.remote; x.Loss < 0 || x.Loss > 1 || x.RoundTrip < 0 || x.RoundTrip > longestRoundTrip || x.Jitter < 0 {
			t.Errorf("%+v", x)
		}
	})
}
