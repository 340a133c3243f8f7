package online

import (
	"errors"
	"fmt"

	"waggle/asr"
	"waggle/asr/fbank"
	"waggle/audio"
)

// nBest is how many readings a transcript carries beside the best.
const nBest = 4

// stream is the Stream of a Recognizer.
type stream struct {
	owner   *Recognizer
	release func()
	search  Search
	in      asr.Intake
	feats   *fbank.Extractor
	windows *windows
	// search.Window, bound once: with time to spare, and at once.
	take, hurry func([]float32) error

	// The fork that Peek pushes silence through, made at the first Peek.
	fork        Search
	forkWindows *windows
	peeked      bool
	peekedAt    int // frames of the utterance when Peek was called
	peek        asr.Transcript

	open   bool
	closed bool

	final       asr.Transcript // of the finished utterance, until the next begins
	partial     asr.Transcript // as of partialDone windows
	partialDone int
}

var (
	_ asr.Stream     = (*stream)(nil)
	_ asr.Utterances = (*stream)(nil)
	_ asr.Peeker     = (*stream)(nil)
)

func newStream(r *Recognizer, s Search, release func()) *stream {
	return &stream{
		owner: r, release: release, search: s,
		take:  func(w []float32) error { return s.Window(w, false) },
		hurry: func(w []float32) error { return s.Window(w, true) },
		feats: fbank.NewWith(r.spec.Features), windows: newWindows(r.spec.Window, r.spec.Shift),
	}
}

// Begin starts an utterance; sound heard before it is forgotten.
func (s *stream) Begin(h asr.Hints) error {
	if s.closed {
		return asr.ErrClosed
	}
	if err := s.search.Begin(raised(h)); err != nil {
		return err
	}
	s.in.Reset()
	s.feats.Reset()
	s.windows.reset()
	s.open, s.peeked = true, false
	s.final, s.partial, s.partialDone = asr.Transcript{}, asr.Transcript{}, 0
	return nil
}

// Write hears the next frame; the first one after Finish begins an utterance
// without hints.
func (s *stream) Write(f audio.Frame) error {
	if s.closed {
		return asr.ErrClosed
	}
	if !s.open {
		if err := s.Begin(asr.Hints{}); err != nil {
			return err
		}
	}
	pcm, err := s.in.To16k(f)
	if err != nil {
		return err
	}
	s.feats.Write(pcm)
	return s.drain()
}

func (s *stream) drain() error {
	for s.feats.Read(s.windows.slot()[:]) {
		if err := s.windows.add(s.take); err != nil {
			return fmt.Errorf("asr: recognise: %w", err)
		}
	}
	return nil
}

// Result is the transcript so far, or the final one after Finish.
func (s *stream) Result() asr.Transcript {
	if !s.open {
		return s.final
	}
	if s.partialDone != s.windows.done {
		s.partial, s.partialDone = s.owner.transcript(s.search.Paths(1), s.in.Base()), s.windows.done
	}
	return s.partial
}

// Peek pushes silence through a fork of the search and reads it. These models
// do not tell whether a sentence is complete.
func (s *stream) Peek() (asr.Transcript, asr.Progress, error) {
	if s.closed {
		return asr.Transcript{}, asr.ProgressUnknown, asr.ErrClosed
	}
	if !s.open {
		return s.final, asr.ProgressUnknown, nil
	}
	if err := s.refork(); err != nil {
		return asr.Transcript{}, asr.ProgressUnknown, fmt.Errorf("asr: recognise: %w", err)
	}
	if err := s.forkWindows.finish(s.owner.spec.Tail, s.hurryFork); err != nil {
		return asr.Transcript{}, asr.ProgressUnknown, fmt.Errorf("asr: recognise: %w", err)
	}
	s.peek = s.owner.transcript(s.fork.Paths(1+nBest), s.in.Base())
	s.peeked, s.peekedAt = true, s.windows.frames
	return s.peek, asr.ProgressUnknown, s.fork.Begin(nil) // concurrent streams must not wait for the fork
}

func (s *stream) hurryFork(w []float32) error { return s.fork.Window(w, true) }

func (s *stream) refork() (err error) {
	if s.fork == nil {
		if s.fork, err = s.owner.model.NewSearch(); err != nil {
			return err
		}
		s.forkWindows = newWindows(s.owner.spec.Window, s.owner.spec.Shift)
	}
	s.forkWindows.copyFrom(s.windows)
	return s.fork.CopyFrom(s.search)
}

// Finish ends the utterance and returns its transcript. What the model still
// holds back is pushed out with silence made of the quietest recent frame.
func (s *stream) Finish() (asr.Transcript, error) {
	if s.closed {
		return asr.Transcript{}, asr.ErrClosed
	}
	if !s.open {
		return s.final, nil
	}
	s.feats.Flush()
	if err := s.drain(); err != nil {
		return asr.Transcript{}, err
	}
	if s.peeked && s.windows.silentSince(s.peekedAt) {
		s.final = s.peek
	} else {
		if err := s.windows.finish(s.owner.spec.Tail, s.hurry); err != nil {
			return asr.Transcript{}, fmt.Errorf("asr: recognise: %w", err)
		}
		s.final = s.owner.transcript(s.search.Paths(1+nBest), s.in.Base())
	}
	s.final.Final, s.open = true, false
	return s.final, s.search.Begin(nil) // concurrent streams stop waiting for this one
}

// Close gives the place in the pool back. It is idempotent.
func (s *stream) Close() error {
	if s.closed {
		return nil
	}
	s.closed = true
	var err error
	if s.fork != nil {
		err = s.fork.Close()
	}
	err = errors.Join(err, s.search.Close())
	s.release()
	return err
}
