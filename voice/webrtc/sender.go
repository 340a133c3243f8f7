package webrtc

import (
	"fmt"
	"time"

	pionrtp "github.com/pion/rtp"

	"waggle/audio"
	"waggle/voice/rtp"
)

// sender turns frames into packets.
type sender struct {
	header   pionrtp.Header
	pending  []int16
	resample *audio.Resampler
	from     int
	wrote    time.Time
	presses  []rtp.Press
	key      []byte
	packets  uint32 // sent
}

// write sends what is complete of 20 ms packets; the caller keeps the pace.
func (s *sender) write(f audio.Frame, c codec, t *track) error {
	if err := s.add(f, c.rate()); err != nil {
		return err
	}
	n := samplesPer(c.rate(), frameTime)
	s.catchUp(n)
	for ; len(s.pending) >= n; s.pending = s.pending[:copy(s.pending, s.pending[n:])] {
		if err := s.send(s.pending[:n], c, t); err != nil {
			return fmt.Errorf("webrtc: send: %w", err)
		}
		s.header.Timestamp += uint32(n) //nolint:gosec // 160 or 960
	}
	return nil
}

// send sends one frame, or the key that is pressed in its place.
func (s *sender) send(pcm []int16, c codec, t *track) error {
	if len(s.presses) > 0 {
		return s.press(len(pcm), c, t)
	}
	payload, err := c.encode(pcm)
	if err != nil {
		return err
	}
	defer s.sent()
	return t.write(s.header, payload, false)
}

func (s *sender) sent() {
	s.header.SequenceNumber++
	s.header.Marker = false
	s.packets++
}

func (s *sender) press(ticks int, c codec, t *track) error {
	header, p := s.header, &s.presses[0]
	header.Timestamp, header.Marker = p.Begin(header.Timestamp)
	payload, ok := p.Next(s.key[:0], ticks, c.rate())
	if s.key = payload; !ok {
		s.presses = s.presses[:copy(s.presses, s.presses[1:])]
	}
	if len(payload) == 0 {
		return nil // the pause between two keys
	}
	defer s.sent()
	return t.write(header, payload, true)
}

func (s *sender) add(f audio.Frame, rate int) error {
	if f.Rate == rate {
		s.pending = append(s.pending, f.PCM...)
		return nil
	}
	if s.resample == nil || s.from != f.Rate {
		r, err := audio.NewResampler(f.Rate, rate)
		if err != nil {
			return fmt.Errorf("webrtc: send: %w", err)
		}
		s.resample, s.from = r, f.Rate
	}
	s.pending = s.resample.Append(s.pending, f.PCM)
	return nil
}

// catchUp lets the timestamps jump over a pause in which nothing was written.
func (s *sender) catchUp(perFrame int) {
	now := time.Now()
	if gap := now.Sub(s.wrote); !s.wrote.IsZero() && gap >= 3*frameTime {
		s.header.Timestamp += uint32(gap/frameTime-1) * uint32(perFrame) //nolint:gosec // minutes at most
		s.header.Marker = true
	}
	s.wrote = now
}
