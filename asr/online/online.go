// Package online hears with streaming models that bring their own tokens, such
// as zipformer2 or streaming Paraformer, behind asr.Recognizer: it makes the
// features, cuts them into the windows that the model takes, begins and ends
// utterances, and turns tokens into words. The families below it know only
// windows and tokens. It may import asr, asr/ctcbeam, asr/fbank, asr/hotwords,
// asr/itn and asr/tokens.
package online

import (
	"context"
	"errors"
	"fmt"

	"waggle/asr"
	"waggle/asr/ctcbeam"
	"waggle/asr/fbank"
	"waggle/asr/hotwords"
	"waggle/asr/tokens"
)

// Model is a loaded graph that windows of features can be searched with.
// Implementations are safe for concurrent use.
type Model interface {
	NewSearch() (Search, error)
	// Close frees the graph; no Search may be in use.
	Close() error
}

// Search is one stream's place in a Model. It belongs to one goroutine.
type Search interface {
	// Begin forgets everything and raises the phrases where the search can.
	Begin(raised []hotwords.Hotword) error
	// Window takes the next Spec.Window frames of fbank.Bins values. An urgent
	// one does not wait for the windows of other streams.
	Window(frames []float32, urgent bool) error
	// Paths are the best n readings so far, best first, at least one.
	Paths(n int) []ctcbeam.Path
	// CopyFrom takes over where another Search of the same Model stands.
	CopyFrom(Search) error
	Close() error
}

// Spec is how a model wants to be fed and read.
type Spec struct {
	Features fbank.Options
	// Window is how many feature frames go in at once, Shift by how many the
	// next window begins later.
	Window, Shift int
	// Frame is how many feature frames a frame of ctcbeam.Token stands for.
	Frame int
	// Tail is how many feature frames of silence push out the last words.
	Tail   int
	Tokens *tokens.Table
}

// maxWindow bounds Spec.Window: 20 s.
const maxWindow = 2000

func (s Spec) check() error {
	if s.Window < 1 || s.Window > maxWindow || s.Shift < 1 || s.Shift > s.Window || s.Frame < 1 || s.Tokens == nil {
		return fmt.Errorf("asr: windows of %d frames every %d cannot be", s.Window, s.Shift)
	}
	return nil
}

// Recognizer makes streams that share one Model.
type Recognizer struct {
	model Model
	spec  Spec
	pool  *asr.Pool
	// written: the model itself writes punctuation and figures.
	written bool
}

var _ asr.Recognizer = (*Recognizer)(nil)

// New wraps a model and owns it: on an error it is closed. streams is how many
// are admitted at once.
func New(m Model, s Spec, streams int) (*Recognizer, error) {
	if err := s.check(); err != nil {
		return nil, errors.Join(err, m.Close())
	}
	return &Recognizer{model: m, spec: s, pool: asr.NewPool(streams), written: punctuates(s.Tokens)}, nil
}

// punctuates reports whether a model has tokens for the ends of sentences.
func punctuates(t *tokens.Table) bool {
	for _, mark := range []string{"。", "，", "？"} {
		if _, ok := t.ID(mark); ok {
			return true
		}
	}
	return false
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
	search, err := r.model.NewSearch()
	if err != nil {
		release()
		return nil, err
	}
	return newStream(r, search, release), nil
}

// Load is how many streams are heard and how many can be.
func (r *Recognizer) Load() (used, size int) { return r.pool.Used(), r.pool.Size() }

// Shared is how many runs of the model took how many steps of streams; zeros
// where the model does not tell.
func (r *Recognizer) Shared() (runs, steps int64) {
	if m, ok := r.model.(interface{ Shared() (runs, steps int64) }); ok {
		return m.Shared()
	}
	return 0, 0
}

// Close frees the model; all streams must be closed before.
func (r *Recognizer) Close() error { return r.model.Close() }
