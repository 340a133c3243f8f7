package silero

import (
	"fmt"

	"waggle/models/onnx"
)

// The two sample rates in Hz.
const (
	wide   = 16000
	narrow = 8000
)

// maxState bounds the values of one state; the real ones have 256.
const maxState = 1 << 16

// shape tells the ports of a graph apart.
type shape struct {
	samples int // fixed length of the input, 0 when free
	rank    int // dimensions of the input
	rate    int // position of the sample rate among the inputs, -1 of none
	in      []int
	states  [][]int64 // shapes, in order of position
}

// readShape: samples first; int64 is the rate; the other inputs are states,
// which come out in the same order after the probability.
func readShape(in, out []onnx.Port) (shape, error) {
	s := shape{rate: -1}
	if len(in) < 2 || len(in) > 4 || len(in[0].Dims) == 0 || len(in[0].Dims) > 2 || in[0].Type != onnx.Float32 {
		return s, fmt.Errorf("%w: want samples, states and perhaps a rate, it takes %d inputs", ErrModel, len(in))
	}
	s.rank = len(in[0].Dims)
	s.samples = int(max(in[0].Dims[s.rank-1], 0))
	for i, p := range in[1:] {
		switch {
		case p.Type == onnx.Int64 && s.rate < 0 && len(p.Dims) <= 1:
			s.rate = i + 1
		case p.Type == onnx.Float32:
			s.in = append(s.in, i+1)
		default:
			return s, fmt.Errorf("%w: input %s is %s %v", ErrModel, p.Name, p.Type, p.Dims)
		}
	}
	if n := len(s.in); n < 1 || n > 2 || len(out) != n+1 || out[0].Type != onnx.Float32 {
		return s, fmt.Errorf("%w: %d states and %d outputs", ErrModel, n, len(out))
	}
	for _, i := range s.in {
		dims, err := s.state(in[i])
		if err != nil {
			return s, err
		}
		s.states = append(s.states, dims)
	}
	return s, nil
}

// state is the shape of a state of one stream; what the graph leaves free is
// the family's: [2, 1, 128] where there is one, [2, 1, 64] where there are two.
func (s shape) state(p onnx.Port) ([]int64, error) {
	usual := []int64{2, 1, 128}
	if len(s.in) == 2 {
		usual = []int64{2, 1, 64}
	}
	if len(p.Dims) == 0 {
		return usual, nil
	}
	dims, total := make([]int64, len(p.Dims)), int64(1)
	for i, d := range p.Dims {
		if d < 1 {
			d = 1
			if len(p.Dims) == len(usual) {
				d = usual[i]
			}
		}
		if d > maxState || total*d > maxState {
			return nil, fmt.Errorf("%w: state %s is %v", ErrModel, p.Name, p.Dims)
		}
		dims[i], total = d, total*d
	}
	return dims, nil
}

// forms lists how samples may go in at each rate.
func (s shape) forms() map[int]form {
	const window, context = 512, 64 // at 16 kHz; half of it at 8 kHz
	switch {
	case s.samples == window+context:
		return map[int]form{wide: {context, window}}
	case s.samples > 0:
		return map[int]form{wide: {0, min(s.samples, wide)}}
	}
	f := form{0, window}
	if len(s.in) == 1 {
		f.context = context
	}
	if s.rate < 0 {
		return map[int]form{wide: f}
	}
	return map[int]form{wide: f, narrow: {f.context / 2, f.window / 2}}
}

// input is the shape of n samples.
func (s shape) input(n int) []int64 {
	if s.rank == 1 {
		return []int64{int64(n)}
	}
	return []int64{1, int64(n)}
}
