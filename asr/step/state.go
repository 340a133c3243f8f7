package step

import (
	"errors"
	"fmt"

	"waggle/models/onnx/batch"
)

// State is one stream's memory in a graph. It belongs to one goroutine; the
// steps of many States of one Model share runs.
type State struct {
	model  *Model
	stream *batch.Stream
	x, y   []float32
}

// NewState makes the memory of a stream at its start.
func (m *Model) NewState() (*State, error) {
	stream, err := m.runner.NewStream()
	if err != nil {
		return nil, fmt.Errorf("step: %s: %w", m.name, err)
	}
	s := &State{model: m, stream: stream}
	var errX, errY error
	s.x, errX = batch.Feed[float32](stream, 0)
	s.y, errY = batch.Fetch[float32](stream, 0)
	if err := errors.Join(errX, errY); err != nil {
		return nil, errors.Join(fmt.Errorf("step: %s: %w", m.name, err), stream.Close())
	}
	return s, nil
}

// Start hands over one chunk (Chunk x Bins values), which is copied, and
// returns at once. An urgent one does not wait for other streams. The step
// before must have been waited for.
func (s *State) Start(features []float32, urgent bool) error {
	if err := s.feed(features); err != nil {
		return err
	}
	return s.stream.Start(urgent)
}

func (s *State) feed(features []float32) error {
	if want := s.model.Chunk * s.model.bins; len(features) != want {
		return fmt.Errorf("step: %s takes %d values a chunk, got %d", s.model.name, want, len(features))
	}
	if s.stream.Flying() {
		return fmt.Errorf("step: %s: %w", s.model.name, batch.ErrBusy)
	}
	copy(s.x, features)
	return nil
}

// Flying reports whether a step was started and not waited for.
func (s *State) Flying() bool { return s.stream.Flying() }

// Ready reports whether Wait would return at once with a result.
func (s *State) Ready() bool { return s.stream.Ready() }

// Wait returns the result of the step in flight, Rows x Cols values, valid
// until the next Start. Without a step in flight it returns the latest result.
func (s *State) Wait() ([]float32, error) {
	if err := s.stream.Wait(); err != nil {
		return nil, err
	}
	return s.y, nil
}

// Step is an urgent Start and Wait, in the caller's goroutine where it can be.
func (s *State) Step(features []float32) ([]float32, error) {
	if err := s.feed(features); err != nil {
		return nil, err
	}
	if err := s.stream.Step(true); err != nil {
		return nil, err
	}
	return s.y, nil
}

// CopyFrom takes over what another State of the same Model remembers.
func (s *State) CopyFrom(o *State) error { return s.stream.CopyFrom(o.stream) }

// Reset returns to the start of a stream. No other stream waits for this one
// until it steps again.
func (s *State) Reset() { s.stream.Reset() }

// Close ends the stream. It is idempotent.
func (s *State) Close() error { return s.stream.Close() }
