package segment

import (
	"fmt"
	"strings"
	"time"

	"waggle/asr"
	"waggle/asr/itn"
	"waggle/audio"
)

// partialBudget is the longest interim run that Result starts. Result is called
// by the goroutine that also takes the caller's frames; two frames late is what
// the jitter buffer in front of it absorbs. A slower model gives no partial
// text, which costs nothing else: endpoints and final text do not need it.
const partialBudget = 40 * time.Millisecond

// stream is the Stream of a Recognizer.
type stream struct {
	owner   *Recognizer
	release func()
	in      asr.Intake

	pcm     []int16
	phrases []string
	open    bool
	closed  bool

	final   asr.Transcript // of the finished utterance, until the next begins
	partial asr.Transcript // as of partialAt samples
	peeked  *asr.Transcript
	// partialAt and peekedAt count samples of the utterance.
	partialAt, peekedAt int
}

var (
	_ asr.Stream     = (*stream)(nil)
	_ asr.Utterances = (*stream)(nil)
	_ asr.Peeker     = (*stream)(nil)
)

// Begin starts an utterance; sound heard before it is forgotten. Of the hints
// the phrases are passed on; a kind of answer is for models with a grammar.
func (s *stream) Begin(h asr.Hints) error {
	if s.closed {
		return asr.ErrClosed
	}
	s.in.Reset()
	s.pcm, s.phrases = s.pcm[:0], h.Phrases
	s.open = true
	s.final, s.partial, s.partialAt = asr.Transcript{}, asr.Transcript{}, 0
	s.peeked, s.peekedAt = nil, 0
	return nil
}

// Write keeps the next frame; the first one after Finish begins an utterance.
// Beyond the longest utterance it returns ErrTooLong.
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
	if room := samples(s.owner.set.Longest) - len(s.pcm); len(pcm) > room {
		s.pcm = append(s.pcm, pcm[:max(room, 0)]...)
		return fmt.Errorf("%w (%v)", ErrTooLong, s.owner.set.Longest)
	}
	s.pcm = append(s.pcm, pcm...)
	return nil
}

// Result is the newest interim transcript, or the final one after Finish. An
// interim run happens inside Result when there is enough new sound, a place is
// free (final transcripts go first) and the model is quick enough for
// partialBudget. One stream has one goroutine, so never two at once.
func (s *stream) Result() asr.Transcript {
	if !s.open {
		return s.final
	}
	r := s.owner
	if r.set.Partial < 0 || len(s.pcm)-s.partialAt < samples(r.set.Partial) || r.runs.cost(duration(len(s.pcm))) > partialBudget {
		return s.partial
	}
	reading, ran, err := r.runs.tryDo(Utterance{s.pcm, s.phrases})
	if !ran || err != nil { // the final run will tell of a lasting error
		return s.partial
	}
	if t, err := s.transcript(reading); err == nil {
		s.partial, s.partialAt = t, len(s.pcm)
	}
	return s.partial
}

// Peek runs the model on what was heard so far. When only silence follows,
// Finish returns the same without a further run.
func (s *stream) Peek() (asr.Transcript, asr.Progress, error) {
	if s.closed {
		return asr.Transcript{}, asr.ProgressUnknown, asr.ErrClosed
	}
	if !s.open {
		return s.final, asr.ProgressUnknown, nil
	}
	t, err := s.recognise()
	if err != nil {
		return asr.Transcript{}, asr.ProgressUnknown, err
	}
	s.peeked, s.peekedAt = &t, len(s.pcm)
	s.partial, s.partialAt = t, len(s.pcm)
	return t, asr.ProgressUnknown, nil
}

// Finish ends the utterance and returns its transcript.
func (s *stream) Finish() (asr.Transcript, error) {
	if s.closed {
		return asr.Transcript{}, asr.ErrClosed
	}
	if !s.open {
		return s.final, nil
	}
	t, err := s.recognise()
	if err != nil {
		return asr.Transcript{}, err
	}
	t.Final = true
	s.final, s.open = t, false
	return t, nil
}

// recognise is the transcript of the whole utterance, reusing that of a Peek
// after which nobody spoke.
func (s *stream) recognise() (asr.Transcript, error) {
	switch {
	case len(s.pcm) == 0:
		return asr.Transcript{}, nil
	case s.peeked != nil && onlySilenceSince(s.pcm, s.peekedAt):
		return *s.peeked, nil
	}
	reading, err := s.owner.runs.do(Utterance{s.pcm, s.phrases})
	if err != nil {
		return asr.Transcript{}, fmt.Errorf("asr: recognise: %w", err)
	}
	return s.transcript(reading)
}

func (s *stream) transcript(r Reading) (asr.Transcript, error) {
	t := asr.Transcript{Spoken: r.Text, Text: r.Text, Confidence: r.Confidence, Uncalibrated: true, Tags: r.Tags}
	if r.Text == "" {
		return asr.Transcript{Tags: r.Tags}, nil
	}
	if !r.Written {
		t.Text = itn.Normalise(r.Text)
		if punctuate := s.owner.set.Punctuate; punctuate != nil && !punctuated(t.Text) {
			text, err := punctuate(t.Text)
			if err != nil {
				return asr.Transcript{}, fmt.Errorf("asr: punctuate: %w", err)
			}
			t.Text = text
		}
	}
	for _, w := range r.Words {
		w.Start, w.End = max(w.Start+s.in.Base(), 0), w.End+s.in.Base() // a recording's lead-in lies before it
		t.Words = append(t.Words, w)
	}
	for _, a := range r.NBest {
		if !r.Written {
			a.Text = itn.Normalise(a.Text)
		}
		t.NBest = append(t.NBest, a)
	}
	return t, nil
}

// punctuated reports whether a model put marks, as Whisper does when it likes.
func punctuated(text string) bool {
	return strings.ContainsAny(text, "，。？！、；?!") || strings.Contains(text, ", ")
}

// Close gives the place back; closing again does nothing.
func (s *stream) Close() error {
	if !s.closed {
		s.closed = true
		s.pcm, s.peeked = nil, nil
		s.release()
	}
	return nil
}

func samples(d time.Duration) int { return int(d * Rate / time.Second) }

func duration(samples int) time.Duration { return time.Duration(samples) * time.Second / Rate }
