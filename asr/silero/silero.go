// Package silero finds speech with the Silero VAD models that people have:
// version 5 (input, state, sr -> output, stateN), version 4 (input, sr, h, c ->
// output, hn, cn) and the form without a rate (x, h, c -> prob, new_h, new_c).
// Ports are told apart by type and position, not by name. It may import asr and
// models/onnx.
//
// Source: Silero Team, "Silero VAD", github.com/snakers4/silero-vad; windows of
// 512 samples at 16 kHz and 256 at 8 kHz, in version 5 after 64 or 32 of the
// window before.
package silero

import (
	"errors"
	"fmt"
	"time"

	"waggle/asr"
	"waggle/models/onnx"
)

// ErrModel says that a graph is no Silero VAD.
var ErrModel = errors.New("the graph is not a Silero VAD")

// The documented defaults.
const (
	DefaultThreshold = 0.5
	exitBelow        = 0.15 // by how much less than Threshold ends speech
	leastExit        = 0.01
	// DefaultHangover: like the built-in detector, speech goes on through a gap
	// as short as a stop consonant. Silero's own 500 ms of silence and 250 ms of
	// speech are the Endpointer's business here, which needs to know at once.
	DefaultHangover = 80 * time.Millisecond
)

// Options of a Model. Zero fields take the defaults.
type Options struct {
	// Threshold is the probability from which speech begins; it ends 0.15 lower.
	Threshold float32
	// Hangover is for how long probabilities may stay below the exit without
	// ending speech; below zero none.
	Hangover time.Duration
}

// Model is a loaded graph, shared by all calls.
type Model struct {
	session *onnx.Session
	set     Options
	shape   shape
	forms   map[int]form // by sample rate: what the graph takes
}

var _ asr.DetectorModel = (*Model)(nil)

// form is how samples of one rate go in.
type form struct{ context, window int }

// Is reports whether ports look like those of a Silero VAD.
func Is(in, out []onnx.Port) bool {
	_, err := readShape(in, out)
	return err == nil
}

// Open loads a graph. name is for error messages. Errors: ErrModel, or those
// of onnx.Open.
func Open(name string, graph []byte, o Options) (*Model, error) {
	about, err := onnx.Describe(graph)
	if err != nil {
		return nil, fmt.Errorf("silero: %s: %w", name, err)
	}
	if o.Threshold <= 0 || o.Threshold >= 1 {
		o.Threshold = DefaultThreshold
	}
	if o.Hangover == 0 {
		o.Hangover = DefaultHangover
	}
	m := &Model{set: o, forms: map[int]form{}}
	if m.shape, err = readShape(about.Inputs, about.Outputs); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if m.session, err = onnx.Open(name, graph, onnx.Options{Threads: 1}); err != nil {
		return nil, err
	}
	if err := m.tryRates(); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", name, err), m.session.Close())
	}
	return m, nil
}

// tryRates hears silence at both rates and keeps those that the graph takes;
// 16 kHz must be among them.
func (m *Model) tryRates() error {
	for rate, f := range m.shape.forms() {
		d, err := m.newDetector(rate, f)
		if err == nil {
			_, err = d.step()
			err = errors.Join(err, d.Close())
		}
		switch {
		case err == nil:
			m.forms[rate] = f
		case rate == wide:
			return fmt.Errorf("%w: a window of silence fails: %w", ErrModel, err)
		}
	}
	return nil
}

// NewDetector makes a detector for one stream.
func (m *Model) NewDetector() (asr.Detector, error) {
	return &detector{model: m, verdict: m.hysteresis()}, nil
}

func (m *Model) hysteresis() asr.Hysteresis {
	return asr.Hysteresis{On: m.set.Threshold, Off: max(m.set.Threshold-exitBelow, leastExit), Hangover: m.set.Hangover}
}

// Close frees the graph; no Detector may be in use.
func (m *Model) Close() error { return m.session.Close() }
