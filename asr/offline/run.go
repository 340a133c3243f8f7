package offline

import (
	"errors"
	"fmt"
	"slices"

	"waggle/asr/modeldir"
	"waggle/models/onnx"
)

// ErrModel says that a graph is not of the family that it claims to be: its
// ports do not fit, or its outputs are not what its metadata promise.
var ErrModel = errors.New("the graph does not fit its family")

// MaxVocabulary bounds the columns of an output, as tokens.MaxTokens does.
const MaxVocabulary = 200_000

// Batch is the most utterances of one run: most where the batch axis of the
// first input is free, else 1.
func Batch(x onnx.Port, most int) int {
	if len(x.Dims) > 0 && x.Dims[0] < 0 {
		return most
	}
	return 1
}

// CheckGraph compares the ports of a graph with what a family has. Errors:
// ErrModel.
func CheckGraph(g *modeldir.Graph, in, out []onnx.Port) error {
	if err := checkPorts("input", g.Inputs, in); err != nil {
		return err
	}
	return checkPorts("output", g.Outputs, out)
}

// checkPorts compares types and ranks of ports with what a family has, in
// order; a shape that the graph leaves open and further ports are the caller's
// business.
func checkPorts(what string, got, want []onnx.Port) error {
	if len(got) < len(want) {
		return fmt.Errorf("%w: %d %ss, want %d", ErrModel, len(got), what, len(want))
	}
	for i, w := range want {
		g := got[i]
		if len(g.Dims) == 0 {
			g.Dims = w.Dims
		}
		if g.Type != w.Type || len(g.Dims) != len(w.Dims) {
			return fmt.Errorf("%w: %s %s is %s %v, want %s %v", ErrModel, what, g.Name, g.Type, g.Dims, w.Type, w.Dims)
		}
		for d, size := range w.Dims {
			if size > 0 && g.Dims[d] > 0 && g.Dims[d] != size {
				return fmt.Errorf("%w: %s %s is %v, want %v", ErrModel, what, g.Name, g.Dims, w.Dims)
			}
		}
	}
	return nil
}

// Pad makes a tensor [len(ms), longest, Cols] filled up with fill, and the
// lengths in rows.
func Pad(ms []Matrix, fill float32) (*onnx.Tensor[float32], []int, error) {
	longest, lengths := 0, make([]int, len(ms))
	for i, m := range ms {
		lengths[i] = m.Rows()
		longest = max(longest, lengths[i])
	}
	x, err := onnx.New[float32](int64(len(ms)), int64(longest), int64(ms[0].Cols))
	if err != nil {
		return nil, nil, err
	}
	row, data := longest*ms[0].Cols, x.Data()
	for i, m := range ms {
		rest := data[i*row:][copy(data[i*row:], m.Data):row]
		for k := range rest {
			rest[k] = fill
		}
	}
	return x, lengths, nil
}

// Ints makes a vector of the element type of a port, int32 or int64.
func Ints(p onnx.Port, values ...int) (onnx.Value, error) {
	switch p.Type {
	case onnx.Int32:
		return vector[int32](values)
	case onnx.Int64:
		return vector[int64](values)
	}
	return nil, fmt.Errorf("%w: input %s is %s, want int32 or int64", ErrModel, p.Name, p.Type)
}

func vector[T int32 | int64](values []int) (onnx.Value, error) {
	t, err := onnx.New[T](int64(len(values)))
	if err != nil {
		return nil, err
	}
	for i, v := range values {
		t.Data()[i] = T(v)
	}
	return t, nil
}

// Outputs are the values of one run.
type Outputs []onnx.Value

// Run evaluates a graph and lets the runtime allocate what comes out. The
// inputs stay the caller's, the outputs must be closed.
func Run(s *onnx.Session, in ...onnx.Value) (Outputs, error) {
	out := make(Outputs, len(s.Outputs()))
	if err := s.Run(in, out); err != nil {
		return nil, errors.Join(err, out.Close())
	}
	return out, nil
}

// RunPadded evaluates a graph on utterances of different lengths: its inputs are
// the features, padded with fill, their lengths, and for each of same a value
// that all utterances have. The outputs must be closed; lengths are rows of
// features.
func RunPadded(s *onnx.Session, features []Matrix, fill float32, same ...int) (out Outputs, lengths []int, err error) {
	x, lengths, err := Pad(features, fill)
	if err != nil {
		return nil, nil, err
	}
	in := Outputs{x}
	defer func() { _ = in.Close() }()
	vectors := [][]int{lengths}
	for _, v := range same {
		vectors = append(vectors, slices.Repeat([]int{v}, len(features)))
	}
	for i, values := range vectors {
		v, err := Ints(s.Inputs()[i+1], values...)
		if err != nil {
			return nil, nil, err
		}
		in = append(in, v)
	}
	out, err = Run(s, in...)
	return out, lengths, err
}

// Floats is output i, checked against dims; -1 fits every size, which comes
// back filled in. Errors: ErrModel.
func (o Outputs) Floats(i int, dims ...int64) ([]float32, []int64, error) {
	return data[float32](o[i], dims)
}

// Int is element n of output i, a vector of int32, int64 or float32.
func (o Outputs) Int(i, n int) (int, error) {
	if v, _, err := data[int32](o[i], []int64{-1}); err == nil && n < len(v) {
		return int(v[n]), nil
	}
	if v, _, err := data[int64](o[i], []int64{-1}); err == nil && n < len(v) {
		return int(v[n]), nil
	}
	v, _, err := data[float32](o[i], []int64{-1})
	if err != nil {
		return 0, err
	}
	if n >= len(v) {
		return 0, fmt.Errorf("%w: output %d has %d values", ErrModel, i, len(v))
	}
	return int(v[n]), nil
}

func data[T onnx.Element](v onnx.Value, want []int64) ([]T, []int64, error) {
	t, err := onnx.As[T](v)
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrModel, err)
	}
	dims := t.Dims()
	if len(dims) != len(want) {
		return nil, nil, fmt.Errorf("%w: an output is %v, want %v", ErrModel, dims, want)
	}
	for i, d := range want {
		if d >= 0 && dims[i] != d {
			return nil, nil, fmt.Errorf("%w: an output is %v, want %v", ErrModel, dims, want)
		}
	}
	return t.Data(), dims, nil
}

// Close frees the results.
func (o Outputs) Close() error {
	var errs []error
	for _, v := range o {
		if v != nil {
			errs = append(errs, v.Destroy())
		}
	}
	return errors.Join(errs...)
}
