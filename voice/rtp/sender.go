package rtp

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"time"

	pionrtp "github.com/pion/rtp"

	"waggle/audio"
	"waggle/voice"
)

// ErrDigit says that a key is not one of 0-9, *, #, A-D, or that the peer has
// not agreed to receive keys.
var ErrDigit = errors.New("rtp: cannot send this key")

// pauseAfter is the gap between two frames from which on the timestamps show
// it as a pause, with the marker on the first packet after it (RFC 3551, 4.1).
const pauseAfter = 3 * FrameTime

// sender turns frames into packets.
type sender struct {
	law      audio.Law
	header   pionrtp.Header
	pending  []int16
	payload  []byte
	packet   []byte
	resample *audio.Resampler
	from     int // rate that resample converts from
	wrote    time.Time
	presses  []Press
	comfort  bool // silence may be left out
	pause    pause
}

func newSender(law audio.Law, ssrc uint32, seq uint16, timestamp uint32, comfort bool) sender {
	return sender{law: law, comfort: comfort, header: pionrtp.Header{
		Version: 2, Marker: true, PayloadType: payloadType(law), SSRC: ssrc, SequenceNumber: seq, Timestamp: timestamp,
	}}
}

// WriteFrame sends a frame of any rate and length, at once, in packets of
// 20 ms; the caller keeps the pace. A frame is used up when it returns.
func (c *Conn) WriteFrame(f audio.Frame) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return fmt.Errorf("rtp: send: %w", net.ErrClosed)
	}
	s := &c.sender
	if err := s.add(f); err != nil {
		return err
	}
	s.catchUp(c.now())
	at := 0
	for ; len(s.pending)-at >= FrameSamples; at += FrameSamples {
		packet := s.next(s.pending[at:at+FrameSamples], c.digits)
		peer := c.receiver.guard.Peer()
		if c.held || packet == nil || !validPeer(peer) {
			continue
		}
		c.reports.sent(len(s.payload))
		// What one datagram meets on its way is not the end of a call.
		if _, err := c.socket.WriteToUDPAddrPort(packet, peer); errors.Is(err, net.ErrClosed) {
			return fmt.Errorf("rtp: send: %w", err)
		}
	}
	s.pending = s.pending[:copy(s.pending, s.pending[at:])]
	return nil
}

func validPeer(p netip.AddrPort) bool {
	return p.IsValid() && p.Port() != 0 && !p.Addr().IsUnspecified()
}

// SendDigit presses a key: its packets go out in place of the next frames.
func (c *Conn) SendDigit(d voice.Digit) error {
	if c.digits == 0 {
		return fmt.Errorf("%w: the peer did not agree to telephone-event", ErrDigit)
	}
	if !ValidDigit(d) {
		return fmt.Errorf("%w: %q", ErrDigit, rune(d))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sender.presses = append(c.sender.presses, NewPress(d))
	return nil
}

// add appends the frame at the rate of the line.
func (s *sender) add(f audio.Frame) error {
	if f.Rate == Rate {
		s.pending = append(s.pending, f.PCM...)
		return nil
	}
	if s.resample == nil || s.from != f.Rate {
		r, err := audio.NewResampler(f.Rate, Rate)
		if err != nil {
			return fmt.Errorf("rtp: send: %w", err)
		}
		s.resample, s.from = r, f.Rate
	}
	s.pending = s.resample.Append(s.pending, f.PCM)
	return nil
}

// catchUp lets the timestamps jump over a pause in which nothing was written.
func (s *sender) catchUp(now time.Time) {
	if gap := now.Sub(s.wrote); !s.wrote.IsZero() && gap >= pauseAfter {
		frames := uint32((gap - FrameTime) / FrameTime)
		s.header.Timestamp += frames * FrameSamples
		s.header.Marker = true
	}
	s.wrote = now
}

// next makes the packet for one frame, or for the key that is being pressed;
// nil means that nothing is sent for this frame.
func (s *sender) next(pcm []int16, digits uint8) []byte {
	defer func() { s.header.Timestamp += FrameSamples }()
	if len(s.presses) == 0 {
		return s.sound(pcm)
	}
	s.pause = pause{}
	p := &s.presses[0]
	start, first := p.Begin(s.header.Timestamp)
	payload, ok := p.Next(s.payload[:0], FrameSamples, Rate)
	s.payload = payload
	if !ok {
		s.presses = s.presses[:copy(s.presses, s.presses[1:])]
	}
	if len(payload) == 0 {
		return nil
	}
	header := s.header
	header.PayloadType, header.Timestamp, header.Marker = digits, start, first
	return s.marshal(header)
}

// sound is the packet of a frame, or of the silence that it is part of.
func (s *sender) sound(pcm []int16) []byte {
	header := s.header
	if s.comfort {
		switch s.pause.next(pcm) {
		case sendNothing:
			s.header.Marker = true // on the first packet after it (RFC 3551, 4.1)
			return nil
		case sendComfort:
			s.payload = append(s.payload[:0], comfortLevel)
			header.PayloadType, header.Marker = payloadComfortNoise, false
			packet := s.marshal(header)
			s.header.Marker = true
			return packet
		case sendSound:
		}
	}
	s.payload = s.law.Encode(s.payload[:0], pcm)
	return s.marshal(header)
}

// marshal writes the packet into the sender's buffer and counts it.
func (s *sender) marshal(header pionrtp.Header) []byte {
	s.packet = resizedBytes(s.packet, header.MarshalSize()+len(s.payload))
	n, err := header.MarshalTo(s.packet)
	if err != nil {
		return nil // the buffer has the size that the header asked for
	}
	n += copy(s.packet[n:], s.payload)
	s.header.SequenceNumber++
	s.header.Marker = false
	return s.packet[:n]
}

func resizedBytes(b []byte, n int) []byte {
	if cap(b) < n {
		return make([]byte, n)
	}
	return b[:n]
}
