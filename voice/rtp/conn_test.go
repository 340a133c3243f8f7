package rtp

import (
	"context"
	"errors"
	"io"
	"math"
	"net"
	"net/netip"
	"os"
	"testing"
	"time"

	pionrtp "github.com/pion/rtp"
	"go.uber.org/goleak"

	"waggle/audio"
	"waggle/voice"
)

// wire is a socket in virtual time: reading lets the time pass to the next
// datagram or to the deadline.
type wire struct {
	now      time.Time
	deadline time.Time
	queue    []datagram // in order of arrival
	sent     []datagram
	closed   bool
}

type datagram struct {
	at   time.Time
	peer netip.AddrPort
	data []byte
}

func (w *wire) ReadFromUDPAddrPort(b []byte) (int, netip.AddrPort, error) {
	if w.closed {
		return 0, netip.AddrPort{}, net.ErrClosed
	}
	if len(w.queue) == 0 || w.queue[0].at.After(w.deadline) {
		if w.deadline.After(w.now) {
			w.now = w.deadline
		}
		return 0, netip.AddrPort{}, os.ErrDeadlineExceeded
	}
	d := w.queue[0]
	w.queue = w.queue[1:]
	if d.at.After(w.now) {
		w.now = d.at
	}
	return copy(b, d.data), d.peer, nil
}

func (w *wire) WriteToUDPAddrPort(b []byte, to netip.AddrPort) (int, error) {
	if w.closed {
		return 0, net.ErrClosed
	}
	w.sent = append(w.sent, datagram{w.now, to, append([]byte(nil), b...)})
	return len(b), nil
}

func (w *wire) SetReadDeadline(t time.Time) error { w.deadline = t; return nil }
func (w *wire) Close() error                      { w.closed = true; return nil }

// talk queues one second of a tone from a source, starting at a time.
func (w *wire) talk(from netip.AddrPort, ssrc uint32, at time.Time, frames int, freq float64) {
	for i := range frames {
		pcm := make([]int16, FrameSamples)
		audio.Tone{Freq: []float64{freq}}.Fill(pcm, i*FrameSamples, Rate)
		w.packet(from, at.Add(time.Duration(i)*FrameTime), &pionrtp.Packet{
			Header:  pionrtp.Header{Version: 2, PayloadType: 8, SSRC: ssrc, SequenceNumber: uint16(i), Timestamp: uint32(i * FrameSamples)},
			Payload: audio.ALaw.Encode(nil, pcm),
		})
	}
}

func (w *wire) packet(from netip.AddrPort, at time.Time, p *pionrtp.Packet) {
	data, err := p.Marshal()
	if err != nil {
		panic(err)
	}
	i := len(w.queue)
	for i > 0 && w.queue[i-1].at.After(at) {
		i--
	}
	w.queue = append(w.queue[:i:i], append([]datagram{{at, from, data}}, w.queue[i:]...)...)
}

func newConn() (*Conn, *wire) {
	w := &wire{now: start}
	return NewConn(Config{Socket: w, Remote: peer, Law: audio.ALaw, Digits: 101, Now: func() time.Time { return w.now }}), w
}

