// Package zipformer hears with streaming zipformer2 models as icefall exports
// them: a CTC graph alone, or the encoder, decoder and joiner of a transducer;
// and with transducers of the first zipformer. Graphs are bound by position,
// names do not matter. It may import asr's packages for features, tokens and
// search, and models/onnx.
//
// Source: Yao et al., "Zipformer: A faster and better encoder for automatic
// speech recognition", ICLR 2024; the exports' metadata and order of tensors
// (icefall, pruned_transducer_stateless7_streaming for the first zipformer).
package zipformer

import (
	"errors"
	"fmt"

	"waggle/asr/modeldir"
)

// ErrModel says that graphs are no streaming zipformer model that can be run.
var ErrModel = errors.New("the zipformer model cannot be used")

// What metadata_props call the family: of today, and of the first zipformer,
// which differs in its metadata and its states.
const (
	ModelType = "zipformer2"
	FirstType = "zipformer"
)

// Limits of what metadata may claim. The largest published models have 6
// stacks of 19 layers, 768 wide, and look back 256 frames.
const (
	maxStacks = 16
	maxLayers = 64 // in all stacks together
	maxWidth  = 4096
	maxLeft   = 4096
	maxFrames = 1000 // T: 10 s
	maxVocab  = 200_000
	maxState  = 64 << 20 // bytes; the largest published models stay below 20 MiB
)

// Config is the metadata of an encoder: one value a stack.
type Config struct {
	// First says that it is the first zipformer: Attention stands in place of
	// QueryHead, ValueHead and Heads.
	First                                                      bool
	Widths, QueryHead, ValueHead, Heads, Layers, Kernels, Left []int
	Attention                                                  []int
	// Window is how many feature frames a step takes (T), Shift by how many the
	// next one begins later (decode_chunk_len).
	Window, Shift int
}

// vector is a key of metadata with one value a stack.
type vector struct {
	key  string
	most int
	to   *[]int
}

func (c *Config) vectors() []vector {
	list := []vector{{"encoder_dims", maxWidth, &c.Widths}, {"num_encoder_layers", maxLayers, &c.Layers},
		{"cnn_module_kernels", maxWidth, &c.Kernels}, {"left_context_len", maxLeft, &c.Left}}
	if c.First {
		return append(list, vector{"attention_dims", maxWidth, &c.Attention})
	}
	return append(list, vector{"query_head_dims", maxWidth, &c.QueryHead},
		vector{"value_head_dims", maxWidth, &c.ValueHead}, vector{"num_heads", maxWidth, &c.Heads})
}

// ReadConfig parses and bounds the metadata of an encoder. Errors: ErrModel,
// modeldir.ErrMetadata.
func ReadConfig(m modeldir.Meta) (Config, error) {
	c := Config{First: m["model_type"] == FirstType}
	for _, v := range c.vectors() {
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
		if c.First {
			if c.Kernels[i] < 2 || c.Attention[i] < 2 {
				return fmt.Errorf("%w: stack %d has kernels of %d and attention of %d, which leaves nothing to remember", ErrModel, i, c.Kernels[i], c.Attention[i])
			}
			continue
		}
		if q, v := c.QueryHead[i]*c.Heads[i], c.ValueHead[i]*c.Heads[i]; q > maxWidth || v > maxWidth {
			return fmt.Errorf("%w: heads of stack %d are %d and %d wide, more than %d", ErrModel, i, q, v, maxWidth)
		}
	}
	if layers > maxLayers {
		return fmt.Errorf("%w: %d layers, more than %d", ErrModel, layers, maxLayers)
	}
	if n := c.stateBytes(); n > maxState {
		return fmt.Errorf("%w: a stream would remember %d MiB, more than %d", ErrModel, n>>20, maxState>>20)
	}
	return nil
}
