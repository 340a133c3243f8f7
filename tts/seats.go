package tts

import (
	"context"
	"sync"
	"sync/atomic"
)

// attention knows whether somebody is being spoken to, so that work in advance
// can wait until nobody is.
type attention struct {
	mu       sync.Mutex
	speaking int
	quiet    chan struct{} // closed when the last one ends
}

// begin counts one who speaks to somebody, until end is called.
func (a *attention) begin() (end func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.speaking == 0 {
		a.quiet = make(chan struct{})
	}
	a.speaking++
	return a.end
}

func (a *attention) end() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.speaking--; a.speaking == 0 {
		close(a.quiet)
	}
}

// idle waits until nobody is spoken to.
func (a *attention) idle(ctx context.Context) error {
	for {
		a.mu.Lock()
		speaking, quiet := a.speaking, a.quiet
		a.mu.Unlock()
		if speaking == 0 {
			return ctx.Err()
		}
		select {
		case <-quiet:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// seats are the rights to run a model. Who speaks to somebody takes the next
// one that is free; what is made in advance waits until nobody speaks.
type seats struct {
	attention
	free  chan struct{}
	taken atomic.Uint64 // so far
}

func newSeats(n int) *seats { return &seats{free: make(chan struct{}, n)} }

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
	if err := s.idle(ctx); err != nil {
		return nil, err
	}
	return s.take(ctx)
}