// listen reads frames and returns their samples.
func listen(t *testing.T, c *Conn, frames int) []int16 {
	t.Helper()
	var pcm []int16
	for i := range frames {
		f, err := c.ReadFrame(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if f.Rate != Rate || len(f.PCM) != FrameSamples || f.TS != time.Duration(i)*FrameTime {
			t.Fatalf("frame %d: %d samples at %d Hz, time %v", i, len(f.PCM), f.Rate, f.TS)
		}
		pcm = append(pcm, f.PCM...)
	}
	return pcm
}

// share is the part of the power at one frequency.
func share(pcm []int16, freq float64) float64 {
	var re, im, total float64
	for i, s := range pcm {
		a := 2 * math.Pi * freq * float64(i) / Rate
		re += float64(s) * math.Cos(a)
		im += float64(s) * math.Sin(a)
		total += float64(s) * float64(s)
	}
	return 2 * (re*re + im*im) / float64(len(pcm)) / (total + 1)
}

func TestThePeerIsHeardAndPaced(t *testing.T) {
	c, w := newConn()
	w.talk(peer, 1, start, 100, 500)
	pcm := listen(t, c, 90)
	if got := w.now.Sub(start); got != 90*FrameTime {
		t.Errorf("90 frames took %v", got)
	}
	if s := share(pcm[4000:8000], 500); s < 0.99 {
		t.Errorf("only %.2f of what was heard is the tone that was sent", s)
	}
}

// M01 on the whole path: a stranger's voice in the middle of the call.
func TestAStrangersVoiceDoesNotReachTheFrames(t *testing.T) {
	c, w := newConn()
	w.talk(peer, 1, start, 150, 500)
	w.talk(stranger, 1, start.Add(5*time.Millisecond), 150, 1900)
	pcm := listen(t, c, 140)
	if s := share(pcm[8000:16000], 1900); s > 0.001 {
		t.Errorf("%.4f of the power is the stranger's tone", s)
	}
	if q := c.Stats(); q.Foreign < 130 || q.Lost != 0 {
		t.Errorf("%+v", q)
	}
	if err := c.WriteFrame(audio.Frame{PCM: make([]int16, FrameSamples), Rate: Rate}); err != nil {
		t.Fatal(err)
	}
	if to := w.sent[len(w.sent)-1].peer; to != peer {
		t.Errorf("the robot's voice went to %v", to)
	}
}

func TestKeysOfThePeerArriveOnce(t *testing.T) {
	c, w := newConn()
	w.talk(peer, 1, start, 20, 500)
	at := start.Add(400 * time.Millisecond)
	for i, seq := range []uint16{20, 21, 22, 23} {
		w.packet(peer, at.Add(time.Duration(i)*FrameTime), &pionrtp.Packet{
			Header:  pionrtp.Header{Version: 2, PayloadType: 101, SSRC: 1, SequenceNumber: seq, Timestamp: 3200},
			Payload: Event{Digit: '7', End: i > 1, Duration: 800}.Append(nil),
		})
	}
	listen(t, c, 40)
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	var got []voice.Digit
	for d := range c.DTMF() {
		got = append(got, d)
	}
	if len(got) != 1 || got[0] != '7' {
		t.Errorf("keys %q", got)
	}
	if q := c.Stats(); q.Lost != 0 {
		t.Errorf("the key was booked as loss: %+v", q)
	}
}

func TestFramesOfAnyRateBecomePacketsOf20ms(t *testing.T) {
	c, w := newConn()
	for i := range 50 {
		pcm := make([]int16, 160) // 10 ms at 16 kHz
		audio.Tone{Freq: []float64{700}}.Fill(pcm, i*160, 16000)
		if err := c.WriteFrame(audio.Frame{PCM: pcm, Rate: 16000}); err != nil {
			t.Fatal(err)
		}
		w.now = w.now.Add(10 * time.Millisecond)
	}
	if len(w.sent) != 25 {
		t.Fatalf("%d packets for half a second", len(w.sent))
	}
	var pcm []int16
	var first pionrtp.Packet
	for i, d := range w.sent {
		var p pionrtp.Packet
		if err := p.Unmarshal(d.data); err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			first = *p.Clone()
		}
		if p.Marker != (i == 0) || p.PayloadType != 8 || p.SequenceNumber != first.SequenceNumber+uint16(i) ||
			p.Timestamp != first.Timestamp+uint32(i*FrameSamples) || len(p.Payload) != FrameSamples || d.peer != peer {
			t.Fatalf("packet %d: %v to %v", i, p.Header, d.peer)
		}
		pcm = audio.ALaw.Decode(pcm, p.Payload)
	}
	if s := share(pcm[800:], 700); s < 0.99 {
		t.Errorf("only %.2f of what was sent is the tone", s)
	}
}

