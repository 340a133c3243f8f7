package rtp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/netip"
	"os"
	"sync"
	"time"

	pionrtp "github.com/pion/rtp"

	"waggle/audio"
	"waggle/dialog"
	"waggle/voice"
)

// A G.711 line: 8 kHz, 20 ms a packet.
const (
	Rate         = 8000
	FrameTime    = 20 * time.Millisecond
	FrameSamples = 160
)

// Payload types with fixed numbers (RFC 3551, table 4).
const (
	payloadPCMU         = 0
	payloadPCMA         = 8
	payloadComfortNoise = 13
)

// Without media a line is given up (HARDENING M06): signalling may have lost
// its BYE.
const (
	firstMedia = 30 * time.Second
	nextMedia  = 15 * time.Second
	// A peer that has described its silence need not repeat it soon.
	describedSilence = 30 * time.Second
	// silentLine is when a line that is not silent by agreement may be dead.
	silentLine = 5 * time.Second
)

const (
	largestPacket = 2048
	digitsQueued  = 32
)

// Socket is what Conn needs of a *net.UDPConn.
type Socket interface {
	ReadFromUDPAddrPort([]byte) (int, netip.AddrPort, error)
	WriteToUDPAddrPort([]byte, netip.AddrPort) (int, error)
	SetReadDeadline(time.Time) error
	Close() error
}

// Config is what signalling has agreed on.
type Config struct {
	Socket Socket
	// Remote is the peer's address and port from its SDP (see SourceGuard).
	Remote netip.AddrPort
	Law    audio.Law
	// Digits is the payload type of telephone-event; 0 if not agreed on.
	Digits uint8
	// ComfortNoise is set when both sides agreed to leave silence out (RFC
	// 3389). What the peer sends of it is understood in any case.
	ComfortNoise bool
	// Control carries RTCP to ControlPeer, if it is not nil. With Mux it shares
	// the audio's port instead (RFC 5761). With neither there are no reports.
	Control     ControlSocket
	ControlPeer netip.AddrPort
	Mux         bool
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// Conn is the media of one G.711 call. One goroutine reads frames, one (the
// same or another) writes them; everything else may be called from anywhere.
type Conn struct {
	socket  Socket
	control ControlSocket
	digits  uint8
	mux     bool
	now     func() time.Time
	keys    chan voice.Digit

	// Of the reading goroutine alone.
	buffer [largestPacket]byte
	packet pionrtp.Packet
	tick   time.Time
	played int64 // samples handed out

	mu       sync.Mutex
	receiver receiver
	sender   sender
	reports  reporter

	controlPeer netip.AddrPort

	closed   bool
	held     bool
	lastSeen time.Time // last packet of the peer, or the start, or the end of a hold
	limit    time.Duration
}

// NewConn takes over the socket. Close gives it back to the system.
func NewConn(c Config) *Conn {
	if c.Now == nil {
		c.Now = time.Now
	}
	ssrc, now := rand.Uint32(), c.Now()
	return &Conn{
		socket: c.Socket, control: c.Control, mux: c.Mux, controlPeer: c.ControlPeer, digits: c.Digits, now: c.Now,
		keys:     make(chan voice.Digit, digitsQueued),
		receiver: newReceiver(c.Remote, c.Law),
		sender:   newSender(c.Law, ssrc, uint16(rand.Uint32()), rand.Uint32(), c.ComfortNoise),
		reports:  newReporter(ssrc, now),
		lastSeen: now, limit: firstMedia,
	}
}

// ReadFrame returns the next 20 ms from the peer, when they are due; silence
// while the peer says nothing. Its samples are valid until the next call.
// After Close it returns io.EOF, and voice.ErrNoMedia when the line is dead.
func (c *Conn) ReadFrame(ctx context.Context) (audio.Frame, error) {
	now := c.now()
	if c.tick.IsZero() {
		c.tick = now
	}
	c.tick = c.tick.Add(FrameTime)
	if late := now.Sub(c.tick); late > maxDelay {
		c.tick = now // the reader was held up: do not rush through what it missed
	}
	if err := c.receive(ctx); err != nil {
		return audio.Frame{}, err
	}
	c.listenControl()
	c.mu.Lock()
	defer c.mu.Unlock()
	now = c.now()
	c.sendReport(now, false)
	if c.held {
		c.lastSeen = now
	}
	if now.Sub(c.lastSeen) > c.limit {
		return audio.Frame{}, fmt.Errorf("rtp: nothing from the peer for %v: %w", c.limit, voice.ErrNoMedia)
	}
	pcm, lost := c.receiver.frame(now)
	ts := time.Duration(c.played) * time.Second / Rate
	c.played += FrameSamples
	return audio.Frame{PCM: pcm, Rate: Rate, TS: ts, Lost: lost}, nil
}

// receive takes in packets until the frame is due.
func (c *Conn) receive(ctx context.Context) error {
	// A deadline in the past would leave the socket unread: read at least briefly.
	due := c.tick
	if soon := c.now().Add(time.Millisecond); due.Before(soon) {
		due = soon
	}
	if err := c.socket.SetReadDeadline(due); err != nil {
		return closedAsEOF(err)
	}
	for ctx.Err() == nil {
		n, from, err := c.socket.ReadFromUDPAddrPort(c.buffer[:])
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded):
			return nil
		case err != nil:
			return closedAsEOF(err)
		}
		if c.mux && isControl(c.buffer[:n]) {
			c.takeControl(c.buffer[:n], from)
			continue
		}
		c.take(c.buffer[:n], from)
	}
	return ctx.Err()
}

