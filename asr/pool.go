package asr

import "sync/atomic"

// Pool counts the streams that are heard at once. It never queues: a call that
// cannot be heard well is refused at the door, and calls in progress do not
// notice. The zero value has no room.
type Pool struct {
	size int64
	used atomic.Int64
}

// NewPool makes a pool of size places.
func NewPool(size int) *Pool { return &Pool{size: int64(size)} }

// Acquire takes a place, or returns ErrSaturated. The place is given back by
// calling release; calling it again does nothing.
func (p *Pool) Acquire() (release func(), err error) {
	if p.used.Add(1) > p.size {
		p.used.Add(-1)
		return nil, ErrSaturated
	}
	var done atomic.Bool
	return func() {
		if done.CompareAndSwap(false, true) {
			p.used.Add(-1)
		}
	}, nil
}

// Used is how many places are taken.
func (p *Pool) Used() int { return int(p.used.Load()) }

// Size is how many places there are.
func (p *Pool) Size() int { return int(p.size) }
