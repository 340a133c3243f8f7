package asr

import "waggle/audio"

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
