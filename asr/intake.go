package asr

import (
	"fmt"
	"time"

	"waggle/asr/fbank"
	"waggle/audio"
)

// Intake brings the frames of one stream to 16 kHz and keeps its clock, for
// recognisers of every family. The zero value is ready; it belongs to one
// goroutine.
type Intake struct {
	rate int
	up   *audio.Resampler
	buf  []int16

	written time.Duration // sound since the stream began
	base    time.Duration // where the utterance began, once based
	based   bool
}

// To16k returns the frame's samples at 16 kHz, valid until the next call.
// Errors: ErrRate.
func (in *Intake) To16k(f audio.Frame) ([]int16, error) {
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
	if !in.based {
		in.base, in.based = f.TS, true
		if f.TS == 0 {
			in.base = in.written // frames without media time
		}
	}
	in.written += f.Duration()
	if in.up == nil {
		return f.PCM, nil
	}
	in.buf = in.up.Append(in.buf[:0], f.PCM)
	return in.buf, nil
}

func (in *Intake) begin(rate int) error {
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

// Reset begins an utterance with the next frame: the tail of the last one is
// forgotten, the rate and the clock stay.
func (in *Intake) Reset() {
	if in.up != nil {
		in.up.Reset()
	}
	in.based = false
}

// Base is where the utterance began, in the time of the stream.
func (in *Intake) Base() time.Duration { return in.base }
