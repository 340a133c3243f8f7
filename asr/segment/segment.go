// Package segment hears with models that take a whole utterance at once:
// offline recognisers such as Paraformer, SenseVoice or Whisper. It gathers the
// sound between Begin and Finish and runs the model at the end, behind the same
// asr.Recognizer as a streaming model, so that calls, the API and `waggle
// transcribe` need not know the difference. It may import asr, asr/itn and
// audio.
package segment

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"waggle/asr"
)

// Rate is the sample rate that models are given, in Hz.
const Rate = 16000

// ErrTooLong says that an utterance outgrew Options.Longest. What was heard up
// to there is kept: Finish still returns its transcript.
var ErrTooLong = errors.New("asr: the utterance is longer than the recogniser takes at once; call Finish, then go on")

// Model runs a graph over whole utterances. Implementations are safe for
// concurrent use.
type Model interface {
	// Recognise returns one Reading per utterance, of which there are 1 to
	// Batch().
	Recognise(utterances []Utterance) ([]Reading, error)
	// Batch is the most utterances of one call: 1 where the graph fixes it.
	Batch() int
	// Close frees the graph; no Recognise may be in progress.
	Close() error
}

// Utterance is what a model is to read.
type Utterance struct {
	// PCM is mono sound at Rate; it may be empty.
	PCM []int16
	// Phrases are texts that are likely this turn, for models that can raise
	// them.
	Phrases []string
}

// Reading is what a model made of one utterance.
type Reading struct {
	// Text is what was said; empty when nothing was.
	Text string
	// Written is true when the model itself wrote numbers and punctuation.
	Written bool
	// Words carry times from the beginning of the utterance.
	Words []asr.Word
	// Confidence is the geometric mean of the posteriors of the tokens, in
	// [0,1]. It ranks, but is not calibrated as the built-in model's is.
	Confidence float32
	// NBest lists other readings, best first.
	NBest []asr.Alternative
	// Tags is what the model said beside the words.
	Tags asr.Tags
}

// Options of a Recognizer. The zero value suits calls on this machine.
type Options struct {
	// Streams is how many calls are heard at once; 0 derives it from how long
	// the model took for its trial run.
	Streams int
	// Runs is how many runs go on at once; 0 means the cores in use.
	Runs int
	// Longest utterance; 0 means the Endpointer's Max, its PreRoll and a second.
	Longest time.Duration
	// Partial is how much new sound an interim run of Result needs; 0 means
	// 700 ms, below zero turns interim runs off.
	Partial time.Duration
	// Punctuate is applied to Text unless the model punctuates; may be nil.
	Punctuate func(string) (string, error)
}

func (o Options) orDefault() Options {
	if o.Runs <= 0 {
		o.Runs = runtime.GOMAXPROCS(0)
	}
	if o.Longest <= 0 {
		d := asr.DefaultEndpointSettings()
		o.Longest = d.Max + d.PreRoll + time.Second
	}
	if o.Partial == 0 {
		o.Partial = 700 * time.Millisecond
	}
	return o
}

// Recognizer makes streams that share one Model.
type Recognizer struct {
	model Model
	set   Options
	runs  *runs
	pool  *asr.Pool
}

var _ asr.Recognizer = (*Recognizer)(nil)

// New wraps a model and owns it: on an error it is closed. A second of silence
// is run through it, so that a graph that does not fit its metadata is refused
// here and not in the first call.
func New(m Model, o Options) (*Recognizer, error) {
	o = o.orDefault()
	r := &Recognizer{model: m, set: o, runs: newRuns(m, o.Runs)}
	for range 2 { // the first one also pays for what the runtime sets up
		r.runs.pace = 0
		if _, err := r.runs.do(Utterance{PCM: make([]int16, Rate)}); err != nil {
			return nil, errors.Join(fmt.Errorf("asr: trial run: %w", err), m.Close())
		}
	}
	if o.Streams <= 0 {
		o.Streams = capacity(r.runs.cost(time.Second), o.Runs)
	}
	r.pool = asr.NewPool(o.Streams)
	return r, nil
}

// capacity is how many calls can be heard when a second of speech costs that
// long on one of the cores. Callers speak less than half of the time, and half
// of the machine is for everything else, so that a caller counts for a second
// per second; beyond asr.StreamsPerCore other limits hold.
func capacity(perSecond time.Duration, cores int) int {
	most := asr.StreamsPerCore * cores
	if perSecond <= 0 {
		return most
	}
	return min(max(int(time.Duration(cores)*time.Second/perSecond), 1), most)
}

// NewStream reserves a place in the pool; asr.ErrSaturated when there is none.
func (r *Recognizer) NewStream(ctx context.Context) (asr.Stream, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	release, err := r.pool.Acquire()
	if err != nil {
		return nil, err
	}
	return &stream{owner: r, release: release}, nil
}

// Load is how many streams are heard and how many can be.
func (r *Recognizer) Load() (used, size int) { return r.pool.Used(), r.pool.Size() }

// Close frees the model; all streams must be closed before.
func (r *Recognizer) Close() error { return r.model.Close() }
