package paraformer

import (
	"errors"
	"fmt"
	"math"

	"waggle/asr/modeldir"
	"waggle/asr/offline"
	"waggle/asr/online"
	"waggle/asr/tokens"
	"waggle/models/onnx"
	"waggle/models/onnx/batch"
)

// The chunk that streaming models are trained with, in rows of 60 ms: ten new
// ones between five of the past and three of the future (FunASR's chunk_size
// [5, 10, 5] with three looked ahead, as sherpa-onnx runs it).
const (
	chunkRows = 10
	leftRows  = 5
	rightRows = 3
	allRows   = leftRows + chunkRows + rightRows
)

// Limits of what metadata may claim; the largest published model has 16 blocks
// of 512 values and kernel 11.
const (
	maxWidth  = 4096
	maxBlocks = 128
	maxKernel = 256
)

// Streaming is a Paraformer that hears in chunks of 0.6 s: an encoder feats
// [N,18,560], length [N] int32 -> enc [N,18,D], length, alphas [N,18], and a
// decoder enc, length, embeddings [1,U,D], U, caches [1,D,kernel-1] ... ->
// logits [1,U,V], sample_ids [1,U] int64, caches. Positions, overlap and
// integrate-and-fire are the host's. Source: Gao et al., "FunASR: A Fundamental
// End-to-End Speech Recognition Toolkit", Interspeech 2023, and its export of
// streaming models; the host's part as sherpa-onnx has it.
type Streaming struct {
	front            offline.FunASR
	scale            float32 // of a normalised row: sqrt of the encoder's width
	table            *tokens.Table
	encoder, decoder *onnx.Session
	runner           *batch.Runner
	cols             int // vocabulary
	width            int // of the encoder's output
	blocks, past     int // caches of the decoder, and columns of each
}

var _ online.Model = (*Streaming)(nil)

// IsStreaming reports whether an encoder is that of a streaming Paraformer.
func IsStreaming(encoder *modeldir.Graph) bool {
	_, lfr := encoder.Meta["lfr_window_size"]
	_, blocks := encoder.Meta["decoder_num_blocks"]
	return lfr && blocks && len(encoder.Inputs) == 2 && len(encoder.Outputs) == 3
}

// OpenStreaming loads encoder, decoder and tokens of a folder; streams is how
// many are admitted at once. Errors: modeldir.ErrMetadata, modeldir.ErrFiles,
// tokens.ErrTokens, offline.ErrModel, or those of the runtime.
func OpenStreaming(d *modeldir.Dir, streams int) (*online.Recognizer, error) {
	m := &Streaming{}
	if err := m.open(d); err != nil {
		return nil, errors.Join(fmt.Errorf("paraformer: %w", err), m.Close())
	}
	return online.New(m, online.Spec{
		Features: m.front.Fbank(), Window: (chunkRows-1)*m.front.Shift() + m.front.Window(), Shift: chunkRows * m.front.Shift(),
		Frame: m.front.Shift(), Tail: (rightRows + 2) * m.front.Shift(), Tokens: m.table,
	}, streams)
}

func (m *Streaming) open(d *modeldir.Dir) (err error) {
	encoder, err := d.Graph(modeldir.Encoder)
	if err != nil {
		return err
	}
	decoder, err := d.Graph(modeldir.Decoder)
	if err != nil {
		return err
	}
	if err := m.read(encoder.Meta); err != nil {
		return fmt.Errorf("%s: %w", encoder.Path, err)
	}
	if err := errors.Join(m.checkEncoder(encoder), m.checkDecoder(decoder)); err != nil {
		return err
	}
	if m.table, err = d.Tokens(); err != nil {
		return err
	}
	if err := offline.CheckVocabulary(m.table, m.cols); err != nil {
		return err
	}
	if m.encoder, err = encoder.Open(); err != nil {
		return err
	}
	if m.decoder, err = decoder.Open(); err != nil {
		return err
	}
	if m.runner, err = batch.New(m.encoder, m.plan(), batch.Options{}); err != nil {
		return fmt.Errorf("%s: %w: %w", encoder.Path, offline.ErrModel, err)
	}
	return m.trial()
}

