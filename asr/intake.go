package asr

import (
	"fmt"

	"waggle/asr/fbank"
	"waggle/audio"
)

// intake brings the frames of one stream to 16 kHz.
type intake struct {
	rate int
	up   *audio.Resampler
	buf  []int16
}

// to16k returns the frame's samples at 16 kHz, valid until the next call.
func (in *intake) to16k(f audio.Frame) ([]int16, error) {
	if len(f.PCM) == 0 {
		return nil, nil
	}
	if in.rate == 0 {
		if err := in.begin(f.Rate); err != nil {
			return nil, err
		}
	}
	if f.Rate != in.rate {
		return nil, fmt.Errorf("%w: got %d Hz in a stream of %d Hz", ErrRate, f.Rate, in.rate)
	}
	if in.up == nil {
		return f.PCM, nil
	}
	in.buf = in.up.Append(in.buf[:0], f.PCM)
	return in.buf, nil
}

func (in *intake) begin(rate int) error {
	switch rate {
	case fbank.Rate:
		in.up = nil
	case 8000:
		up, err := audio.NewResampler(rate, fbank.Rate)
		if err != nil {
			return fmt.Errorf("asr: %w", err)
		}
		in.up = up
	default:
		return fmt.Errorf("%w: got %d Hz", ErrRate, rate)
	}
	in.rate = rate
	return nil
}

func (in *intake) reset() {
	if in.up != nil {
		in.up.Reset()
	}
}

// Intake brings the frames of one stream to 16 kHz, for recognisers of other
// families. The zero value is ready; it belongs to one goroutine.
type Intake struct{ in intake }

// To16k returns the frame's samples at 16 kHz, valid until the next call.
// Errors: ErrRate.
func (i *Intake) To16k(f audio.Frame) ([]int16, error) { return i.in.to16k(f) }

// Reset forgets the tail of the last frame; the rate stays.
func (i *Intake) Reset() { i.in.reset() }
