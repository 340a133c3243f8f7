package zipformer

import (
	"errors"
	"fmt"
	"math"

	"waggle/asr/ctcbeam"
	"waggle/asr/modeldir"
	"waggle/asr/online"
	"waggle/asr/tokens"
	"waggle/models/onnx"
)

// transducer is a loaded encoder, decoder and joiner. Token 0 is the blank.
type transducer struct {
	encoder   *encoder
	predictor *predictor
	joiner    *joiner
	tokens    *tokens.Table
	unknown   int // token that is heard as silence, -1 of none
	set       Options
}

// Shared is how many runs of the encoder took how many steps of streams.
func (m *transducer) Shared() (runs, steps int64) { return m.encoder.Shared() }

// IsTransducer reports whether an encoder is that of a streaming transducer, of
// zipformer2 or of the first zipformer.
func IsTransducer(encoder *modeldir.Graph) bool {
	return IsCTC(encoder) || encoder.Meta["model_type"] == FirstType && carries(encoder)
}

// OpenTransducer opens encoder, decoder and joiner with their tokens. Errors:
// as OpenCTC.
func OpenTransducer(dir *modeldir.Dir, o Options) (*online.Recognizer, error) {
	table, err := dir.Tokens()
	if err != nil {
		return nil, err
	}
	m := &transducer{tokens: table, set: o, unknown: -1}
	if id, ok := table.ID("<unk>"); ok {
		m.unknown = id
	}
	if err := m.open(dir); err != nil {
		return nil, errors.Join(err, m.Close())
	}
	return online.New(m, m.encoder.spec(table), o.Streams)
}

func (m *transducer) open(dir *modeldir.Dir) error {
	var graphs [3]*modeldir.Graph
	for i, role := range []modeldir.Role{modeldir.Encoder, modeldir.Decoder, modeldir.Joiner} {
		g, err := dir.Graph(role)
		if err != nil {
			return err
		}
		graphs[i] = g
	}
	var err error
	if m.encoder, err = openEncoder(graphs[0]); err != nil {
		return err
	}
	if m.predictor, err = openPredictor(graphs[1]); err != nil {
		return err
	}
	if m.joiner, err = openJoiner(graphs[2]); err != nil {
		return err
	}
	if err := m.match(); err != nil {
		return fmt.Errorf("%s: %w", dir.Path, err)
	}
	return nil
}

// match sees that the three graphs belong together, by what they say and by a
// trial run of decoder and joiner.
func (m *transducer) match() error {
	if err := checkVocabulary(m.tokens, m.predictor.vocab); err != nil {
		return err
	}
	if w := m.joiner.heard; w > 0 && w != m.encoder.cols {
		return fmt.Errorf("%w: the encoder puts out %d values, the joiner takes %d: they belong to different models", ErrModel, m.encoder.cols, w)
	}
	if err := m.predictor.learn(); err != nil {
		return err
	}
	if w := m.joiner.expected; w > 0 && w != m.predictor.width {
		return fmt.Errorf("%w: the decoder puts out %d values, the joiner takes %d: they belong to different models", ErrModel, m.predictor.width, w)
	}
	trial := newMemory(m, 1)
	err := errors.Join(trial.runJoiner(1), trial.close())
	if err == nil && best(trial.scores) < 0 {
		err = ctcbeam.ErrOutput
	}
	if err != nil {
		return fmt.Errorf("%w: joining silence fails: %w", ErrModel, err)
	}
	return nil
}

// learn runs the decoder once to see how wide its output is.
func (p *predictor) learn() (err error) {
	y, err := onnx.New[int64](1, int64(p.context))
	if err != nil {
		return err
	}
	out := []onnx.Value{nil}
	defer func() { err = errors.Join(err, y.Close(), closeAll(out)) }()
	if err := p.session.Run([]onnx.Value{y}, out); err != nil {
		return fmt.Errorf("%w: the decoder fails on %d blanks: %w", ErrModel, p.context, err)
	}
	t, err := onnx.As[float32](out[0])
	if err != nil {
		return err
	}
	d := t.Dims()
	if len(d) != 2 || d[0] != 1 || d[1] < 1 || d[1] > maxWidth {
		return fmt.Errorf("%w: the decoder puts out %v, want [1, values]", ErrModel, d)
	}
	p.width = int(d[1])
	return nil
}

// Close frees the three graphs.
func (m *transducer) Close() error {
	var errs []error
	if m.encoder != nil {
		errs = append(errs, m.encoder.close())
	}
	if m.predictor != nil {
		errs = append(errs, m.predictor.session.Close())
	}
	if m.joiner != nil {
		errs = append(errs, m.joiner.session.Close())
	}
	return errors.Join(errs...)
}

// NewSearch begins a stream.
func (m *transducer) NewSearch() (online.Search, error) {
	s, err := m.encoder.newStrand()
	if err != nil {
		return nil, err
	}
	base := searchBase{model: m, strand: s}
	if paths := m.set.paths(); paths > 1 {
		base.memory = newMemory(m, paths)
		return newModifiedBeam(base, paths)
	}
	base.memory = newMemory(m, m.encoder.rows)
	return newGreedy(base)
}

// searchBase is what both searches hold.
type searchBase struct {
	model  *transducer
	strand *strand
	memory *memory
	frame  int // encoder frames since Begin
}

func (s *searchBase) Close() error {
	return errors.Join(s.memory.close(), s.strand.step.Close())
}

// start is the context of the first token: nothing, then a blank. Decoders
// know -1 as "no token".
func start(context []int64) {
	for i := range context {
		context[i] = -1
	}
	context[len(context)-1] = 0
}

// shift appends a token to a context.
func shift(context []int64, token int) {
	copy(context, context[1:])
	context[len(context)-1] = int64(token)
}

// best is the index of the greatest score, -1 when one is no number.
func best(scores []float32) int {
	b := 0
	for i, v := range scores {
		if math.IsNaN(float64(v)) {
			return -1
		}
		if v > scores[b] {
			b = i
		}
	}
	return b
}
