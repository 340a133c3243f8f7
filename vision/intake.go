package vision

import (
	"context"
	"errors"
	"io"
)

// Intake decodes photos of many senders with bounded memory: at most Reading
// files are held while they arrive and at most Decoding are unpacked at once.
// Who cannot be served while its context lasts gets ErrBusy.
type Intake struct {
	limits   Limits
	reading  chan struct{}
	decoding chan struct{}
}

// NewIntake allows that many files in memory and that many decoders at once.
func NewIntake(l Limits, reading, decoding int) *Intake {
	return &Intake{limits: l, reading: make(chan struct{}, max(1, reading)), decoding: make(chan struct{}, max(1, decoding))}
}

// Decode is the function Decode behind the bounds. The deadline of ctx caps
// the wait; a slow sender is cut off by the reader's own deadline.
func (in *Intake) Decode(ctx context.Context, r io.Reader) (Image, error) {
	if err := enter(ctx, in.reading); err != nil {
		return Image{}, err
	}
	defer leave(in.reading)
	raw, h, err := read(r, in.limits)
	if err != nil {
		return Image{}, err
	}
	if err := enter(ctx, in.decoding); err != nil {
		return Image{}, err
	}
	defer leave(in.decoding)
	return raw.decode(h, in.limits)
}

func enter(ctx context.Context, slots chan struct{}) error {
	select {
	case slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return errors.Join(&Refusal{Verdict: ErrBusy}, ctx.Err())
	}
}

func leave(slots chan struct{}) { <-slots }
