package asr

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"

	"waggle/asr/ctc"
	"waggle/asr/lm"
	"waggle/asr/wagglectc"
	"waggle/models"
)

// StreamsPerCore is how many streams one core hears with room to spare: a third
// of what `waggle bench asr` measured on a busy AMD EPYC (Zen 5), since dialog,
// voice, detector and telephone need the core too.
const StreamsPerCore = 25

// Options of an Engine. The zero value suits the machine it runs on.
type Options struct {
	// Streams is how many streams are admitted at once; 0 means
	// StreamsPerCore times the cores in use.
	Streams int
	// Decoder tunes the search; zero fields take the tuned defaults.
	Decoder ctc.Settings
}

// Engine is the built-in Recognizer: a waggle_ctc graph, a lexicon with a
// language model, and a Pool. One Engine serves all calls.
type Engine struct {
	model *wagglectc.Model
	graph *ctc.Graph
	set   ctc.Settings
	pool  *Pool

	mu     sync.Mutex
	spares []*hearing // for Peek: as many as streams ever peeked at once
}

var _ Recognizer = (*Engine)(nil)

// Names of the built-in models.
const (
	modelName    = "asr-zh"
	languageName = "asr-zh-lm"
)

// OpenBuiltin loads the recogniser that ships in the binary. Errors: those of
// models.Store.Open and of New.
func OpenBuiltin(o Options) (*Engine, error) {
	graph, m, err := models.Builtin().Open(modelName)
	if err != nil {
		return nil, err
	}
	language, _, err := models.Builtin().Open(languageName)
	if err != nil {
		return nil, err
	}
	return New(m.Name, graph, language, o)
}

// New loads a recogniser from the bytes of a waggle_ctc graph and a language
// model file. name is for error messages. Errors: step.ErrModel, lm.ErrFormat,
// ctc.ErrUnits, or those of the runtime.
func New(name string, graph, language []byte, o Options) (*Engine, error) {
	words, err := lm.Read(language)
	if err != nil {
		return nil, fmt.Errorf("asr: language model of %s: %w", name, err)
	}
	model, err := wagglectc.Open(name, graph)
	if err != nil {
		return nil, err
	}
	g, err := ctc.NewGraph(words, ctc.Units{Tokens: model.Tokens, Blank: model.Blank, Syllables: model.Syllables})
	if err != nil {
		return nil, errors.Join(err, model.Close())
	}
	if o.Streams <= 0 {
		o.Streams = StreamsPerCore * runtime.GOMAXPROCS(0)
	}
	return &Engine{model: model, graph: g, set: o.Decoder, pool: NewPool(o.Streams)}, nil
}

// NewStream reserves a place in the pool; ErrSaturated when there is none.
func (e *Engine) NewStream(ctx context.Context) (Stream, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	release, err := e.pool.Acquire()
	if err != nil {
		return nil, err
	}
	s, err := newEar(e, release)
	if err != nil {
		release()
		return nil, err
	}
	return s, nil
}

// Load is how many streams are heard and how many can be.
func (e *Engine) Load() (used, size int) { return e.pool.Used(), e.pool.Size() }

// borrow returns a hearing of any state, to be given back.
func (e *Engine) borrow() (*hearing, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if n := len(e.spares); n > 0 {
		h := e.spares[n-1]
		e.spares = e.spares[:n-1]
		return h, nil
	}
	return newHearing(e)
}

func (e *Engine) giveBack(h *hearing) {
	h.rest()
	e.mu.Lock()
	defer e.mu.Unlock()
	e.spares = append(e.spares, h)
}

// Shared is how many runs of the graph took how many steps of streams since
// the Engine was opened.
func (e *Engine) Shared() (runs, steps int64) { return e.model.Shared() }

// Close frees the model; all streams must be closed before.
func (e *Engine) Close() error {
	var errs []error
	for _, h := range e.spares {
		errs = append(errs, h.close())
	}
	e.spares = nil
	return errors.Join(append(errs, e.model.Close())...)
}
