package asr

import (
	"errors"
	"time"

	"waggle/asr/ctc"
	"waggle/asr/fbank"
	"waggle/asr/itn"
	"waggle/audio"
)

// ErrClosed says that a stream was used after Close.
var ErrClosed = errors.New("asr: the stream is closed")

// How much the hints of a turn raise what fits them, in natural logarithms:
// enough to win a close race, not enough to overrule clear speech.
const (
	digitsBoost = 3.0
	yesNoBoost  = 2.0
	phraseBoost = 4.0
)

// nBest is how many readings a transcript carries beside the best.
const nBest = 4

// ear is the Stream of an Engine.
type ear struct {
	engine  *Engine
	release func()
	in      Intake
	now     *hearing

	open    bool       // an utterance is running
	final   Transcript // of the finished utterance, until the next begins
	partial Transcript // as of partialRows, so that asking often costs nothing
	closed  bool

	partialRows int
	peeked      peeked
}

var (
	_ Stream      = (*ear)(nil)
	_ Utterances  = (*ear)(nil)
	_ Progressive = (*ear)(nil)
	_ Peeker      = (*ear)(nil)
)

func newEar(e *Engine, release func()) (*ear, error) {
	now, err := newHearing(e)
	if err != nil {
		return nil, err
	}
	return &ear{engine: e, release: release, now: now}, nil
}

// Begin starts an utterance; sound heard before it is forgotten.
func (s *ear) Begin(h Hints) error {
	if s.closed {
		return ErrClosed
	}
	d := ctc.Hints{Phrases: h.Phrases, PhraseBoost: phraseBoost, Lengths: h.Lengths}
	switch h.Kind {
	case HintDigits:
		d.Digits = digitsBoost
	case HintYesNo:
		d.YesNo = yesNoBoost
	}
	s.now.begin(d)
	s.in.Reset()
	s.open, s.final = true, Transcript{}
	s.partial, s.partialRows, s.peeked = Transcript{}, 0, peeked{}
	return nil
}

// Write hears the next frame; the first one after Finish begins an utterance
// without hints.
func (s *ear) Write(f audio.Frame) error {
	if s.closed {
		return ErrClosed
	}
	if !s.open {
		if err := s.Begin(Hints{}); err != nil {
			return err
		}
	}
	pcm, err := s.in.To16k(f)
	if err != nil {
		return err
	}
	return s.now.write(pcm)
}

// Result is the transcript so far, or the final one after Finish.
func (s *ear) Result() Transcript {
	if !s.open {
		return s.final
	}
	if err := s.now.settle(); err != nil {
		return s.partial // the next Write or Finish says what is wrong
	}
	if rows := s.now.decoder.Rows(); rows != s.partialRows {
		s.partial, s.partialRows = s.transcript([]ctc.Reading{s.now.decoder.Best()}), rows
	}
	return s.partial
}

// Progress is how finished the sentence sounds, as far as the graph has said.
func (s *ear) Progress() Progress {
	if !s.open {
		return ProgressUnknown
	}
	return progressOf(s.now.decoder)
}

func progressOf(d *ctc.Decoder) Progress {
	switch d.Finish() {
	case 1:
		return ProgressComplete
	case -1:
		return ProgressUnfinished
	}
	return ProgressUnknown
}

// Finish ends the utterance and returns its transcript.
func (s *ear) Finish() (Transcript, error) {
	if s.closed {
		return Transcript{}, ErrClosed
	}
	if !s.open {
		return s.final, nil
	}
	if err := s.now.settle(); err != nil {
		return Transcript{}, err
	}
	if s.peeked.holds(s.now) {
		s.final = s.peeked.transcript
	} else {
		if err := s.now.end(); err != nil {
			return Transcript{}, err
		}
		s.final = s.transcript(s.now.decoder.Readings(1 + nBest))
	}
	s.final.Final = true
	s.open = false
	s.now.rest()
	return s.final, nil
}

func (s *ear) transcript(readings []ctc.Reading) Transcript {
	best := readings[0]
	spoken := best.Text()
	t := Transcript{Spoken: spoken, Text: itn.Normalise(spoken)}
	if spoken == "" {
		return t
	}
	t.Evidence = evidence(readings)
	t.Confidence = t.Evidence.confidence()
	for _, w := range best.Words {
		t.Words = append(t.Words, Word{
			Text: w.Text, Confidence: wordConfidence(w), Start: s.at(w.Begin), End: s.at(w.End),
		})
	}
	for _, r := range readings[1:] {
		if text := itn.Normalise(r.Text()); text != "" && text != t.Text {
			t.NBest = append(t.NBest, Alternative{Text: text, Confidence: alternativeConfidence(t.Confidence, best, r)})
		}
	}
	return t
}

// at is the time in the stream that an output row belongs to.
func (s *ear) at(row int) time.Duration {
	m := s.engine.model
	const frame = time.Second * fbank.Shift / fbank.Rate
	return max(s.in.Base()+time.Duration((row-m.Lookahead)*m.Subsampling)*frame, 0)
}

// Close gives the place in the pool back. It is idempotent.
func (s *ear) Close() error {
	if s.closed {
		return nil
	}
	s.closed = true
	s.release()
	return s.now.close()
}
