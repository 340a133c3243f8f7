// Package tenvad finds speech with TEN VAD graphs that carry sherpa-onnx's
// metadata (model_type=ten-vad, mean, inv_stddev, window). It may import asr,
// asr/fbank, asr/modeldir, audio and models/onnx.
//
// Source: TEN framework, "TEN VAD", github.com/TEN-framework/ten-vad; features
// as sherpa-onnx makes them, which sets the pitch to nothing.
package tenvad

import (
	"errors"
	"fmt"
	"time"

	"waggle/asr"
	"waggle/asr/modeldir"
	"waggle/models/onnx"
	"waggle/models/onnx/batch"
)

// Errors of this package.
var (
	// ErrModel says that a graph is no TEN VAD.
	ErrModel = errors.New("the graph is not a TEN VAD")
	// ErrOutput says that a graph put out something that is no probability.
	ErrOutput = errors.New("tenvad: the output is not a probability")
)

// ModelType is what metadata_props call the family.
const ModelType = "ten-vad"

// Tensors: x [1, frames, values] and four states [1, width] -> probability and
// the states.
const (
	frames = 3
	values = mels + 1 // the last is the pitch
	states = 4
	width  = 64
)

// The same defaults as for Silero's models.
const (
	DefaultThreshold = 0.5
	exitBelow        = 0.15 // by how much less than Threshold ends speech
	leastExit        = 0.01
	DefaultHangover  = 80 * time.Millisecond
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
	session  *onnx.Session
	runner   *batch.Runner
	set      Options
	constant constants
}

var _ asr.DetectorModel = (*Model)(nil)

// Open loads a graph. name is for error messages. Errors: ErrModel,
// modeldir.ErrMetadata, or those of onnx.Open.
func Open(name string, graph []byte, o Options) (*Model, error) {
	about, err := onnx.Describe(graph)
	if err != nil {
		return nil, fmt.Errorf("tenvad: %s: %w", name, err)
	}
	if o.Threshold <= 0 || o.Threshold >= 1 {
		o.Threshold = DefaultThreshold
	}
	if o.Hangover == 0 {
		o.Hangover = DefaultHangover
	}
	m := &Model{set: o}
	if err := checkPorts(about.Inputs, about.Outputs); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if m.constant, err = readConstants(about.Meta); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if m.session, err = onnx.Open(name, graph, onnx.Options{Threads: 1}); err != nil {
		return nil, err
	}
	if err := m.start(); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", name, err), m.Close())
	}
	return m, nil
}

func checkPorts(in, out []onnx.Port) error {
	if len(in) != states+1 || len(out) != states+1 {
		return fmt.Errorf("%w: %d inputs and %d outputs, want %d of each", ErrModel, len(in), len(out), states+1)
	}
	for i, p := range in {
		want := []int64{1, width}
		if i == 0 {
			want = []int64{1, frames, values}
		}
		same := p.Type == onnx.Float32 && len(p.Dims) == len(want)
		for d := 0; same && d < len(want); d++ {
			same = p.Dims[d] < 0 || p.Dims[d] == want[d]
		}
		if !same {
			return fmt.Errorf("%w: input %s is %s %v, want float32 %v", ErrModel, p.Name, p.Type, p.Dims, want)
		}
	}
	return nil
}

// start hears silence, to learn the shape of the probability, and prepares
// the sharing of runs.
func (m *Model) start() (err error) {
	x, err := onnx.New[float32](1, frames, values)
	if err != nil {
		return err
	}
	in, out := []onnx.Value{x}, make([]onnx.Value, states+1)
	defer func() {
		for _, v := range append(in, out...) {
			if v != nil {
				err = errors.Join(err, v.Destroy())
			}
		}
	}()
	for range states {
		s, err := onnx.New[float32](1, width)
		if err != nil {
			return err
		}
		in = append(in, s)
	}
	if err := m.session.Run(in, out); err != nil {
		return fmt.Errorf("%w: a window of silence fails: %w", ErrModel, err)
	}
	y, err := onnx.As[float32](out[0])
	if err != nil {
		return fmt.Errorf("%w: %w", ErrModel, err)
	}
	if n := len(y.Data()); n != 1 || len(y.Dims()) == 0 {
		return fmt.Errorf("%w: %d values for one window", ErrModel, n)
	}
	p := batch.Plan{
		Feeds:   []batch.Port{{Index: 0, Dims: []int64{1, frames, values}}},
		Fetches: []batch.Port{{Index: 0, Dims: y.Dims()}},
	}
	for i := range states {
		p.States = append(p.States, batch.Carry{In: i + 1, Out: i + 1, Dims: []int64{1, width}})
	}
	if m.runner, err = batch.New(m.session, p, batch.Options{}); err != nil {
		return fmt.Errorf("%w: %w", ErrModel, err)
	}
	return nil
}

// Is reports whether metadata are those of the family.
func Is(meta modeldir.Meta) bool { return meta["model_type"] == ModelType }

// NewDetector makes a detector for one stream.
func (m *Model) NewDetector() (asr.Detector, error) { return m.newDetector() }

// Close frees the graph; no Detector may be in use.
func (m *Model) Close() error {
	var err error
	if m.runner != nil {
		err = m.runner.Close()
	}
	return errors.Join(err, m.session.Close())
}