func TestAPauseInWritingShowsInTheTimestamps(t *testing.T) {
	c, w := newConn()
	frame := audio.Frame{PCM: make([]int16, FrameSamples), Rate: Rate}
	for _, wait := range []time.Duration{0, FrameTime, time.Second} {
		w.now = w.now.Add(wait)
		if err := c.WriteFrame(frame); err != nil {
			t.Fatal(err)
		}
	}
	var p [3]pionrtp.Packet
	for i := range p {
		if err := p[i].Unmarshal(w.sent[i].data); err != nil {
			t.Fatal(err)
		}
	}
	if p[1].Timestamp-p[0].Timestamp != 160 || p[2].Timestamp-p[1].Timestamp != 8000 || !p[2].Marker || p[1].Marker {
		t.Errorf("timestamps %d %d %d, marker %v", p[0].Timestamp, p[1].Timestamp, p[2].Timestamp, p[2].Marker)
	}
}

func TestAKeyIsSentInPlaceOfAudio(t *testing.T) {
	c, w := newConn()
	for _, d := range "4#" {
		if err := c.SendDigit(voice.Digit(d)); err != nil {
			t.Fatal(err)
		}
	}
	for range 30 {
		if err := c.WriteFrame(audio.Frame{PCM: make([]int16, FrameSamples), Rate: Rate}); err != nil {
			t.Fatal(err)
		}
		w.now = w.now.Add(FrameTime)
	}
	var reader digitReader
	var got string
	var ends, previous int
	for i, d := range w.sent {
		var p pionrtp.Packet
		if err := p.Unmarshal(d.data); err != nil {
			t.Fatal(err)
		}
		if i > 0 && int(p.SequenceNumber) != (previous+1)&0xFFFF {
			t.Fatal("a hole in the sequence numbers")
		}
		previous = int(p.SequenceNumber)
		if p.PayloadType != 101 {
			continue
		}
		if e, _ := ParseEvent(p.Payload); e.End {
			ends++
		}
		if d, ok := reader.read(p.Timestamp, p.Payload); ok {
			got += string(rune(d))
		}
	}
	if got != "4#" || ends != 2*endRepeats {
		t.Errorf("sent %q with %d ends", got, ends)
	}
	var last pionrtp.Packet
	if err := last.Unmarshal(w.sent[len(w.sent)-1].data); err != nil || last.PayloadType != 8 {
		t.Error("after the keys the audio must go on")
	}
}

func TestKeysThatCannotBeSentAreRefused(t *testing.T) {
	c, _ := newConn()
	if err := c.SendDigit('x'); !errors.Is(err, ErrDigit) {
		t.Error(err)
	}
	none := NewConn(Config{Socket: &wire{}, Remote: peer})
	if err := none.SendDigit('1'); !errors.Is(err, ErrDigit) {
		t.Error(err)
	}
}

// M06: nothing from the start, nothing any more, and a hold in between.
func TestADeadLineIsGivenUp(t *testing.T) {
	c, _ := newConn()
	if n := readUntilDead(t, c); n != 1500 {
		t.Errorf("given up after %d frames without a first packet, want 30 s", n)
	}
	c, w := newConn()
	w.talk(peer, 1, start, 50, 500)
	listen(t, c, 50)
	c.Hold(true)
	listen2 := func(frames int) {
		for range frames {
			if _, err := c.ReadFrame(context.Background()); err != nil {
				t.Fatal("a call on hold was given up:", err)
			}
		}
	}
	listen2(3000)
	c.Hold(false)
	if n := readUntilDead(t, c); n < 749 || n > 751 {
		t.Errorf("given up %d frames after the hold, want 15 s", n)
	}
}

func readUntilDead(t *testing.T, c *Conn) int {
	t.Helper()
	for n := 0; n < 10000; n++ {
		if _, err := c.ReadFrame(context.Background()); errors.Is(err, voice.ErrNoMedia) {
			return n
		} else if err != nil {
			t.Fatal(err)
		}
	}
	t.Fatal("never given up")
	return 0
}

