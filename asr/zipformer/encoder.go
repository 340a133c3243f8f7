package zipformer

import (
	"errors"
	"fmt"
	"math"

	"waggle/asr/fbank"
	"waggle/asr/modeldir"
	"waggle/models/onnx"
	"waggle/models/onnx/batch"
)

// encoder is a graph with states whose streams share runs: the encoder of a
// transducer, or a whole CTC model.
type encoder struct {
	Config
	session *onnx.Session
	runner  *batch.Runner
	// Output of a step: rows frames of cols values.
	rows, cols int
}

func openEncoder(g *modeldir.Graph) (*encoder, error) {
	if t := g.Meta["model_type"]; t != ModelType && t != FirstType {
		return nil, fmt.Errorf("%w: %s has model_type %q, want %s or %s", ErrModel, g.Path, t, ModelType, FirstType)
	}
	if f := g.Meta["feature"]; f != "" && f != "fbank" {
		return nil, fmt.Errorf("%w: %s wants %s features; only fbank is made", ErrModel, g.Path, f)
	}
	c, err := ReadConfig(g.Meta)
	if err == nil {
		err = c.checkPorts(g.Inputs, g.Outputs)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", g.Path, err)
	}
	e := &encoder{Config: c}
	if e.session, err = g.OpenShared(); err != nil {
		return nil, err
	}
	if err := e.trial(); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", g.Path, err), e.close())
	}
	if e.runner, err = batch.New(e.session, c.plan(e.rows, e.cols), batch.Options{}); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w: %w", g.Path, ErrModel, err), e.close())
	}
	return e, nil
}

// trial runs one step of silence, so that a graph that does not fit its
// metadata is refused here and not in the first call, and learns the shape of
// the output, which exports often leave free.
func (e *encoder) trial() (err error) {
	var in []onnx.Value
	out := make([]onnx.Value, len(e.session.Outputs()))
	defer func() { err = errors.Join(err, closeAll(in), closeAll(out)) }()
	x, err := onnx.New[float32](1, int64(e.Window), fbank.Bins)
	if err != nil {
		return err
	}
	in = append(in, x)
	for _, s := range e.states() {
		var v onnx.Value
		if s.typ == onnx.Int64 {
			v, err = onnx.New[int64](s.Dims...)
		} else {
			v, err = onnx.New[float32](s.Dims...)
		}
		if err != nil {
			return err
		}
		in = append(in, v)
	}
	if err := e.session.Run(in, out); err != nil {
		return fmt.Errorf("%w: a step of silence fails: %w", ErrModel, err)
	}
	return e.learn(out[0])
}

func (e *encoder) learn(y onnx.Value) error {
	t, err := onnx.As[float32](y)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrModel, err)
	}
	d := t.Dims()
	if len(d) != 3 || d[0] != 1 || d[1] < 1 || d[1] > int64(e.Window) || d[2] < 2 || d[2] > maxVocab {
		return fmt.Errorf("%w: a step puts out %v, want [1, frames, values]", ErrModel, d)
	}
	for _, v := range t.Data() {
		if math.IsNaN(float64(v)) {
			return fmt.Errorf("%w: silence gives NaN", ErrModel)
		}
	}
	e.rows, e.cols = int(d[1]), int(d[2])
	return nil
}

func closeAll(values []onnx.Value) error {
	var errs []error
	for _, v := range values {
		if v != nil {
			errs = append(errs, v.Destroy())
		}
	}
	return errors.Join(errs...)
}

// frame is how many feature frames an output row stands for.
func (e *encoder) frame() int { return max(e.Shift/e.rows, 1) }

// Shared is how many runs took how many steps of streams.
func (e *encoder) Shared() (runs, steps int64) { return e.runner.Stats() }

func (e *encoder) close() error {
	var errs []error
	if e.runner != nil {
		errs = append(errs, e.runner.Close())
	}
	return errors.Join(append(errs, e.session.Close())...)
}

// strand is one stream's place in an encoder.
type strand struct {
	step *batch.Stream
	x, y []float32
}

func (e *encoder) newStrand() (*strand, error) {
	s, err := e.runner.NewStream()
	if err != nil {
		return nil, err
	}
	x, err1 := batch.Feed[float32](s, 0)
	y, err2 := batch.Fetch[float32](s, 0)
	if err := errors.Join(err1, err2); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return &strand{step: s, x: x, y: y}, nil
}

// run takes a window and returns the output, valid until the next one.
func (s *strand) run(frames []float32, urgent bool) ([]float32, error) {
	if len(frames) != len(s.x) {
		return nil, fmt.Errorf("zipformer: a window of %d values, want %d", len(frames), len(s.x))
	}
	copy(s.x, frames)
	if err := s.step.Step(urgent); err != nil {
		return nil, err
	}
	return s.y, nil
}
