package asr

import (
	"errors"
	"fmt"
	"time"

	"waggle/asr/ctc"
	"waggle/asr/fbank"
	"waggle/asr/itn"
	"waggle/asr/step"
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

// quietWindow is how many feature frames are searched for the quietest one,
// which stands in for the silence after the utterance.
const quietWindow = 40

// ear is the Stream of an Engine.
type ear struct {
	engine  *Engine
	release func()
	run     *step.State
	in      intake
	feats   *fbank.Extractor
	decoder *ctc.Decoder

	chunk  []float32             // features waiting for a whole chunk
	recent [][fbank.Bins]float32 // ring of the newest frames
	frames int                   // feature frames since the utterance began
	skip   int                   // output rows still to drop: the graph's delay

	written time.Duration // sound written since the stream began
	base    time.Duration // where the utterance began, once based
	based   bool
	open    bool       // an utterance is running
	final   Transcript // of the finished utterance, until the next begins
	partial Transcript // as of partialRows, so that asking often costs nothing
	closed  bool

	partialRows int
}

var (
	_ Stream      = (*ear)(nil)
	_ Utterances  = (*ear)(nil)
	_ Progressive = (*ear)(nil)
)

func newEar(e *Engine, release func()) (*ear, error) {
	run, err := e.model.NewState()
	if err != nil {
		return nil, err
	}
	return &ear{
		engine: e, release: release, run: run, feats: fbank.New(), decoder: e.graph.NewDecoder(e.set),
		chunk:  make([]float32, 0, e.model.Chunk*fbank.Bins),
		recent: make([][fbank.Bins]float32, quietWindow),
	}, nil
}

// Begin starts an utterance; sound heard before it is forgotten.
func (s *ear) Begin(h Hints) error {
	if s.closed {
		return ErrClosed
	}
	d := ctc.Hints{Phrases: h.Phrases, PhraseBoost: phraseBoost}
	switch h.Kind {
	case HintDigits:
		d.Digits = digitsBoost
	case HintYesNo:
		d.YesNo = yesNoBoost
	}
	s.decoder.Begin(d)
	s.run.Reset()
	s.feats.Reset()
	s.in.reset()
	s.chunk, s.frames = s.chunk[:0], 0
	s.open, s.final = true, Transcript{}
	s.partial, s.partialRows = Transcript{}, 0
	s.based = false
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
	pcm, err := s.in.to16k(f)
	if err != nil {
		return err
	}
	if !s.based {
		s.base, s.based = f.TS, true
		if f.TS == 0 {
			s.base = s.written // frames without media time
		}
	}
	s.written += f.Duration()
	s.feats.Write(pcm)
	return s.drain()
}

// drain takes the frames that are ready through the graph and the search.
func (s *ear) drain() error {
	for {
		row := &s.recent[s.frames%quietWindow]
		if !s.feats.Read(row[:]) {
			return nil
		}
		s.frames++
		if err := s.push(row[:]); err != nil {
			return err
		}
	}
}

func (s *ear) push(row []float32) error {
	s.chunk = append(s.chunk, row...)
	if len(s.chunk) < cap(s.chunk) {
		return nil
	}
	out, err := s.run.Step(s.chunk)
	if err != nil {
		return fmt.Errorf("asr: recognise: %w", err)
	}
	s.chunk = s.chunk[:0]
	for width := s.engine.model.Cols; len(out) > 0; out = out[width:] {
		s.decoder.Frame(out[:width])
	}
	return nil
}

// Result is the transcript so far, or the final one after Finish.
func (s *ear) Result() Transcript {
	if !s.open {
		return s.final
	}
	if rows := s.decoder.Rows(); rows != s.partialRows {
		s.partial, s.partialRows = s.transcript([]ctc.Reading{s.decoder.Best()}), rows
	}
	return s.partial
}

// Progress is how finished the sentence sounds.
func (s *ear) Progress() Progress {
	if !s.open {
		return ProgressUnknown
	}
	switch s.decoder.Finish() {
	case 1:
		return ProgressComplete
	case -1:
		return ProgressUnfinished
	}
	return ProgressUnknown
}

// Finish ends the utterance and returns its transcript. What the graph still
// holds back is pushed out with a pause made of the quietest recent frame.
func (s *ear) Finish() (Transcript, error) {
	if s.closed {
		return Transcript{}, ErrClosed
	}
	if !s.open {
		return s.final, nil
	}
	s.feats.Flush()
	if err := s.drain(); err != nil {
		return Transcript{}, err
	}
	if err := s.flush(); err != nil {
		return Transcript{}, err
	}
	s.final = s.transcript(s.decoder.Readings(1 + nBest))
	s.final.Final = true
	s.open = false
	return s.final, nil
}

// flush appends a pause until the graph has said nothing for as long as it may
// lag behind. After an endpoint most of that pause was heard already, so that
// one chunk is enough.
func (s *ear) flush() error {
	if s.frames == 0 {
		return nil
	}
	m := s.engine.model
	quiet := s.quietest()
	for chunks := (m.Lookahead+1)/m.Rows + 2; chunks > 0; chunks-- {
		for first := true; first || len(s.chunk) > 0; first = false {
			if err := s.push(quiet[:]); err != nil {
				return err
			}
		}
		if s.decoder.Quiet() > m.Lookahead {
			return nil
		}
	}
	return nil
}

func (s *ear) quietest() [fbank.Bins]float32 {
	best, least := 0, float32(0)
	for i := range min(s.frames, quietWindow) {
		sum := float32(0)
		for _, v := range s.recent[i] {
			sum += v
		}
		if i == 0 || sum < least {
			best, least = i, sum
		}
	}
	return s.recent[best]
}

func (s *ear) transcript(readings []ctc.Reading) Transcript {
	best := readings[0]
	spoken := best.Text()
	t := Transcript{Spoken: spoken, Text: itn.Normalise(spoken)}
	if spoken == "" {
		return t
	}
	t.Confidence = confidence(readings)
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
	return max(s.base+time.Duration((row-m.Lookahead)*m.Subsampling)*frame, 0)
}

// Close gives the place in the pool back. It is idempotent.
func (s *ear) Close() error {
	if s.closed {
		return nil
	}
	s.closed = true
	s.release()
	return s.run.Close()
}
