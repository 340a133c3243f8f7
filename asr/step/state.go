package step

import (
	"errors"
	"fmt"

	"waggle/models/onnx"
)

// State is one stream's memory in a graph. It belongs to one goroutine; many
// States of one Model step at the same time.
type State struct {
	model *Model
	x, y  *onnx.Tensor[float32]
	// A step reads the front tensors and writes the back ones.
	front, back []*onnx.Tensor[float32]
	in, out     []onnx.Value
}

// NewState makes the memory of a stream at its start.
func (m *Model) NewState() (*State, error) {
	s := &State{model: m, in: make([]onnx.Value, 1+len(m.states)), out: make([]onnx.Value, 1+len(m.states))}
	if err := s.allocate(); err != nil {
		return nil, errors.Join(fmt.Errorf("step: %s: %w", m.name, err), s.Close())
	}
	return s, nil
}

func (s *State) allocate() (err error) {
	m := s.model
	if s.x, err = onnx.New[float32](1, int64(m.Chunk), int64(m.bins)); err != nil {
		return err
	}
	dims := []int64{1, int64(m.Rows), int64(m.Cols)}
	if m.Cols == 1 {
		dims = dims[:2]
	}
	if s.y, err = onnx.New[float32](dims...); err != nil {
		return err
	}
	for _, p := range m.states {
		for _, set := range []*[]*onnx.Tensor[float32]{&s.front, &s.back} {
			t, err := onnx.New[float32](append([]int64{1}, p.Dims[1:]...)...)
			if err != nil {
				return err
			}
			*set = append(*set, t)
		}
	}
	return nil
}

// Step feeds one chunk (Chunk x Bins values) and returns Rows x Cols values,
// valid until the next Step.
func (s *State) Step(features []float32) ([]float32, error) {
	if want := s.model.Chunk * s.model.bins; len(features) != want {
		return nil, fmt.Errorf("step: %s takes %d values a chunk, got %d", s.model.name, want, len(features))
	}
	copy(s.x.Data(), features)
	s.in[0], s.out[0] = s.x, s.y
	for i := range s.front {
		s.in[i+1], s.out[i+1] = s.front[i], s.back[i]
	}
	if err := s.model.session.Run(s.in, s.out); err != nil {
		return nil, err
	}
	s.front, s.back = s.back, s.front
	return s.y.Data(), nil
}

// Reset returns to the start of a stream.
func (s *State) Reset() {
	for _, t := range s.front {
		clear(t.Data())
	}
}

// Close frees the tensors. It is idempotent and safe on a half-made State.
func (s *State) Close() error {
	var errs []error
	for _, t := range append(append([]*onnx.Tensor[float32]{s.x, s.y}, s.front...), s.back...) {
		if t != nil {
			errs = append(errs, t.Close())
		}
	}
	s.x, s.y, s.front, s.back = nil, nil, nil, nil
	return errors.Join(errs...)
}
