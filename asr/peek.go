package asr

import (
	"errors"

	"waggle/asr/fbank"
)

// Peeker is implemented by streams that can say, while the utterance is still
// open, what they would return if it ended now.
type Peeker interface {
	// Peek is the transcript that Finish would return at this moment, but not
	// Final, and how finished the sentence is. The utterance stays open: sound
	// written later is heard as if Peek had never been called. It costs about
	// as much as Finish, so it is meant for once or twice in a pause, not for
	// every frame. A Finish that follows without new speech in between costs
	// next to nothing.
	Peek() (Transcript, Progress, error)
}

// peekLasts is for how long sound after a Peek is taken for the rest of the
// same pause.
const peekLasts = 300 * fbank.Rate / 1000 / fbank.Shift // feature frames

// peeked is what a Peek found.
type peeked struct {
	transcript Transcript
	progress   Progress
	frames     int // heard until then
}

// holds reports whether a Finish now would say the same: the same words stand
// first, and what was heard since is the rest of the pause.
func (p *peeked) holds(h *hearing) bool {
	return p.frames > 0 && h.frames-p.frames <= peekLasts && h.decoder.Best().Text() == p.transcript.Spoken
}

// Peek lets a copy of the utterance end.
func (s *ear) Peek() (Transcript, Progress, error) {
	switch {
	case s.closed:
		return Transcript{}, ProgressUnknown, ErrClosed
	case !s.open:
		return s.final, ProgressUnknown, nil
	}
	if err := s.now.settle(); err != nil {
		return Transcript{}, ProgressUnknown, err
	}
	if s.peeked.frames == s.now.frames && s.now.frames > 0 {
		return s.peeked.transcript, s.peeked.progress, nil
	}
	copied, err := s.engine.borrow()
	if err != nil {
		return Transcript{}, ProgressUnknown, err
	}
	defer s.engine.giveBack(copied)
	if err := errors.Join(copied.copyFrom(s.now), copied.end()); err != nil {
		return Transcript{}, ProgressUnknown, err
	}
	s.peeked = peeked{s.transcript(copied.decoder.Readings(1 + nBest)), progressOf(copied.decoder), s.now.frames}
	return s.peeked.transcript, s.peeked.progress, nil
}
