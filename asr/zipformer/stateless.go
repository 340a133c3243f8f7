package zipformer

import (
	"errors"
	"fmt"

	"waggle/asr/modeldir"
	"waggle/models/onnx"
)

// maxContext bounds how many tokens a decoder looks back on; models use 1 or 2.
const maxContext = 16

// predictor is the decoder of a stateless transducer: the last tokens in, one
// vector out. Source: Ghodsi et al., "RNN-Transducer with Stateless Prediction
// Network", ICASSP 2020.
type predictor struct {
	session *onnx.Session
	context int // tokens looked back on
	vocab   int
	width   int // values put out
}

func openPredictor(g *modeldir.Graph) (*predictor, error) {
	p, err := describePredictor(g)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", g.Path, err)
	}
	if p.session, err = g.Open(); err != nil {
		return nil, err
	}
	return p, nil
}

func describePredictor(g *modeldir.Graph) (*predictor, error) {
	vocab, err1 := g.Meta.Int("vocab_size", 2, maxVocab)
	context, err2 := g.Meta.Int("context_size", 1, maxContext)
	if err := errors.Join(err1, err2); err != nil {
		return nil, err
	}
	if len(g.Inputs) != 1 || len(g.Outputs) != 1 || g.Inputs[0].Type != onnx.Int64 || g.Outputs[0].Type != onnx.Float32 {
		return nil, fmt.Errorf("%w: a decoder takes tokens (int64) and puts out a vector (float32), not %v to %v", ErrModel, g.Inputs, g.Outputs)
	}
	return &predictor{context: context, vocab: vocab}, nil
}

// joiner combines a frame of the encoder with the decoder's vector into scores
// of the next token. Source: Graves, "Sequence Transduction with Recurrent
// Neural Networks", 2012.
type joiner struct {
	session         *onnx.Session
	heard, expected int // widths of encoder's and decoder's vectors; 0 unknown
}

func openJoiner(g *modeldir.Graph) (*joiner, error) {
	if len(g.Inputs) != 2 || len(g.Outputs) != 1 {
		return nil, fmt.Errorf("%s: %w: a joiner has 2 inputs and 1 output, not %d and %d", g.Path, ErrModel, len(g.Inputs), len(g.Outputs))
	}
	j := &joiner{heard: lastDim(g.Inputs[0]), expected: lastDim(g.Inputs[1])}
	var err error
	if j.session, err = g.Open(); err != nil {
		return nil, err
	}
	return j, nil
}

// lastDim is the size of the last dimension, 0 where the graph leaves it free.
func lastDim(p onnx.Port) int {
	if len(p.Dims) == 0 {
		return 0
	}
	return int(max(p.Dims[len(p.Dims)-1], 0))
}

// memory is what a search lends to its runs of decoder and joiner: tensors over
// memory of its own, bound to the graphs once for each number of rows.
type memory struct {
	model    *transducer
	contexts []int64   // rows x context: tokens before
	vectors  []float32 // rows x width: what the decoder makes of them
	heard    []float32 // rows x width of the encoder
	scores   []float32 // rows x vocab
	predict  []*bound
	join     []*bound
}

// bound is a run of a certain number of rows.
type bound struct {
	run     *onnx.Binding
	tensors []interface{ Close() error }
}

func newMemory(m *transducer, rows int) *memory {
	return &memory{
		model:    m,
		contexts: make([]int64, rows*m.predictor.context),
		vectors:  make([]float32, rows*m.predictor.width),
		heard:    make([]float32, rows*m.encoder.cols),
		scores:   make([]float32, rows*m.predictor.vocab),
		predict:  make([]*bound, rows+1),
		join:     make([]*bound, rows+1),
	}
}

// runPredictor turns the first n rows of contexts into vectors.
func (m *memory) runPredictor(n int) error {
	if m.predict[n] == nil {
		p := m.model.predictor
		in, err := onnx.View(m.contexts[:n*p.context], int64(n), int64(p.context))
		if err != nil {
			return err
		}
		out, err := onnx.View(m.vectors[:n*p.width], int64(n), int64(p.width))
		if err != nil {
			return errors.Join(err, in.Close())
		}
		b := &bound{tensors: []interface{ Close() error }{in, out}}
		if b.run, err = p.session.Bind([]onnx.Value{in}, []onnx.Value{out}); err != nil {
			return errors.Join(err, b.close())
		}
		m.predict[n] = b
	}
	return m.predict[n].run.Run()
}

// runJoiner scores the first n rows of heard and vectors.
func (m *memory) runJoiner(n int) error {
	if m.join[n] == nil {
		heard, width, vocab := m.model.encoder.cols, m.model.predictor.width, m.model.predictor.vocab
		a, err1 := onnx.View(m.heard[:n*heard], int64(n), int64(heard))
		c, err2 := onnx.View(m.vectors[:n*width], int64(n), int64(width))
		out, err3 := onnx.View(m.scores[:n*vocab], int64(n), int64(vocab))
		if err := errors.Join(err1, err2, err3); err != nil {
			return err
		}
		b := &bound{tensors: []interface{ Close() error }{a, c, out}}
		var err error
		if b.run, err = m.model.joiner.session.Bind([]onnx.Value{a, c}, []onnx.Value{out}); err != nil {
			return errors.Join(err, b.close())
		}
		m.join[n] = b
	}
	return m.join[n].run.Run()
}

func (m *memory) close() error {
	var errs []error
	for _, b := range append(append([]*bound{}, m.predict...), m.join...) {
		if b != nil {
			errs = append(errs, b.close())
		}
	}
	return errors.Join(errs...)
}

func (b *bound) close() error {
	var errs []error
	if b.run != nil {
		errs = append(errs, b.run.Close())
	}
	for _, t := range b.tensors {
		errs = append(errs, t.Close())
	}
	return errors.Join(errs...)
}
