// Package step runs streaming graphs one chunk at a time: filter bank frames
// in, one matrix out, state tensors carried from step to step. Concurrent
// streams share runs (models/onnx/batch). Both the recogniser (wagglectc) and
// the VAD (wagglevad) are such graphs. It may import models/onnx.
package step

import (
	"errors"
	"fmt"
	"strconv"

	"waggle/models/onnx"
	"waggle/models/onnx/batch"
)

// ErrModel says that a graph is not of the family that was asked for.
var ErrModel = errors.New("step: the graph is not of the expected family")

// Version is the contract that graphs must declare, when they declare one.
const Version = 1

// Family is what a graph must say of itself in its metadata.
type Family struct {
	Type    string // model_type
	Feature string // feature, such as "kaldi_fbank80"
	Bins    int    // values per feature frame
}

// Model is a loaded graph, shared by all streams: input x [N, Chunk, Bins],
// then states; output [N, Rows, Cols] (or [N, Rows]), then the new states in
// the same order. N is free, everything else fixed; zero states begin a stream.
type Model struct {
	Chunk, Rows, Cols int

	session *onnx.Session
	name    string
	bins    int
	runner  *batch.Runner
}

// Open loads a graph and checks it against its family. Errors: ErrModel, or
// those of onnx.Open.
func Open(name string, graph []byte, f Family) (*Model, error) {
	s, err := onnx.Open(name, graph, onnx.Options{Threads: 1})
	if err != nil {
		return nil, err
	}
	m := &Model{session: s, name: name, bins: f.Bins}
	if err := m.describe(f); err != nil {
		return nil, errors.Join(fmt.Errorf("%w: %s: %w", ErrModel, name, err), s.Close())
	}
	if m.runner, err = batch.New(s, plan(len(s.Inputs())-1), batch.Options{}); err != nil {
		return nil, errors.Join(fmt.Errorf("%w: %s: %w", ErrModel, name, err), s.Close())
	}
	return m, nil
}

// plan is that of a graph with this many states, all with streams at axis 0.
func plan(states int) batch.Plan {
	p := batch.Plan{Feeds: []batch.Port{{Index: 0}}, Fetches: []batch.Port{{Index: 0}}}
	for i := range states {
		p.States = append(p.States, batch.Carry{In: i + 1, Out: i + 1})
	}
	return p
}

func (m *Model) describe(f Family) error {
	meta, in, out := m.session.Meta(), m.session.Inputs(), m.session.Outputs()
	switch {
	case meta["model_type"] != f.Type:
		return fmt.Errorf("model_type is %q, want %q", meta["model_type"], f.Type)
	case meta["feature"] != f.Feature:
		return fmt.Errorf("feature is %q, want %q", meta["feature"], f.Feature)
	case meta["version"] != "" && meta["version"] != strconv.Itoa(Version):
		return fmt.Errorf("version is %s, want %d", meta["version"], Version)
	case len(in) < 1 || len(out) != len(in):
		return fmt.Errorf("%d inputs and %d outputs, want the same number", len(in), len(out))
	}
	if err := m.shapes(in[0], out[0]); err != nil {
		return err
	}
	for i, p := range in[1:] {
		if err := sameState(p, out[i+1]); err != nil {
			return err
		}
	}
	return nil
}

func (m *Model) shapes(x, y onnx.Port) error {
	if x.Type != onnx.Float32 || len(x.Dims) != 3 || x.Dims[1] < 1 || x.Dims[2] != int64(m.bins) {
		return fmt.Errorf("input %s is %s %v, want float32 [N, chunk, %d]", x.Name, x.Type, x.Dims, m.bins)
	}
	if y.Type != onnx.Float32 || len(y.Dims) < 2 || len(y.Dims) > 3 || y.Dims[1] < 1 {
		return fmt.Errorf("output %s is %s %v, want float32 [N, rows(, cols)]", y.Name, y.Type, y.Dims)
	}
	m.Chunk, m.Rows, m.Cols = int(x.Dims[1]), int(y.Dims[1]), 1
	if len(y.Dims) == 3 {
		m.Cols = int(y.Dims[2])
	}
	if m.Chunk%m.Rows != 0 || m.Cols < 1 {
		return fmt.Errorf("input %v does not divide into output %v", x.Dims, y.Dims)
	}
	return nil
}

// sameState checks that a state is float32, has only its batch axis free and
// comes out as it goes in.
func sameState(in, out onnx.Port) error {
	if in.Type != onnx.Float32 || out.Type != onnx.Float32 || len(in.Dims) < 2 || len(in.Dims) != len(out.Dims) {
		return fmt.Errorf("state %s is %s %v, comes out %s %v", in.Name, in.Type, in.Dims, out.Type, out.Dims)
	}
	for i, d := range in.Dims[1:] {
		if d < 1 || out.Dims[i+1] != d {
			return fmt.Errorf("state %s is %v, comes out %v", in.Name, in.Dims, out.Dims)
		}
	}
	return nil
}

// Meta is the graph's metadata.
func (m *Model) Meta() map[string]string { return m.session.Meta() }

// Shared is how many runs of the graph took how many steps of streams.
func (m *Model) Shared() (runs, steps int64) { return m.runner.Stats() }

// Close frees the graph; no State may be in use.
func (m *Model) Close() error { return errors.Join(m.runner.Close(), m.session.Close()) }
