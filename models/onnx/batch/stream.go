package batch

import (
	"errors"
	"fmt"

	"waggle/models/onnx"
)

// Errors of streams.
var (
	ErrClosed = errors.New("batch: the stream or its runner is closed")
	ErrBusy   = errors.New("batch: a step of the stream is in flight")
	ErrType   = errors.New("batch: the tensor holds another type")
)

// Stream is one stream's memory: its state between steps, and what goes into
// and comes out of the next one. It belongs to one goroutine. Between Start and
// Wait its memory belongs to the Runner.
type Stream struct {
	runner                 *Runner
	feeds, states, fetches []byte
	done                   chan error // holds the verdict of a step in flight
	flying                 bool
	awake                  bool // stepped since Reset: others wait for it
	urgent                 bool
	closed                 bool
}

// NewStream makes the memory of a stream at its start, all zero.
func (r *Runner) NewStream() (*Stream, error) {
	if r.isClosed() {
		return nil, ErrClosed
	}
	l := r.layout
	return &Stream{
		runner: r, done: make(chan error, 1),
		feeds:   bytesOf(make([]uint64, l.feedBytes/8)),
		states:  bytesOf(make([]uint64, l.stateBytes/8)),
		fetches: bytesOf(make([]uint64, l.fetchBytes/8)),
	}, nil
}

// Feed is the memory of the i-th feed of the Plan, to be filled before a step.
// It stays the same as long as the stream lives. Error: ErrType.
func Feed[T onnx.Element](s *Stream, i int) ([]T, error) {
	return own[T](s.feeds, s.runner.layout.feeds, i)
}

// Fetch is the memory of the i-th fetch of the Plan, as the latest step left
// it. Error: ErrType.
func Fetch[T onnx.Element](s *Stream, i int) ([]T, error) {
	return own[T](s.fetches, s.runner.layout.fetches, i)
}

// State is the memory of the i-th state of the Plan, for graphs whose streams
// begin with other values than zero. Error: ErrType.
func State[T onnx.Element](s *Stream, i int) ([]T, error) {
	return own[T](s.states, s.runner.layout.in, i)
}

func own[T onnx.Element](memory []byte, ports []rows, i int) ([]T, error) {
	if i < 0 || i >= len(ports) {
		return nil, fmt.Errorf("%w: there is no tensor %d", ErrType, i)
	}
	r := ports[i]
	if want := typeOf[T](); r.typ != want {
		return nil, fmt.Errorf("%w: tensor %d is %s, not %s", ErrType, i, r.typ, want)
	}
	return valuesOf[T](memory[r.at : r.at+r.bytes()]), nil
}

func typeOf[T onnx.Element]() onnx.Type {
	switch any(*new(T)).(type) {
	case float32:
		return onnx.Float32
	case int64:
		return onnx.Int64
	case int32:
		return onnx.Int32
	case uint8:
		return onnx.Uint8
	default:
		return onnx.Other
	}
}

// Start hands a step over and returns at once. An urgent step does not wait for
// company; it takes along whoever waits already. Errors: ErrBusy, ErrClosed.
func (s *Stream) Start(urgent bool) error {
	switch {
	case s.closed:
		return ErrClosed
	case s.flying:
		return ErrBusy
	}
	s.wake()
	s.urgent = urgent
	s.runner.waiting.Add(1)
	select {
	case <-s.runner.stop:
		s.runner.waiting.Add(-1)
		return ErrClosed
	case s.runner.queue <- s:
		s.flying = true
		return nil
	}
}

// Wait blocks until the step in flight is done and returns its error; a step
// that failed has not moved the stream. Without one it returns nil.
func (s *Stream) Wait() error {
	if !s.flying {
		return nil
	}
	s.flying = false
	select {
	case err := <-s.done:
		return err
	case <-s.runner.finished:
	}
	select {
	case err := <-s.done: // done just before the runner closed
		return err
	default:
		return ErrClosed
	}
}

// Flying reports whether a step was started and not waited for.
func (s *Stream) Flying() bool { return s.flying }

// Ready reports whether a step is in flight that Wait would not wait for.
func (s *Stream) Ready() bool { return s.flying && len(s.done) > 0 }

// Step is Start and Wait. A step that would run alone anyway runs in the
// caller's goroutine.
func (s *Stream) Step(urgent bool) error {
	if !s.closed && !s.flying {
		s.wake()
		if ran, err := s.runner.alone(s, urgent); ran {
			return err
		}
	}
	if err := s.Start(urgent); err != nil {
		return err
	}
	return s.Wait()
}

// Reset returns to the start of a stream, all states zero. Until the next step
// nobody waits for the stream, so it is also called when an utterance is over.
// A step in flight is waited for and its result dropped.
func (s *Stream) Reset() {
	_ = s.Wait() // whatever it was, it no longer matters
	s.rest()
	clear(s.states)
}

// CopyFrom takes over the states of another stream of the same Runner, so that
// both go on from the same point. Errors: ErrBusy, ErrPlan.
func (s *Stream) CopyFrom(o *Stream) error {
	switch {
	case s.flying || o.flying:
		return ErrBusy
	case s.runner.layout != o.runner.layout:
		return fmt.Errorf("%w: the streams are of different graphs", ErrPlan)
	}
	copy(s.states, o.states)
	return nil
}

// Close ends the stream; a step in flight is waited for. It is idempotent.
func (s *Stream) Close() error {
	_ = s.Wait()
	s.rest()
	s.closed = true
	return nil
}

func (s *Stream) wake() {
	if !s.awake {
		s.awake = true
		s.runner.awake.Add(1)
	}
}

func (s *Stream) rest() {
	if s.awake {
		s.awake = false
		s.runner.awake.Add(-1)
	}
}
