package zipformer

import (
	"errors"
	"fmt"

	"waggle/asr/fbank"
	"waggle/models/onnx"
	"waggle/models/onnx/batch"
)

// The convolutional embedding in front of the stacks keeps its past in a
// tensor [N, 128, 3, 19], the same in all zipformer2 models of 80 bins.
var embedState = []int64{1, 128, 3, ((fbank.Bins-1)/2 - 1) / 2}

// cache is a state tensor of one stream.
type cache struct {
	batch.Carry
	typ onnx.Type
}

// caches collects states in graph order; position 0 is the features, or the
// output.
type caches []cache

func (l *caches) add(axis int, dims ...int64) { l.typed(onnx.Float32, axis, dims...) }

func (l *caches) typed(t onnx.Type, axis int, dims ...int64) {
	i := len(*l) + 1
	*l = append(*l, cache{batch.Carry{In: i, Out: i, Axis: axis, Dims: dims}, t})
}

// states are the shapes of the cached tensors of one stream, in graph order,
// and where in each streams are counted.
func (c Config) states() []cache {
	if c.First {
		return c.firstStates()
	}
	var list caches
	for i, layers := range c.Layers {
		left, width := int64(c.Left[i]), int64(c.Widths[i])
		key, value := int64(c.QueryHead[i]*c.Heads[i]), int64(c.ValueHead[i]*c.Heads[i])
		for range layers {
			list.add(1, left, 1, key)
			list.add(1, 1, 1, left, 3*width/4)
			list.add(1, left, 1, value)
			list.add(1, left, 1, value)
			list.add(0, 1, width, int64(c.Kernels[i]/2))
			list.add(0, 1, width, int64(c.Kernels[i]/2))
		}
	}
	list.add(0, embedState...)
	list.typed(onnx.Int64, 0, 1) // frames processed so far
	return list
}

// firstStates are those of the first zipformer: kind by kind, one tensor a
// stack for all of its layers.
func (c Config) firstStates() []cache {
	var list caches
	each := func(add func(layers, left, width, attention, kernel int64)) {
		for i, layers := range c.Layers {
			add(int64(layers), int64(c.Left[i]), int64(c.Widths[i]), int64(c.Attention[i]), int64(c.Kernels[i]))
		}
	}
	each(func(layers, _, _, _, _ int64) { list.typed(onnx.Int64, 1, layers, 1) }) // frames averaged so far
	each(func(layers, _, width, _, _ int64) { list.add(1, layers, 1, width) })    // their average
	each(func(layers, left, _, attention, _ int64) { list.add(2, layers, left, 1, attention) })
	for range 2 { // values of the two attentions
		each(func(layers, left, _, attention, _ int64) { list.add(2, layers, left, 1, attention/2) })
	}
	for range 2 { // the two convolutions
		each(func(layers, _, width, _, kernel int64) { list.add(1, layers, 1, width, kernel-1) })
	}
	return list
}

// stateBytes is what one stream remembers, an int64 counted as a float32.
func (c Config) stateBytes() int64 {
	total := int64(0)
	for _, s := range c.states() {
		bytes := int64(4)
		for _, d := range s.Dims {
			bytes *= d
		}
		total += bytes
	}
	return total
}

// plan tells the tensors of an encoder apart. rows and cols are those of its
// output.
func (c Config) plan(rows, cols int) batch.Plan {
	p := batch.Plan{
		Feeds:   []batch.Port{{Index: 0, Dims: []int64{1, int64(c.Window), fbank.Bins}}},
		Fetches: []batch.Port{{Index: 0, Dims: []int64{1, int64(rows), int64(cols)}}},
	}
	for _, s := range c.states() {
		p.States = append(p.States, s.Carry)
	}
	return p
}

// checkPorts compares the graph's inputs and outputs with the metadata, before
// anything is allocated.
func (c Config) checkPorts(in, out []onnx.Port) error {
	states := c.states()
	if len(in) != len(states)+1 || len(out) != len(in) {
		return fmt.Errorf("%w: metadata mean %d inputs and outputs, the graph has %d and %d", ErrModel, len(states)+1, len(in), len(out))
	}
	x := cache{batch.Carry{Dims: []int64{1, int64(c.Window), fbank.Bins}}, onnx.Float32}
	if err := fits(in[0], x); err != nil {
		return err
	}
	for i, s := range states {
		if err := errors.Join(fits(in[i+1], s), fits(out[i+1], s)); err != nil {
			return err
		}
	}
	if y := out[0]; y.Type != onnx.Float32 || len(y.Dims) != 3 {
		return fmt.Errorf("%w: output %s is %s %v, want float32 [N, frames, values]", ErrModel, y.Name, y.Type, y.Dims)
	}
	return nil
}

// fits compares a port with the shape that metadata mean; free dimensions fit.
func fits(p onnx.Port, s cache) error {
	same := p.Type == s.typ && len(p.Dims) == len(s.Dims)
	for i := 0; same && i < len(s.Dims); i++ {
		same = i == s.Axis || p.Dims[i] < 0 || p.Dims[i] == s.Dims[i]
	}
	if !same {
		return fmt.Errorf("%w: %s is %s %v, metadata mean %s %v", ErrModel, p.Name, p.Type, p.Dims, s.typ, s.Dims)
	}
	return nil
}
