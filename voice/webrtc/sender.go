package webrtc

import (
	"errors"
	"fmt"
	"io"
	"time"

	pionrtp "github.com/pion/rtp"
	pion "github.com/pion/webrtc/v4"

	"waggle/audio"
)

// sender turns frames into packets.
type sender struct {
	header   pionrtp.Header
	pending  []int16
	resample *audio.Resampler
	from     int
	wrote    time.Time
}

// write sends what is complete of 20 ms packets; the caller keeps the pace.
func (s *sender) write(f audio.Frame, c codec, track *pion.TrackLocalStaticRTP) error {
	if err := s.add(f, c.rate()); err != nil {
		return err
	}
	n := samplesPer(c.rate(), frameTime)
	s.catchUp(n)
	for ; len(s.pending) >= n; s.pending = s.pending[:copy(s.pending, s.pending[n:])] {
		payload, err := c.encode(s.pending[:n])
		if err != nil {
			return fmt.Errorf("webrtc: send: %w", err)
		}
		// What one datagram meets on its way is not the end of a call.
		err = track.WriteRTP(&pionrtp.Packet{Header: s.header, Payload: payload})
		if errors.Is(err, io.ErrClosedPipe) {
			return fmt.Errorf("webrtc: send: %w", err)
		}
		s.header.SequenceNumber++
		s.header.Marker = false
		s.header.Timestamp += uint32(n) //nolint:gosec // 160 or 960
	}
	return nil
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
