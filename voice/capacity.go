package voice

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Why a call is refused at the door.
var (
	// ErrFull: SIP 503 or HTTP 503, with Retry-After.
	ErrFull = errors.New("voice: all lines are busy")
	// ErrDraining: the gateway is stopping; the same answer.
	ErrDraining = errors.New("voice: the gateway is stopping")
)

// RetryAfter is what refused callers are told to wait: about the length of a
// short call.
const RetryAfter = 30 * time.Second

// Drain gives calls this long to end by themselves, and then this long to
// hear a goodbye.
const (
	drainTime   = 120 * time.Second
	goodbyeTime = 15 * time.Second
)

// Capacity counts calls. It is a count and not a queue: who cannot be served
// well is refused at once, and calls in progress do not notice.
type Capacity struct {
	seats  int
	checks []func() error

	mu       sync.Mutex
	taken    int
	draining bool
	empty    chan struct{} // closed when draining and nobody is left
	closing  chan struct{}
	farewell sync.Once
}

// NewCapacity allows so many calls at once. The checks are asked for each new
// call; an error from one (recognition saturated, CPU over its limit) refuses
// the call as if all seats were taken.
func NewCapacity(seats int, checks ...func() error) *Capacity {
	return &Capacity{seats: seats, checks: checks, empty: make(chan struct{}), closing: make(chan struct{})}
}

// Admit takes a seat, or returns ErrFull or ErrDraining. release gives the
// seat back; calling it again does nothing.
func (c *Capacity) Admit() (release func(), err error) {
	for _, check := range c.checks {
		if err := check(); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrFull, err)
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.draining:
		return nil, ErrDraining
	case c.taken >= c.seats:
		return nil, ErrFull
	}
	c.taken++
	return sync.OnceFunc(c.release), nil
}

func (c *Capacity) release() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.taken--
	if c.draining && c.taken == 0 {
		close(c.empty)
	}
}

// InUse is the number of calls in progress, of how many.
func (c *Capacity) InUse() (taken, seats int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.taken, c.seats
}

// Draining reports whether new calls are refused because the gateway stops.
func (c *Capacity) Draining() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.draining
}

// Closing is closed when calls must say goodbye and end; give it to every
// Session.
func (c *Capacity) Closing() <-chan struct{} { return c.closing }

// Drain refuses new calls from now on and waits until those in progress have
// ended: up to two minutes (or until ctx ends) by themselves, then after a
// goodbye. It returns an error if calls were left even so.
func (c *Capacity) Drain(ctx context.Context) error {
	c.beginDrain()
	if c.wait(ctx, drainTime) {
		return nil
	}
	c.farewell.Do(func() { close(c.closing) })
	if c.wait(context.WithoutCancel(ctx), goodbyeTime) {
		return nil
	}
	taken, _ := c.InUse()
	return fmt.Errorf("voice: %d calls did not end", taken)
}

func (c *Capacity) beginDrain() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.draining {
		c.draining = true
		if c.taken == 0 {
			close(c.empty)
		}
	}
}

// wait reports whether the last call ended in time.
func (c *Capacity) wait(ctx context.Context, limit time.Duration) bool {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-c.empty:
		return true
	case <-timer.C:
	case <-ctx.Done():
	}
	return false
}
