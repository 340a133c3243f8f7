// Package offlinectc loads CTC recognisers that take whole utterances: icefall's
// zipformer2 and WeNet's. They bring their own tokens and are searched without
// a lexicon. It binds ports by position, as sherpa-onnx does. It may import
// asr/offline and what lies below it.
package offlinectc

import (
	"cmp"
	"fmt"
	"time"

	"waggle/asr/fbank"
	"waggle/asr/hotwords"
	"waggle/asr/modeldir"
	"waggle/asr/offline"
	"waggle/asr/segment"
	"waggle/models/onnx"
)

// silence fills up a shorter utterance of a shared run: the logarithm of 1e-10.
const silence = -23.02585

// kind is what differs from model_type to model_type.
type kind struct {
	fbank fbank.Options
	// subsampling is how many frames a row of output stands for; 0 reads
	// subsampling_factor.
	subsampling int
	// shared is the most utterances of one run. WeNet's exports fail on more
	// than one although their batch axis is free.
	shared int
}

// kinds by model_type.
func kinds() map[string]kind {
	wenet := fbank.Zipformer()
	wenet.Normalise = false
	return map[string]kind{
		"zipformer2_ctc": {fbank: fbank.Zipformer(), subsampling: 4, shared: 8},
		"wenet_ctc":      {fbank: wenet, shared: 1},
	}
}

// Known reports whether Open takes a graph of that model_type.
func Known(modelType string) bool { _, ok := kinds()[modelType]; return ok }

// Options of Open.
type Options struct {
	// Hotwords are raised in every utterance.
	Hotwords []hotwords.Hotword
}

// Model is a loaded graph: x [N,T,80] float32, x_lens [N] int64 -> log_probs
// [N,L,V] float32, log_probs_len [N].
type Model struct {
	session *onnx.Session
	kind    kind
	ctc     offline.CTC
	cols    int
}

var _ segment.Model = (*Model)(nil)

// Open loads the model of a folder. Errors: modeldir.ErrMetadata,
// modeldir.ErrFiles, tokens.ErrTokens, offline.ErrModel, or those of the runtime.
func Open(d *modeldir.Dir, o Options) (*Model, error) {
	g, err := d.Graph(modeldir.Whole)
	if err != nil {
		return nil, err
	}
	m := &Model{ctc: offline.CTC{Hotwords: o.Hotwords}}
	if err := cmp.Or(checkPorts(g), m.read(g)); err != nil {
		return nil, fmt.Errorf("offline CTC: %s: %w", g.Path, err)
	}
	if m.ctc.Tokens, err = d.Tokens(); err != nil {
		return nil, err
	}
	m.ctc.Blank = m.ctc.Tokens.Blank(0)
	if err := offline.CheckVocabulary(m.ctc.Tokens, m.cols); err != nil {
		return nil, fmt.Errorf("offline CTC: %s: %w", g.Path, err)
	}
	m.session, err = g.Open()
	return m, err
}

func checkPorts(g *modeldir.Graph) error {
	x := onnx.Port{Type: onnx.Float32, Dims: []int64{-1, -1, fbank.Bins}}
	y := onnx.Port{Type: onnx.Float32, Dims: []int64{-1, -1, -1}}
	lengths := onnx.Port{Type: onnx.Int64, Dims: []int64{-1}}
	if err := offline.CheckGraph(g, []onnx.Port{x, lengths}, []onnx.Port{y}); err != nil {
		return err
	}
	if len(g.Outputs) < 2 { // the lengths are int64 in some exports and int32 in others
		return fmt.Errorf("%w: 1 output, want log_probs and their lengths", offline.ErrModel)
	}
	return nil
}

func (m *Model) read(g *modeldir.Graph) error {
	name, err := g.Meta.Text("model_type")
	if err != nil {
		return err
	}
	k, ok := kinds()[name]
	if !ok {
		return fmt.Errorf("%w: model_type %q is no offline CTC model that Waggle knows", offline.ErrModel, name)
	}
	if k.subsampling == 0 {
		if k.subsampling, err = g.Meta.Int("subsampling_factor", 1, 16); err != nil {
			return err
		}
	}
	m.kind = k
	m.ctc.Step = time.Duration(k.subsampling) * 10 * time.Millisecond
	m.cols, err = columns(g)
	return err
}

// columns is V: vocab_size where there is one, else the shape of the output.
func columns(g *modeldir.Graph) (int, error) {
	shape := 0
	if y := g.Outputs; len(y) > 0 && len(y[0].Dims) == 3 && y[0].Dims[2] > 0 {
		shape = int(min(y[0].Dims[2], offline.MaxVocabulary+1))
	}
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

// Batch is the most utterances of one run.
func (m *Model) Batch() int { return offline.Batch(m.session.Inputs()[0], m.kind.shared) }

// Recognise hears whole utterances; see segment.Model.
func (m *Model) Recognise(utterances []segment.Utterance) ([]segment.Reading, error) {
	features := func(pcm []int16) offline.Matrix { return offline.Fbank(pcm, m.kind.fbank) }
	return offline.Hear(utterances, features, m.run)
}

func (m *Model) run(features []offline.Matrix, phrases [][]string) ([]segment.Reading, error) {
	out, _, err := offline.RunPadded(m.session, features, silence)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	scores, dims, err := out.Floats(0, int64(len(features)), -1, int64(m.cols))
	if err != nil {
		return nil, err
	}
	readings := make([]segment.Reading, len(features))
	for i := range readings {
		count, err := out.Int(1, i)
		if err != nil {
			return nil, err
		}
		if count < 0 || count > int(dims[1]) {
			return nil, fmt.Errorf("%w: %d rows of output are said to be of use, there are %d", offline.ErrModel, count, dims[1])
		}
		if readings[i], err = m.ctc.Read(scores[i*int(dims[1])*m.cols:][:count*m.cols], m.cols, phrases[i]); err != nil {
			return nil, err
		}
	}
	return readings, nil
}

// Close frees the graph.
func (m *Model) Close() error { return m.session.Close() }
