package offlinectc

import (
	"errors"
	"fmt"

	"waggle/asr/fbank"
	"waggle/asr/modeldir"
	"waggle/asr/offline"
	"waggle/models/onnx"
)

// form is how a graph takes features and gives scores.
type form interface {
	// check compares the ports with the form's. Errors: offline.ErrModel.
	check(*modeldir.Graph) error
	// columns is the size of the vocabulary, 0 where only tokens.txt tells it.
	// Errors: offline.ErrModel, modeldir.ErrMetadata.
	columns(*modeldir.Graph) (int, error)
	// run hands read the scores of each utterance, whole rows of m.cols, which
	// are read's to change and valid until it returns.
	run(m *Model, features []offline.Matrix, read func(i int, scores []float32) error) error
}

func free(dims ...int64) onnx.Port { return onnx.Port{Type: onnx.Float32, Dims: dims} }

var lengths = onnx.Port{Type: onnx.Int64, Dims: []int64{-1}}

// columns is V: vocab_size where there is one, else the shape of the output.
func columns(g *modeldir.Graph) (int, error) {
	shape := lastDim(g)
	n, err := g.Meta.IntOr("vocab_size", 2, offline.MaxVocabulary, shape)
	switch {
	case err != nil:
		return 0, err
	case n < 2 || n > offline.MaxVocabulary:
		return 0, fmt.Errorf("%w: the output has %d columns, want 2 to %d", offline.ErrModel, n, offline.MaxVocabulary)
	case shape > 0 && n != shape:
		return 0, fmt.Errorf("%w: vocab_size is %d, the output has %d columns", offline.ErrModel, n, shape)
	}
	return n, nil
}

// lastDim is the last of the three dimensions of the scores, 0 where it is free.
func lastDim(g *modeldir.Graph) int {
	if y := g.Outputs; len(y) > 0 && len(y[0].Dims) == 3 && y[0].Dims[2] > 0 {
		return int(min(y[0].Dims[2], offline.MaxVocabulary+1))
	}
	return 0
}

// withLengths is icefall's and WeNet's: x [N,T,80] float32, x_lens [N] int64 ->
// log_probs [N,L,V] float32, log_probs_len [N] int64 or int32.
type withLengths struct{}

func (withLengths) check(g *modeldir.Graph) error {
	if err := offline.CheckGraph(g, []onnx.Port{free(-1, -1, fbank.Bins), lengths}, []onnx.Port{free(-1, -1, -1)}); err != nil {
		return err
	}
	if len(g.Outputs) < 2 {
		return fmt.Errorf("%w: 1 output, want log_probs and their lengths", offline.ErrModel)
	}
	return nil
}

func (withLengths) columns(g *modeldir.Graph) (int, error) { return columns(g) }

func (withLengths) run(m *Model, features []offline.Matrix, read func(int, []float32) error) error {
	out, _, err := offline.RunPadded(m.session, features, silence)
	if err != nil {
		return err
	}
	defer out.Close()
	return m.each(out, len(features), read, func(i int) (int, error) { return out.Int(1, i) })
}

// each reads scores [N,L,V], of each utterance as many rows as count says.
func (m *Model) each(out offline.Outputs, n int, read func(int, []float32) error, count func(i int) (int, error)) error {
	scores, dims, err := out.Floats(0, int64(n), -1, int64(m.cols))
	if err != nil {
		return err
	}
	for i := range n {
		rows, err := count(i)
		if err != nil {
			return err
		}
		if rows < 0 || rows > int(dims[1]) {
			return fmt.Errorf("%w: %d rows of output are said to be of use, there are %d", offline.ErrModel, rows, dims[1])
		}
		if err := read(i, scores[i*int(dims[1])*m.cols:][:rows*m.cols]); err != nil {
			return err
		}
	}
	return nil
}

// channelsFirst is NeMo's: x [N,80,T] float32, x_lens [N] int64 -> log_probs
// [N,L,V] float32. A row stands for subsampling_factor frames; vocab_size does
// not count the blank, which comes last.
type channelsFirst struct{}

func (channelsFirst) check(g *modeldir.Graph) error {
	switch normal := g.Meta["normalize_type"]; {
	case g.Meta["is_giga_am"] != "" && g.Meta["is_giga_am"] != "0":
		return fmt.Errorf("%w: it is a GigaAM model, whose features are not made here", offline.ErrModel)
	case normal != "" && normal != normalised:
		return fmt.Errorf("%w: normalize_type is %q, only %s is done here", offline.ErrModel, normal, normalised)
	case len(g.Inputs) > 2:
		return fmt.Errorf("%w: %d inputs, want 2: NeMo's streaming models are not known here", offline.ErrModel, len(g.Inputs))
	}
	return offline.CheckGraph(g, []onnx.Port{free(-1, fbank.Bins, -1), lengths}, []onnx.Port{free(-1, -1, -1)})
}

func (channelsFirst) columns(g *modeldir.Graph) (int, error) {
	n := lastDim(g)
	if n == 1 || n > offline.MaxVocabulary {
		return 0, fmt.Errorf("%w: the output has %d columns, want 2 to %d", offline.ErrModel, n, offline.MaxVocabulary)
	}
	return n, nil
}

func (channelsFirst) run(m *Model, features []offline.Matrix, read func(int, []float32) error) (err error) {
	padded, rows, err := offline.Pad(features, silence)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, padded.Close()) }()
	x, err := swapped(padded)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, x.Close()) }()
	lens, err := offline.Ints(lengths, rows...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lens.Destroy()) }()
	out, err := offline.Run(m.session, x, lens)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	return m.each(out, len(features), read, func(i int) (int, error) { return rows[i] / m.kind.subsampling, nil })
}

// swapped is [N,T,C] as [N,C,T].
func swapped(t *onnx.Tensor[float32]) (*onnx.Tensor[float32], error) {
	d := t.Dims()
	out, err := onnx.New[float32](d[0], d[2], d[1])
	if err != nil {
		return nil, err
	}
	from, to := t.Data(), out.Data()
	rows, cols := int(d[1]), int(d[2])
	for n := 0; n < len(from); n += rows * cols {
		for r := range rows {
			for c := range cols {
				to[n+c*rows+r] = from[n+r*cols+c]
			}
		}
	}
	return out, nil
}

// timeFirst is TeleSpeech's: x [1,T,40] float32 -> logits [L,1,V] float32. It
// takes one utterance at a time.
type timeFirst struct{}

func (timeFirst) check(g *modeldir.Graph) error {
	return offline.CheckGraph(g, []onnx.Port{free(-1, -1, int64(fbank.TeleSpeech().Values))}, []onnx.Port{free(-1, -1, -1)})
}

func (timeFirst) columns(g *modeldir.Graph) (int, error) { return columns(g) }

func (timeFirst) run(m *Model, features []offline.Matrix, read func(int, []float32) error) error {
	for i := range features {
		if err := hearOne(m, features[i:i+1], func(scores []float32) error { return read(i, scores) }); err != nil {
			return err
		}
	}
	return nil
}

func hearOne(m *Model, one []offline.Matrix, read func([]float32) error) (err error) {
	x, _, err := offline.Pad(one, silence)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, x.Close()) }()
	out, err := offline.Run(m.session, x)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	scores, _, err := out.Floats(0, -1, 1, int64(m.cols))
	if err != nil {
		return err
	}
	return read(scores)
}
