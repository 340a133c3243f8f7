package voice

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"waggle/asr"
	"waggle/audio"
	"waggle/dialog"
)

// errHangUp ends a session because the line has ended.
var errHangUp = errors.New("voice: the caller hung up")

// utterance is what the ear tells the turn loop: that the caller began, and
// later what was said.
type utterance struct {
	begun      bool
	transcript asr.Transcript
	speech     time.Duration // how much of it was voice
	lost       float64       // share of it that the line has lost
	asked      stopwatch     // from when the caller fell silent
}

// utterances waiting for the turn loop; a caller who goes on talking through a
// very slow answer fills it, and then the oldest words count.
const utterancesQueued = 16

// ear listens to the line: it keeps the floor by voice activity, cuts the
// sound into utterances and has them recognised. It is one goroutine.
type ear struct {
	leg        Leg
	vad        VAD
	ends       *asr.Endpointer
	barge      *BargeIn
	stream     asr.Stream
	utterances asr.Utterances
	playout    *Playout
	recording  *Recording
	expected   atomic.Pointer[expectation]
	condition  func() Condition
	transfer   *transfer // who has the caller, if a person does
	out        chan utterance
	speaking   atomic.Bool // the caller has the floor

	heard    time.Duration // media time of all frames so far
	preRoll  preRoll
	inside   bool         // between the start and the end of an utterance
	peeked   bool         // in the present pause
	more     asr.Progress // what the words say about it, once peeked
	nothing  []int16      // instead of what a line on hold plays
	front    foreground
	gain     gain
	pauses   int // how often the robot fell silent because of the line's sound
	frames   int // of this utterance
	lost     int // of them, made up for the line
	resample *audio.Resampler
	rate     int // of the frames that resample takes
	wide     []int16
}

func newEar(c Config, p *Playout) *ear {
	return &ear{
		leg: c.Leg, vad: c.Ear.VAD, ends: asr.NewEndpointer(c.Ear.Endpoint), barge: NewBargeIn(c.Ear.BargeIn),
		playout: p, recording: c.Recording, out: make(chan utterance, utterancesQueued), condition: conditionOf(c.Leg),
	}
}

// open reserves the recogniser.
func (e *ear) open(ctx context.Context, r asr.Recognizer) error {
	stream, err := r.NewStream(ctx)
	if err != nil {
		return fmt.Errorf("voice: open the ear: %w", err)
	}
	utterances, ok := stream.(asr.Utterances)
	if !ok {
		return errors.Join(fmt.Errorf("%w: the recogniser cannot tell utterances apart", ErrConfig), stream.Close())
	}
	e.stream, e.utterances = stream, utterances
	return nil
}

func (e *ear) close() error {
	if e.stream == nil {
		return nil
	}
	return e.stream.Close()
}

// expect tells what answer is likely, from the next utterance on.
func (e *ear) expect(x dialog.Expect) { e.expected.Store(expect(x)) }

// run listens until the line ends.
func (e *ear) run(ctx context.Context) error {
	for {
		frame, err := e.leg.Read(ctx)
		switch {
		case errors.Is(err, io.EOF):
			return errHangUp
		case err != nil:
			return fmt.Errorf("voice: line: %w", err)
		}
		if err := e.hear(frame); err != nil {
			return err
		}
	}
}

// hear takes one frame of the line.
func (e *ear) hear(frame audio.Frame) (err error) {
	if e.condition() == LineHeld {
		frame.PCM = e.silence(len(frame.PCM)) // music for the other side, not words for us
	}
	e.recording.Caller(frame)
	if e.transfer.joined() {
		return e.passOn(frame)
	}
	if frame, err = e.usable(frame); err != nil {
		return err
	}
	return e.listen(frame)
}

// passOn gives a person what the caller says; the robot does not listen.
func (e *ear) passOn(frame audio.Frame) error {
	e.transfer.hear(frame)
	if !e.inside {
		return nil
	}
	e.ends.Reset()
	return e.finish() // what was begun for the robot
}

// usable brings the rates that a browser sends to one that recognisers take.
func (e *ear) usable(f audio.Frame) (audio.Frame, error) {
	if f.Rate == narrowBand || f.Rate == wideBand {
		return f, nil
	}
	if e.resample == nil || e.rate != f.Rate {
		r, err := audio.NewResampler(f.Rate, wideBand)
		if err != nil {
			return f, fmt.Errorf("voice: line: %w", err)
		}
		e.resample, e.rate = r, f.Rate
	}
	e.wide = e.resample.Append(e.wide[:0], f.PCM)
	f.PCM, f.Rate = e.wide, wideBand
	return f, nil
}

