package asr

import (
	"time"

	"waggle/audio"
)

// Detector finds speech in one stream of frames. It belongs to one goroutine.
type Detector interface {
	// Write takes the next frame, at 8 or 16 kHz, and returns the newest verdict.
	Write(audio.Frame) (Activity, error)
	// Reset forgets the stream; time starts at zero again.
	Reset()
	Close() error
}

// DetectorModel is a loaded voice activity model of any family, shared by all
// calls: VADModel, or one of asr/silero.
type DetectorModel interface {
	NewDetector() (Detector, error)
	// Close frees the model; no Detector may be in use.
	Close() error
}

var _ DetectorModel = (*VADModel)(nil)

// NewDetector is NewVAD for those who take any family.
func (m *VADModel) NewDetector() (Detector, error) { return m.NewVAD() }

// Hysteresis turns probabilities of speech into verdicts: speech begins at On
// and ends when the probability stayed below Off for longer than Hangover, so
// that a stop consonant does not cut a word.
type Hysteresis struct {
	On, Off  float32
	Hangover time.Duration

	quiet time.Duration // since the probability was last high enough
	last  Activity
}

// Judge takes the probability of the next piece of sound of length d.
func (h *Hysteresis) Judge(p float32, d time.Duration) {
	h.last.Prob = p
	h.last.At += d
	switch {
	case p >= h.On:
		h.last.Speech, h.quiet = true, 0
	case p >= h.Off:
		h.quiet = 0
	default:
		if h.quiet += d; h.quiet > h.Hangover {
			h.last.Speech = false
		}
	}
}

// Last is the newest verdict.
func (h *Hysteresis) Last() Activity { return h.last }

// Reset forgets the stream; time starts at zero again.
func (h *Hysteresis) Reset() { h.quiet, h.last = 0, Activity{} }
