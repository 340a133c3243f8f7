package voicegraph

import (
	"errors"
	"fmt"
	"math"

	"waggle/models/onnx"
)

// Verdicts of a run.
var (
	// ErrSound says that a graph gave no sound: nothing, not a number, or more
	// than any text needs.
	ErrSound = errors.New("the graph gave no usable sound")
	// ErrTooManyTokens says that a phrase is longer than the graph takes.
	ErrTooManyTokens = errors.New("the phrase has more tokens than the voice takes")
)

// MaxTokens is how many ids one run takes. A phrase of 60 characters has about
// 300; memory grows with the square of it in some graphs.
const MaxTokens = 2048

// longestRun bounds the sound of one run, in seconds.
const longestRun = 120

// Match says whether ports are of these types, in this order.
func Match(ports []onnx.Port, types ...onnx.Type) bool {
	if len(ports) != len(types) {
		return false
	}
	for i, p := range ports {
		if p.Type != types[i] {
			return false
		}
	}
	return true
}

// Describe lists ports for an error message.
func Describe(ports []onnx.Port) string {
	s := ""
	for i, p := range ports {
		if i > 0 {
			s += ", "
		}
		s += fmt.Sprintf("%s %s%v", clip(p.Name), p.Type, p.Dims)
	}
	return s
}

// Inputs collects the inputs of one run in graph order; Close frees them.
type Inputs struct {
	Values []onnx.Value
	err    error
}

// Int64 adds a tensor that holds data.
func (in *Inputs) Int64(data []int64, dims ...int64) { add(in, data, dims) }

// Float32 adds a tensor that holds data.
func (in *Inputs) Float32(data []float32, dims ...int64) { add(in, data, dims) }

func add[T onnx.Element](in *Inputs, data []T, dims []int64) {
	t, err := onnx.New[T](dims...)
	if err != nil {
		in.err = errors.Join(in.err, err)
		return
	}
	copy(t.Data(), data)
	in.Values = append(in.Values, t)
}

// Close frees the tensors.
func (in *Inputs) Close() {
	for _, v := range in.Values {
		_ = v.Destroy()
	}
}

// Outputs are the tensors of one run; Close frees them.
type Outputs []onnx.Value

// Close frees the tensors.
func (o Outputs) Close() {
	for _, v := range o {
		if v != nil {
			_ = v.Destroy()
		}
	}
}

// Run evaluates a graph; the runtime makes the outputs, which the caller closes.
func Run(s *onnx.Session, in *Inputs) (Outputs, error) {
	if in.err != nil {
		return nil, in.err
	}
	out := make(Outputs, len(s.Outputs()))
	if err := s.Run(in.Values, out); err != nil {
		out.Close()
		return nil, err
	}
	return out, nil
}

// Sound copies the samples of an output of any shape. Errors: ErrSound.
func Sound(v onnx.Value, rate int) ([]float32, error) {
	t, err := onnx.As[float32](v)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSound, err)
	}
	if err := CheckLength(len(t.Data()), rate); err != nil {
		return nil, err
	}
	return CheckSound(append([]float32(nil), t.Data()...), rate)
}

// CheckLength refuses a number of samples that no phrase has, before memory is
// taken for them. Errors: ErrSound.
func CheckLength(samples, rate int) error {
	if samples <= 0 || samples > longestRun*rate {
		return fmt.Errorf("%w: %d samples, want 1 to %d seconds", ErrSound, samples, longestRun)
	}
	return nil
}

// CheckSound returns the samples if they can be sound. Errors: ErrSound.
func CheckSound(samples []float32, rate int) ([]float32, error) {
	if err := CheckLength(len(samples), rate); err != nil {
		return nil, err
	}
	for i, x := range samples {
		if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
			return nil, fmt.Errorf("%w: sample %d is %g", ErrSound, i, x)
		}
	}
	return samples, nil
}

// CheckTokens refuses phrases that are empty or too long. Errors:
// ErrTooManyTokens, ErrSound.
func CheckTokens(n int) error {
	switch {
	case n == 0:
		return fmt.Errorf("%w: no tokens", ErrSound)
	case n > MaxTokens:
		return fmt.Errorf("%w: %d, most %d", ErrTooManyTokens, n, MaxTokens)
	}
	return nil
}