// listen takes one frame through voice activity, floor and recognition.
func (e *ear) listen(f audio.Frame) error {
	e.heard += f.Duration()
	e.preRoll.push(f, e.heard)
	activity, err := e.vad.Write(f)
	if err != nil {
		return fmt.Errorf("voice: voice activity: %w", err)
	}
	activity = e.front.judge(f.PCM, f.Duration(), activity, e.inside)
	e.gain.observe(f.PCM, activity.Speech, f.Duration())
	switch e.barge.Observe(activity) {
	case FloorGive:
		e.speaking.Store(true)
		if e.playout.Busy() {
			e.pauses++
		}
		e.playout.Pause()
	case FloorClaim:
		e.speaking.Store(false)
		if !e.inside {
			e.barge.Reset()
		}
		e.playout.Resume()
	}
	if e.inside {
		e.frames++
		if f.Lost {
			e.lost++
		}
		if err := e.recognise(f); err != nil {
			return fmt.Errorf("voice: recognition: %w", err)
		}
	}
	switch e.ends.Observe(activity, e.progress()) {
	case asr.EndpointStart:
		return e.begin()
	case asr.EndpointPeek:
		return e.peek()
	case asr.EndpointResume:
		e.peeked = false
	case asr.EndpointEnd, asr.EndpointMax:
		return e.finish()
	}
	return nil
}

// recognise gives the recogniser a frame, loud enough.
func (e *ear) recognise(f audio.Frame) error { return e.stream.Write(e.gain.apply(f)) }

// silence is so many samples of it.
func (e *ear) silence(n int) []int16 {
	if len(e.nothing) < n {
		e.nothing = make([]int16, n)
	}
	return e.nothing[:n]
}

// progress is what the words say about the end of the sentence.
func (e *ear) progress() asr.Progress {
	if e.peeked {
		return e.more
	}
	if p, ok := e.stream.(asr.Progressive); ok && e.inside {
		return p.Progress()
	}
	return asr.ProgressUnknown
}

// begin opens an utterance with the sound just before it.
func (e *ear) begin() error {
	var hints asr.Hints
	if x := e.expected.Load(); x != nil {
		hints = x.hints
	}
	if err := e.utterances.Begin(hints); err != nil {
		return fmt.Errorf("voice: recognition: %w", err)
	}
	e.inside, e.peeked, e.frames, e.lost = true, false, 0, 0
	e.tell(utterance{begun: true})
	from := e.ends.SpeechStart() - e.ends.Settings().PreRoll
	if err := e.preRoll.since(from, e.recognise); err != nil {
		return fmt.Errorf("voice: recognition: %w", err)
	}
	return nil
}

// peek looks at the words when a pause begins to be one, while there is time
// to decide how long it must last.
func (e *ear) peek() error {
	p, ok := e.stream.(asr.Peeker)
	if !ok {
		return nil
	}
	transcript, progress, err := p.Peek()
	if err != nil {
		return fmt.Errorf("voice: recognition: %w", err)
	}
	e.peeked, e.more = true, finished(transcript.Text, e.expected.Load(), progress)
	return nil
}

// finish closes the utterance and passes it on. The floor stays with the
// caller until the turn loop has judged the words.
func (e *ear) finish() error {
	e.inside, e.peeked = false, false
	decided := time.Now()
	transcript, err := e.utterances.Finish()
	if err != nil {
		return fmt.Errorf("voice: recognition: %w", err)
	}
	silence := max(0, e.heard-e.ends.SpeechEnd()+hangover)
	e.speaking.Store(false)
	e.tell(utterance{transcript: transcript, speech: e.barge.Speech(), lost: float64(e.lost) / float64(max(1, e.frames)),
		asked: stopwatch{silent: decided.Add(-silence), decided: decided, final: time.Now()}})
	e.barge.Reset()
	return nil
}

func (e *ear) tell(u utterance) {
	select {
	case e.out <- u:
	default:
		e.playout.Resume() // nobody will judge it: do not stay silent for ever
	}
}
