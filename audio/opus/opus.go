// Package opus turns 20 ms frames into Opus packets and back (RFC 6716, RTP
// payload of RFC 7587) by libopus. It is the one place in audio with cgo and
// imports audio only.
package opus

import (
	"errors"
	"fmt"

	"github.com/hraban/opus"
)

// Rate and FrameSamples are what browsers negotiate: 48 kHz, 20 ms, mono here.
const (
	Rate         = 48000
	FrameSamples = Rate / 50
)

// maxPacketSamples is the longest packet that Opus allows, 120 ms.
const maxPacketSamples = Rate * 120 / 1000

// maxPacketBytes holds one 20 ms frame at any bit rate (RFC 6716, 3.2.1).
const maxPacketBytes = 1275

// ErrPacket says that bytes from the network are no Opus packet.
var ErrPacket = errors.New("opus: not a valid packet")

// Settings of an encoder. The zero value is good for speech on a fair line.
type Settings struct {
	// Bitrate in bit/s; zero means 24000, transparent for wide-band speech.
	Bitrate int
	// Complexity 1 to 10; zero means 5, half the CPU of 10 for speech.
	Complexity int
	// FEC repeats each frame coarsely in the next packet, which the other side
	// may use when one is lost; LossPercent tells how much loss to expect.
	FEC         bool
	LossPercent int
	// DTX sends next to nothing during silence.
	DTX bool
}

// Encoder compresses one stream. It belongs to one goroutine.
type Encoder struct {
	encoder *opus.Encoder
	packet  []byte
}

// NewEncoder makes an encoder for mono speech at 48 kHz.
func NewEncoder(s Settings) (*Encoder, error) {
	encoder, err := opus.NewEncoder(Rate, 1, opus.AppVoIP)
	if err != nil {
		return nil, fmt.Errorf("opus: %w", err)
	}
	if s.Bitrate == 0 {
		s.Bitrate = 24000
	}
	if s.Complexity == 0 {
		s.Complexity = 5
	}
	err = errors.Join(encoder.SetBitrate(s.Bitrate), encoder.SetComplexity(s.Complexity),
		encoder.SetInBandFEC(s.FEC), encoder.SetPacketLossPerc(s.LossPercent), encoder.SetDTX(s.DTX))
	if err != nil {
		return nil, fmt.Errorf("opus: settings: %w", err)
	}
	return &Encoder{encoder: encoder, packet: make([]byte, maxPacketBytes)}, nil
}

// Encode compresses one frame of FrameSamples. The packet is valid until the
// next call.
func (e *Encoder) Encode(pcm []int16) ([]byte, error) {
	n, err := e.encoder.Encode(pcm, e.packet)
	if err != nil {
		return nil, fmt.Errorf("opus: encode %d samples: %w", len(pcm), err)
	}
	return e.packet[:n], nil
}

// SetLoss tells the encoder what share of packets the other side loses, so
// that it spends bits on FEC when that helps.
func (e *Encoder) SetLoss(percent int) error {
	if err := e.encoder.SetPacketLossPerc(min(max(percent, 0), 100)); err != nil {
		return fmt.Errorf("opus: loss of %d %%: %w", percent, err)
	}
	return nil
}

// Decoder expands one stream. It belongs to one goroutine.
type Decoder struct {
	decoder *opus.Decoder
	pcm     []int16
}

// NewDecoder makes a decoder that yields mono at 48 kHz, whatever was sent.
func NewDecoder() (*Decoder, error) {
	decoder, err := opus.NewDecoder(Rate, 1)
	if err != nil {
		return nil, fmt.Errorf("opus: %w", err)
	}
	return &Decoder{decoder: decoder, pcm: make([]int16, maxPacketSamples)}, nil
}

// Decode expands one packet. The samples are valid until the next call.
func (d *Decoder) Decode(packet []byte) ([]int16, error) {
	n, err := d.decoder.Decode(packet, d.pcm[:cap(d.pcm)])
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPacket, err)
	}
	return d.pcm[:n], nil
}

// Recover makes the frame that was lost just before next out of next's
// in-band FEC; without FEC in it, or with an empty next, by extrapolation.
func (d *Decoder) Recover(next []byte) ([]int16, error) {
	pcm := d.pcm[:FrameSamples:FrameSamples]
	var err error
	if len(next) == 0 {
		err = d.decoder.DecodePLC(pcm)
	} else {
		err = d.decoder.DecodeFEC(next, pcm)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPacket, err)
	}
	return pcm, nil
}