func (m *Streaming) read(meta modeldir.Meta) (err error) {
	if m.front, err = offline.ReadFunASR(meta); err != nil {
		return err
	}
	for _, v := range []struct {
		key         string
		least, most int
		to          *int
	}{
		{"vocab_size", 3, offline.MaxVocabulary, &m.cols}, {"encoder_output_size", 1, maxWidth, &m.width},
		{"decoder_num_blocks", 1, maxBlocks, &m.blocks}, {"decoder_kernel_size", 2, maxKernel, &m.past},
	} {
		if *v.to, err = meta.Int(v.key, v.least, v.most); err != nil {
			return err
		}
	}
	m.past-- // the cache lacks the present column
	m.scale = float32(math.Sqrt(float64(m.width)))
	return nil
}

func (m *Streaming) checkEncoder(g *modeldir.Graph) error {
	rows := onnx.Port{Type: onnx.Float32, Dims: []int64{-1, allRows, int64(m.front.Cols())}}
	length := onnx.Port{Type: onnx.Int32, Dims: []int64{-1}}
	enc := onnx.Port{Type: onnx.Float32, Dims: []int64{-1, allRows, int64(m.width)}}
	alphas := onnx.Port{Type: onnx.Float32, Dims: []int64{-1, allRows}}
	if err := offline.CheckGraph(g, []onnx.Port{rows, length}, []onnx.Port{enc, length, alphas}); err != nil {
		return fmt.Errorf("%s: %w", g.Path, err)
	}
	return nil
}

func (m *Streaming) checkDecoder(g *modeldir.Graph) error {
	if n := 4 + m.blocks; len(g.Inputs) != n || len(g.Outputs) != 2+m.blocks {
		return fmt.Errorf("%s: %w: %d inputs and %d outputs, the encoder's metadata mean %d and %d",
			g.Path, offline.ErrModel, len(g.Inputs), len(g.Outputs), n, 2+m.blocks)
	}
	matrix := onnx.Port{Type: onnx.Float32, Dims: []int64{-1, -1, int64(m.width)}}
	length := onnx.Port{Type: onnx.Int32, Dims: []int64{-1}}
	cache := onnx.Port{Type: onnx.Float32, Dims: []int64{-1, int64(m.width), int64(m.past)}}
	in := []onnx.Port{matrix, length, matrix, length}
	out := []onnx.Port{{Type: onnx.Float32, Dims: []int64{-1, -1, int64(m.cols)}}, {Type: onnx.Int64, Dims: []int64{-1, -1}}}
	for range m.blocks {
		in, out = append(in, cache), append(out, cache)
	}
	if err := offline.CheckGraph(g, in, out); err != nil {
		return fmt.Errorf("%s: %w", g.Path, err)
	}
	return nil
}

// plan: the encoder has no states of its own, so any streams share its runs.
func (m *Streaming) plan() batch.Plan {
	width := int64(m.width)
	return batch.Plan{
		Feeds:   []batch.Port{{Index: 0, Dims: []int64{1, allRows, int64(m.front.Cols())}}, {Index: 1}},
		Fetches: []batch.Port{{Index: 0, Dims: []int64{1, allRows, width}}, {Index: 1}, {Index: 2, Dims: []int64{1, allRows}}},
	}
}

// trial hears a chunk of silence and makes the decoder write one token, so that
// graphs that do not fit are refused here.
func (m *Streaming) trial() (err error) {
	s, err := m.newSearch()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if err := s.encode(true); err != nil {
		return fmt.Errorf("%w: a chunk of silence fails: %w", offline.ErrModel, err)
	}
	s.fired = append(s.fired[:0], firing{})
	s.embeds = append(s.embeds[:0], make([]float32, m.width)...)
	if err := s.decode(); err != nil {
		return fmt.Errorf("%w: the decoder fails: %w", offline.ErrModel, err)
	}
	return nil
}

// NewSearch begins a stream.
func (m *Streaming) NewSearch() (online.Search, error) {
	s, err := m.newSearch()
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Close frees both graphs.
func (m *Streaming) Close() error {
	var errs []error
	if m.runner != nil {
		errs = append(errs, m.runner.Close())
	}
	for _, s := range []*onnx.Session{m.encoder, m.decoder} {
		if s != nil {
			errs = append(errs, s.Close())
		}
	}
	return errors.Join(errs...)
}
