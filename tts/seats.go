package tts

import (
	"context"
	"sync"
	"sync/atomic"
)

// seats are the rights to run a model. Who speaks to somebody takes the next
// one that is free; what is made in advance waits until nobody speaks.
type seats struct {
	free  chan struct{}
	taken atomic.Uint64 // so far

	mu       sync.Mutex
	speaking int
	quiet    chan struct{} // closed while nobody speaks
}

func newSeats(n int) *seats {
	s := &seats{free: make(chan struct{}, n), quiet: make(chan struct{})}
	close(s.quiet)
	return s
}

// begin counts one who speaks to somebody, until end is called.
func (s *seats) begin() (end func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.speaking == 0 {
		s.quiet = make(chan struct{})
	}
	s.speaking++
	return s.end
}

func (s *seats) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.speaking--; s.speaking == 0 {
		close(s.quiet)
	}
}

// take waits for a seat and returns how to give it back.
func (s *seats) take(ctx context.Context) (leave func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case s.free <- struct{}{}:
		s.taken.Add(1)
		return func() { <-s.free }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// takeIdle is take for work in advance.
func (s *seats) takeIdle(ctx context.Context) (leave func(), err error) {
	for {
		s.mu.Lock()
		speaking, quiet := s.speaking, s.quiet
		s.mu.Unlock()
		if speaking == 0 {
			return s.take(ctx)
		}
		select {
		case <-quiet:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}
