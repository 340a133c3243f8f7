// Package zipformer hears with streaming zipformer2 models as icefall exports
// them: a CTC graph alone, or the encoder, decoder and joiner of a transducer.
// Graphs are bound by position, names do not matter. It may import asr's
// packages for features, tokens and search, and models/onnx.
//
// Source: Yao et al., "Zipformer: A faster and better encoder for automatic
// speech recognition", ICLR 2024; the export's metadata and order of tensors.
package zipformer

import (
	"errors"
	"fmt"

	"waggle/asr/fbank"
	"waggle/asr/modeldir"
	"waggle/models/onnx"
	"waggle/models/onnx/batch"
)

// ErrModel says that graphs are no streaming zipformer2 model that can be run.
var ErrModel = errors.New("the zipformer2 model cannot be used")

// ModelType is what metadata_props call the family.
const ModelType = "zipformer2"

// Limits of what metadata may claim. The largest published models have 6
// stacks of 19 layers, 768 wide, and look back 256 frames.
const (
	maxStacks = 16
	maxLayers = 64 // in all stacks together
	maxWidth  = 4096
	maxLeft   = 4096
	maxFrames = 1000 // T: 10 s
	maxVocab  = 200_000
)

// The convolutional embedding in front of the stacks keeps its past in a
// tensor [N, 128, 3, 19], the same in all models of 80 bins.
var embedState = []int64{1, 128, 3, ((fbank.Bins-1)/2 - 1) / 2}

// Config is the metadata of an encoder: one value a stack.
type Config struct {
	Widths, QueryHead, ValueHead, Heads, Layers, Kernels, Left []int
	// Window is how many feature frames a step takes (T), Shift by how many the
	// next one begins later (decode_chunk_len).
	Window, Shift int
}

// ReadConfig parses and bounds the metadata of an encoder. Errors: ErrModel,
// modeldir.ErrMetadata.
func ReadConfig(m modeldir.Meta) (Config, error) {
	var c Config
	for _, v := range []struct {
		key  string
		most int
		to   *[]int
	}{
		{"encoder_dims", maxWidth, &c.Widths}, {"query_head_dims", maxWidth, &c.QueryHead},
		{"value_head_dims", maxWidth, &c.ValueHead}, {"num_heads", maxWidth, &c.Heads},
		{"num_encoder_layers", maxLayers, &c.Layers}, {"cnn_module_kernels", maxWidth, &c.Kernels},
		{"left_context_len", maxLeft, &c.Left},
	} {
		list, err := m.Ints(v.key, maxStacks, 1, v.most)
		if err != nil {
			return Config{}, err
		}
		if *v.to = list; len(list) != len(c.Widths) {
			return Config{}, fmt.Errorf("%w: %s has %d values, encoder_dims %d", ErrModel, v.key, len(list), len(c.Widths))
		}
	}
	var err error
	if c.Window, err = m.Int("T", 1, maxFrames); err != nil {
		return Config{}, err
	}
	if c.Shift, err = m.Int("decode_chunk_len", 1, c.Window); err != nil {
		return Config{}, err
	}
	return c, c.checkSums()
}

func (c Config) checkSums() error {
	layers := 0
	for i, n := range c.Layers {
		layers += n
		if q, v := c.QueryHead[i]*c.Heads[i], c.ValueHead[i]*c.Heads[i]; q > maxWidth || v > maxWidth {
			return fmt.Errorf("%w: heads of stack %d are %d and %d wide, more than %d", ErrModel, i, q, v, maxWidth)
		}
	}
	if layers > maxLayers {
		return fmt.Errorf("%w: %d layers, more than %d", ErrModel, layers, maxLayers)
	}
	return nil
}

// states are the shapes of the cached tensors of one stream, in graph order,
// and where in each streams are counted.
func (c Config) states() []batch.Carry {
	var list []batch.Carry
	add := func(axis int, dims ...int64) {
		i := len(list) + 1 // position 0 is the features, or the output
		list = append(list, batch.Carry{In: i, Out: i, Axis: axis, Dims: dims})
	}
	for i, layers := range c.Layers {
		left, width := int64(c.Left[i]), int64(c.Widths[i])
		key, value := int64(c.QueryHead[i]*c.Heads[i]), int64(c.ValueHead[i]*c.Heads[i])
		for range layers {
			add(1, left, 1, key)
			add(1, 1, 1, left, 3*width/4)
			add(1, left, 1, value)
			add(1, left, 1, value)
			add(0, 1, width, int64(c.Kernels[i]/2))
			add(0, 1, width, int64(c.Kernels[i]/2))
		}
	}
	add(0, embedState...)
	add(0, 1) // frames processed so far, int64
	return list
}

// plan tells the tensors of an encoder apart. rows and cols are those of its
// output.
func (c Config) plan(rows, cols int) batch.Plan {
	return batch.Plan{
		Feeds:   []batch.Port{{Index: 0, Dims: []int64{1, int64(c.Window), fbank.Bins}}},
		Fetches: []batch.Port{{Index: 0, Dims: []int64{1, int64(rows), int64(cols)}}},
		States:  c.states(),
	}
}

// checkPorts compares the graph's inputs and outputs with the metadata, before
// anything is allocated.
func (c Config) checkPorts(in, out []onnx.Port) error {
	states := c.states()
	if len(in) != len(states)+1 || len(out) != len(in) {
		return fmt.Errorf("%w: metadata mean %d inputs and outputs, the graph has %d and %d", ErrModel, len(states)+1, len(in), len(out))
	}
	x := batch.Carry{Dims: []int64{1, int64(c.Window), fbank.Bins}}
	if err := fits(in[0], x, onnx.Float32); err != nil {
		return err
	}
	for i, s := range states {
		want := onnx.Float32
		if i == len(states)-1 {
			want = onnx.Int64
		}
		if err := errors.Join(fits(in[i+1], s, want), fits(out[i+1], s, want)); err != nil {
			return err
		}
	}
	if y := out[0]; y.Type != onnx.Float32 || len(y.Dims) != 3 {
		return fmt.Errorf("%w: output %s is %s %v, want float32 [N, frames, values]", ErrModel, y.Name, y.Type, y.Dims)
	}
	return nil
}

// fits compares a port with the shape that metadata mean; free dimensions fit.
func fits(p onnx.Port, s batch.Carry, want onnx.Type) error {
	same := p.Type == want && len(p.Dims) == len(s.Dims)
	for i := 0; same && i < len(s.Dims); i++ {
		same = i == s.Axis || p.Dims[i] < 0 || p.Dims[i] == s.Dims[i]
	}
	if !same {
		return fmt.Errorf("%w: %s is %s %v, metadata mean %s %v", ErrModel, p.Name, p.Type, p.Dims, want, s.Dims)
	}
	return nil
}
