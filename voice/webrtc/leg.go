package webrtc

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/pion/rtcp"
	pionrtp "github.com/pion/rtp"
	pion "github.com/pion/webrtc/v4"

	"waggle/audio"
	"waggle/dialog"
	"waggle/voice"
	"waggle/voice/rtp"
)

const (
	frameTime = 20 * time.Millisecond
	keyQueue  = 32
	// Without media a line is given up (HARDENING M06).
	firstMedia = 30 * time.Second
	nextMedia  = 15 * time.Second
	silentLine = 5 * time.Second // then nobody may be there
)

// codec turns audio into payloads and back, for one direction each.
type codec interface {
	rate() int // of the RTP clock and of the samples, in Hz
	// encode returns the payload of 20 ms.
	encode(pcm []int16) ([]byte, error)
	decode(payload []byte) ([]int16, error)
	// recover makes up a lost stretch of so many samples; next is the packet
	// after it, if that is here.
	recover(next []byte, samples int) ([]int16, error)
	length(payload []byte) int // in samples
	lossy(percent int) error
}

// leg is the sound of one browser.
type leg struct {
	peer  *peer
	track *track
	keys  chan voice.Digit

	// Of the reading goroutine alone.
	tick    time.Time
	played  int64 // samples handed out
	frame   []int16
	pending []int16

	mu       sync.Mutex // guards codec, jitter and what follows
	codec    codec
	jitter   *rtp.JitterBuffer
	closed   bool
	lastSeen time.Time
	limit    time.Duration
	pressed  uint32 // timestamp of the last key
	anyKey   bool
	mending  bool       // the connection is lost and may come back
	remote   rtp.Remote // what the browser reports

	out sender
}

var (
	_ voice.Leg         = (*leg)(nil)
	_ voice.Conditioned = (*leg)(nil)
	_ voice.Measured    = (*leg)(nil)
)

func newLeg(p *peer, track *track) (*leg, error) {
	c, err := newCodec(track.codec.MimeType)
	if err != nil {
		return nil, err
	}
	return &leg{peer: p, track: track, keys: make(chan voice.Digit, keyQueue), codec: c,
		jitter:   rtp.NewJitterBuffer(c.rate(), frameTime, c.length),
		frame:    make([]int16, samplesPer(c.rate(), frameTime)),
		lastSeen: time.Now(), limit: firstMedia,
		out: sender{header: pionrtp.Header{Version: 2, Marker: true, SequenceNumber: uint16(rand.Uint32()), Timestamp: rand.Uint32()}}}, nil
}

func samplesPer(rate int, d time.Duration) int {
	return int(int64(rate) * int64(d) / int64(time.Second))
}

// listen takes in the browser's packets until the track ends.
func (l *leg) listen(track *pion.TrackRemote, receiver *pion.RTPReceiver) {
	events := eventTypes(receiver)
	for {
		packet, _, err := track.ReadRTP()
		if err != nil {
			return // the connection is closing
		}
		l.take(packet, events)
	}
}

// eventTypes are the payload types negotiated for keys.
func eventTypes(receiver *pion.RTPReceiver) map[uint8]bool {
	types := map[uint8]bool{}
	for _, c := range receiver.GetParameters().Codecs {
		if c.MimeType == mimeEvent {
			types[uint8(c.PayloadType)] = true
		}
	}
	return types
}

func (l *leg) take(packet *pionrtp.Packet, events map[uint8]bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	l.lastSeen, l.limit = now, nextMedia
	header := rtp.Header{SSRC: packet.SSRC, Sequence: packet.SequenceNumber, Timestamp: packet.Timestamp}
	switch {
	case len(packet.Payload) == 0:
		l.jitter.Mark(header)
	case events[packet.PayloadType]:
		l.jitter.Mark(header)
		l.press(packet)
	default:
		l.jitter.Push(header, packet.Payload, now)
	}
}

// press passes a key on, once: all packets of one press carry one timestamp
// (RFC 4733 2.5.1.1). Who does not read the keys loses the newest.
func (l *leg) press(packet *pionrtp.Packet) {
	event, ok := rtp.ParseEvent(packet.Payload)
	if !ok || l.closed || l.anyKey && packet.Timestamp == l.pressed {
		return
	}
	l.pressed, l.anyKey = packet.Timestamp, true
	select {
	case l.keys <- event.Digit:
	default:
	}
}

