package voice

import (
	"context"
	"errors"
	"fmt"
	"io"

	"waggle/asr"
)

// Listen hears a line as the ear of a Session does, with nobody to answer it,
// until the line ends: what is measured with it is what callers get. Each
// utterance is passed on with whether a Session would take its words for
// understood; if not, it would ask again.
func Listen(ctx context.Context, l Leg, with Ear, heard func(t asr.Transcript, understood bool)) (err error) {
	with = with.orDefault()
	e := newEar(Config{Leg: l, Ear: with}, NewPlayout(narrowBand))
	if err := e.open(ctx, with.Recognizer); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, e.close()) }()
	for {
		frame, err := l.Read(ctx)
		switch {
		case errors.Is(err, io.EOF) && e.inside:
			err = e.finish()
			e.pass(with.Sure, heard)
			return err
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("voice: line: %w", err)
		}
		if err := e.hear(frame); err != nil {
			return err
		}
		e.pass(with.Sure, heard)
	}
}

// pass hands out what the turn loop of a Session would be told.
func (e *ear) pass(sure float32, heard func(asr.Transcript, bool)) {
	for {
		select {
		case u := <-e.out:
			if !u.begun {
				heard(u.transcript, u.understood(sure))
			}
		default:
			return
		}
	}
}
