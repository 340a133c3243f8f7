package zipformer

import (
	"errors"
	"fmt"

	"waggle/asr/ctcbeam"
	"waggle/asr/fbank"
	"waggle/asr/hotwords"
	"waggle/asr/modeldir"
	"waggle/asr/online"
	"waggle/asr/tokens"
)

// Options of a model.
type Options struct {
	// Streams is how many are admitted at once.
	Streams int
	// Paths is how many readings a search keeps; 1 takes the best token at
	// every moment, without hotwords. 0 means DefaultPaths.
	Paths int
	// Hotwords are raised in every utterance, beside the phrases of the turn.
	Hotwords []hotwords.Hotword
}

// DefaultPaths is sherpa-onnx's max_active_paths.
const DefaultPaths = 4

// tail is how many feature frames of silence push out the last words: models
// say a word up to 0.3 s after it was spoken.
const tail = 30

func (o Options) paths() int {
	if o.Paths <= 0 {
		return DefaultPaths
	}
	return min(o.Paths, maxPaths)
}

// maxPaths bounds what a search may be asked to follow.
const maxPaths = 64

// IsCTC reports whether a graph is a streaming zipformer2 CTC model.
func IsCTC(g *modeldir.Graph) bool {
	return g.Meta["model_type"] == ModelType && carries(g)
}

// carries reports whether as many states come out as go in.
func carries(g *modeldir.Graph) bool { return len(g.Inputs) > 2 && len(g.Inputs) == len(g.Outputs) }

// OpenCTC opens a streaming CTC graph with its tokens. Errors: ErrModel,
// modeldir.ErrFiles, modeldir.ErrMetadata, tokens.ErrTokens, or those of the
// runtime.
func OpenCTC(dir *modeldir.Dir, o Options) (*online.Recognizer, error) {
	g, err := dir.Graph(modeldir.Whole)
	if err != nil {
		return nil, err
	}
	table, err := dir.Tokens()
	if err != nil {
		return nil, err
	}
	e, err := openEncoder(g)
	if err != nil {
		return nil, err
	}
	if err := checkVocabulary(table, e.cols); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", g.Path, err), e.close())
	}
	m := &ctcModel{encoder: e, tokens: table, blank: table.Blank(0), set: o}
	if m.blank >= e.cols {
		return nil, errors.Join(fmt.Errorf("%w: the blank is token %d of %d", ErrModel, m.blank, e.cols), e.close())
	}
	return online.New(m, e.spec(table), o.Streams)
}

// spec is how windows of an encoder are made and read.
func (e *encoder) spec(t *tokens.Table) online.Spec {
	return online.Spec{
		Features: fbank.Zipformer(), Window: e.Window, Shift: e.Shift, Frame: e.frame(), Tail: tail, Tokens: t,
	}
}

// checkVocabulary: more tokens than outputs are the disambiguation symbols of
// training; fewer mean another model's file.
func checkVocabulary(t *tokens.Table, outputs int) error {
	if t.Len() < outputs {
		return fmt.Errorf("%w: tokens.txt names %d tokens, the graph puts out %d: it belongs to another model", ErrModel, t.Len(), outputs)
	}
	return nil
}

// ctcModel is a CTC graph.
type ctcModel struct {
	*encoder
	tokens *tokens.Table
	blank  int
	set    Options
}

func (m *ctcModel) Close() error { return m.close() }

// NewSearch begins a stream.
func (m *ctcModel) NewSearch() (online.Search, error) {
	s, err := m.newStrand()
	if err != nil {
		return nil, err
	}
	search := &ctcSearch{model: m, strand: s}
	if paths := m.set.paths(); paths > 1 {
		search.beam = ctcbeam.NewBeam(m.blank, paths)
	} else {
		search.best = ctcbeam.NewBest1(m.blank)
	}
	return search, nil
}

// ctcSearch reads a CTC graph: one of best and beam.
type ctcSearch struct {
	model  *ctcModel
	strand *strand
	best   *ctcbeam.Best1
	beam   *ctcbeam.Beam
}

// Begin raises phrases where there is a beam; those that the tokens cannot
// write are left out.
func (s *ctcSearch) Begin(phrases []hotwords.Hotword) error {
	s.strand.step.Reset()
	if s.beam == nil {
		s.best.Reset()
		return nil
	}
	g, err := raised(s.model.tokens, s.model.set.Hotwords, phrases)
	if err != nil {
		return err
	}
	s.beam.Raise(g)
	s.beam.Reset()
	return nil
}

func (s *ctcSearch) Window(frames []float32, urgent bool) error {
	y, err := s.strand.run(frames, urgent)
	if err != nil {
		return err
	}
	for cols := s.model.cols; len(y) >= cols; y = y[cols:] {
		if err := ctcbeam.LogSoftmax(y[:cols]); err != nil {
			return err
		}
		if s.beam != nil {
			s.beam.Frame(y[:cols])
		} else {
			s.best.Frame(y[:cols])
		}
	}
	return nil
}

func (s *ctcSearch) Paths(n int) []ctcbeam.Path {
	if s.beam != nil {
		return s.beam.Paths(n)
	}
	return s.best.Paths(n)
}

func (s *ctcSearch) CopyFrom(other online.Search) error {
	o, ok := other.(*ctcSearch)
	if !ok {
		return fmt.Errorf("zipformer: a search cannot follow a %T", other)
	}
	if s.beam != nil {
		s.beam.CopyFrom(o.beam)
	} else {
		s.best.CopyFrom(o.best)
	}
	return s.strand.step.CopyFrom(o.strand.step)
}

func (s *ctcSearch) Close() error { return s.strand.step.Close() }