// Read implements voice.Leg: 20 ms at the rate of the codec, when they are due.
func (l *leg) Read(ctx context.Context) (audio.Frame, error) {
	if err := l.waitDue(ctx); err != nil {
		return audio.Frame{}, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if l.closed {
		return audio.Frame{}, io.EOF
	}
	if now.Sub(l.lastSeen) > l.limit && !l.mending { // pion gives a lost connection up
		return audio.Frame{}, fmt.Errorf("webrtc: nothing from the browser for %v: %w", l.limit, voice.ErrNoMedia)
	}
	lost := false
	for len(l.pending) < len(l.frame) {
		lost = l.more(now) || lost
	}
	copy(l.frame, l.pending)
	l.pending = l.pending[:copy(l.pending, l.pending[len(l.frame):])]
	rate := l.codec.rate()
	ts := time.Duration(l.played) * time.Second / time.Duration(rate)
	l.played += int64(len(l.frame))
	return audio.Frame{PCM: l.frame, Rate: rate, TS: ts, Lost: lost}, nil
}

// waitDue keeps the pace of the line.
func (l *leg) waitDue(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	now := time.Now()
	if l.tick.IsZero() || now.Sub(l.tick) > 10*frameTime {
		l.tick = now // the start, or the reader was held up: do not rush
	}
	l.tick = l.tick.Add(frameTime)
	timer := time.NewTimer(l.tick.Sub(now))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-l.peer.ended:
		return io.EOF
	case <-ctx.Done():
		return ctx.Err()
	}
}

// more adds the next stretch of the stream to what is pending.
func (l *leg) more(now time.Time) (lost bool) {
	item := l.jitter.Pop(now, audio.Level(l.frame) < quietBelow)
	var pcm []int16
	var err error
	switch item.Kind {
	case rtp.Packet:
		pcm, err = l.codec.decode(item.Payload)
	case rtp.Lost:
		pcm, err = l.codec.recover(item.Payload, item.Ticks)
	}
	if err != nil || pcm == nil {
		l.pending = append(l.pending, make([]int16, item.Ticks)...)
		return item.Kind == rtp.Lost || err != nil
	}
	l.pending = append(l.pending, pcm...)
	return item.Kind == rtp.Lost
}

// quietBelow is the level, in dBFS, under which time may be gained or lost
// without being heard.
const quietBelow = -50

// Write implements voice.Leg.
func (l *leg) Write(f audio.Frame) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return fmt.Errorf("webrtc: send: %w", net.ErrClosed)
	}
	return l.out.write(f, l.codec, l.track)
}

// SendDigit presses a key: its packets go out in place of the next frames.
func (l *leg) SendDigit(d voice.Digit) error {
	if !rtp.ValidDigit(d) || !l.track.takesKeys() {
		return fmt.Errorf("%w: %q", rtp.ErrDigit, rune(d))
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.out.presses = append(l.out.presses, rtp.NewPress(d))
	return nil
}

// Condition implements voice.Conditioned. A browser whose connection is being
// mended hears nothing; one that is muted sends silence, as any silent caller.
func (l *leg) Condition() voice.Condition {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.mending:
		return voice.LineHeld
	case time.Since(l.lastSeen) > silentLine:
		return voice.LineSilent
	}
	return voice.LineOpen
}

// mend notes that the connection is lost, or back.
func (l *leg) mend(lost bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.mending && !lost {
		l.lastSeen = time.Now() // it has the whole time again
	}
	l.mending = lost
}

// DTMF implements voice.Leg.
func (l *leg) DTMF() <-chan voice.Digit { return l.keys }

// Close implements voice.Leg; the connection is closed by the goroutine that
// owns the session.
func (l *leg) Close(cause voice.Cause) error {
	l.peer.end(cause)
	l.shut()
	return nil
}

// shut stops both directions.
func (l *leg) shut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.closed {
		l.closed = true
		close(l.keys)
	}
}

// reported takes a receiver report of the browser: what it loses decides how
// much of the bit rate goes into FEC.
func (l *leg) reported(report rtcp.ReceptionReport) {
	if report.SSRC != l.track.identity() {
		return
	}
	percent := int(report.FractionLost) * 100 / 256
	l.mu.Lock()
	defer l.mu.Unlock()
	l.remote.Take(report, l.codec.rate(), l.out.packets, time.Now())
	if err := l.codec.lossy(percent); err != nil {
		l.peer.server.log.Debug("loss not taken into account", "call", l.peer.id, "error", err)
	}
}

// Quality implements voice.Measured.
func (l *leg) Quality() dialog.LineQuality {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, name, _ := strings.Cut(l.track.codec.MimeType, "/")
	return l.jitter.Quality().Line(name, l.remote)
}