func closedAsEOF(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return io.EOF
	}
	return fmt.Errorf("rtp: receive: %w", err)
}

// take sorts one datagram: the peer's audio, the peer's keys, or nothing.
func (c *Conn) take(datagram []byte, from netip.AddrPort) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.packet.Unmarshal(datagram) != nil || c.packet.Version != 2 {
		return
	}
	now := c.now()
	if !c.receiver.guard.Accept(from, c.packet.SequenceNumber, now) {
		return
	}
	c.lastSeen, c.limit = now, nextMedia
	header := Header{SSRC: c.packet.SSRC, Sequence: c.packet.SequenceNumber, Timestamp: c.packet.Timestamp}
	switch c.packet.PayloadType {
	case c.receiver.payloadType:
		c.receiver.jitter.Push(header, c.packet.Payload, now)
	case payloadComfortNoise:
		c.receiver.jitter.Mark(header)
		c.receiver.comfort.Set(c.packet.Payload)
		c.limit = describedSilence
	case c.digits:
		c.receiver.jitter.Mark(header)
		c.press(header.Timestamp)
	}
}

// press passes a key on; who does not read the keys loses the newest.
func (c *Conn) press(timestamp uint32) {
	digit, ok := c.receiver.digits.read(timestamp, c.packet.Payload)
	if !ok || c.closed {
		return
	}
	select {
	case c.keys <- digit:
	default:
	}
}

// DTMF yields keys that the peer pressed. It is closed by Close.
func (c *Conn) DTMF() <-chan voice.Digit { return c.keys }

// Move follows a re-INVITE to another address.
func (c *Conn) Move(remote netip.AddrPort) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.receiver.guard.Move(remote)
	if c.controlPeer.IsValid() {
		c.controlPeer = netip.AddrPortFrom(remote.Addr(), remote.Port()+1)
	}
}

// Hold stops sending and stops waiting for the peer's media, until resumed.
func (c *Conn) Hold(held bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held, c.lastSeen = held, c.now()
}

// Condition tells whether the line is on hold, or may be dead.
func (c *Conn) Condition() voice.Condition {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.held:
		return voice.LineHeld
	case c.limit != describedSilence && c.now().Sub(c.lastSeen) > silentLine:
		return voice.LineSilent
	}
	return voice.LineOpen
}

// Quality sums the line up for the record of the call.
func (c *Conn) Quality() dialog.LineQuality {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.receiver.jitter.Quality().Line(c.receiver.law.String(), c.reports.remote)
}

// Stats tells how good the line from the peer is.
func (c *Conn) Stats() Quality {
	c.mu.Lock()
	defer c.mu.Unlock()
	q := c.receiver.jitter.Quality()
	q.Foreign = c.receiver.guard.Foreign()
	return q
}

// Close ends the line: a blocked ReadFrame returns io.EOF. It may be called
// more than once.
func (c *Conn) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil
	}
	c.sendReport(c.now(), true)
	c.closed = true
	close(c.keys)
	err := c.socket.Close()
	if c.control != nil {
		err = errors.Join(err, c.control.Close())
	}
	if err != nil {
		return fmt.Errorf("rtp: close: %w", err)
	}
	return nil
}