func TestCloseAndCancelEndReading(t *testing.T) {
	c, _ := newConn()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := c.ReadFrame(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	for range 2 {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, err := c.ReadFrame(context.Background()); !errors.Is(err, io.EOF) {
		t.Errorf("closed: %v", err)
	}
	if err := c.WriteFrame(audio.Frame{PCM: make([]int16, FrameSamples), Rate: Rate}); !errors.Is(err, net.ErrClosed) {
		t.Errorf("write after close: %v", err)
	}
}

func TestAHeldUpReaderDoesNotRush(t *testing.T) {
	c, w := newConn()
	listen(t, c, 10)
	w.now = w.now.Add(5 * time.Second)
	before := w.now
	for range 50 {
		if _, err := c.ReadFrame(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	if took := w.now.Sub(before); took < 45*FrameTime {
		t.Errorf("50 frames in %v", took)
	}
}

func TestARealSocketClosesABlockedRead(t *testing.T) {
	socket, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.MustParseAddrPort("127.0.0.1:0")))
	if err != nil {
		t.Fatal(err)
	}
	c := NewConn(Config{Socket: socket, Remote: peer})
	done := make(chan error)
	go func() {
		for {
			if _, err := c.ReadFrame(context.Background()); err != nil {
				done <- err
				return
			}
		}
	}()
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	if err := <-done; !errors.Is(err, io.EOF) {
		t.Errorf("%v", err)
	}
}

func FuzzConn(f *testing.F) {
	p := pionrtp.Packet{Header: pionrtp.Header{Version: 2, PayloadType: 8, SSRC: 1}, Payload: make([]byte, 160)}
	data, _ := p.Marshal()
	f.Add(data)
	f.Add([]byte{0x80, 101, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		c, w := newConn()
		for i := range 3 {
			w.queue = append(w.queue, datagram{start.Add(time.Duration(i*20) * time.Millisecond), peer, data})
		}
		for range 10 {
			if _, err := c.ReadFrame(context.Background()); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// endless is a socket on which the peer talks for ever.
type endless struct {
	wire
	packet []byte
	given  bool
	seq    uint16
}

func (e *endless) ReadFromUDPAddrPort(b []byte) (int, netip.AddrPort, error) {
	if e.given = !e.given; !e.given {
		e.now = e.deadline
		return 0, netip.AddrPort{}, os.ErrDeadlineExceeded
	}
	e.seq++
	e.packet[2], e.packet[3] = byte(e.seq>>8), byte(e.seq)
	ts := uint32(e.seq) * FrameSamples
	e.packet[4], e.packet[5], e.packet[6], e.packet[7] = byte(ts>>24), byte(ts>>16), byte(ts>>8), byte(ts)
	return copy(b, e.packet), peer, nil
}

func (e *endless) WriteToUDPAddrPort(b []byte, _ netip.AddrPort) (int, error) { return len(b), nil }

func TestAFrameInAndOutDoesNotAllocate(t *testing.T) {
	c := endlessConn(t)
	ctx := context.Background()
	if n := testing.AllocsPerRun(2000, func() {
		f, err := c.ReadFrame(ctx)
		if err == nil {
			err = c.WriteFrame(f)
		}
		if err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations per frame", n)
	}
}

// endlessConn has run until its buffers have grown.
func endlessConn(t testing.TB) *Conn {
	p := pionrtp.Packet{Header: pionrtp.Header{Version: 2, PayloadType: 8, SSRC: 1}, Payload: make([]byte, 160)}
	data, err := p.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	e := &endless{wire: wire{now: start}, packet: data}
	c := NewConn(Config{Socket: e, Remote: peer, Law: audio.ALaw, Now: func() time.Time { return e.now }})
	for range 2 * slots {
		f, err := c.ReadFrame(context.Background())
		if err == nil {
			err = c.WriteFrame(f)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return c
}

func BenchmarkFrameInAndOut(b *testing.B) {
	c := endlessConn(b)
	ctx := context.Background()
	b.ReportAllocs()
	for b.Loop() {
		f, err := c.ReadFrame(ctx)
		if err != nil {
			b.Fatal(err)
		}
		if err := c.WriteFrame(f); err != nil {
			b.Fatal(err)
		}
	}
}

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
