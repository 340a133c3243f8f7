// Package offlinectc loads CTC recognisers that take whole utterances: icefall's
// zipformer2, WeNet's, NVIDIA NeMo's and TeleSpeech. They bring their own tokens
// and are searched without a lexicon. It binds ports by position, as sherpa-onnx
// does. It may import asr/offline and what lies below it.
package offlinectc

import (
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

// normalised is the normalize_type of NeMo's models.
const normalised = "per_feature"

// kind is what differs from model_type to model_type.
type kind struct {
	form     form
	features func(pcm []int16) offline.Matrix
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
	nemo := kind{form: channelsFirst{}, features: plain(fbank.NeMo()), shared: 8}
	return map[string]kind{
		"zipformer2_ctc":              {form: withLengths{}, features: plain(fbank.Zipformer()), subsampling: 4, shared: 8},
		"wenet_ctc":                   {form: withLengths{}, features: plain(wenet), shared: 1},
		"EncDecCTCModelBPE":           nemo,
		"EncDecCTCModel":              nemo,
		"EncDecHybridRNNTCTCBPEModel": nemo,
		"telespeech_ctc":              {form: timeFirst{}, features: perFeature(cepstra), subsampling: 4, shared: 1},
	}
}

// Known reports whether Open takes a graph of that model_type.
func Known(modelType string) bool { _, ok := kinds()[modelType]; return ok }

// Options of Open.
type Options struct {
	// Hotwords are raised in every utterance.
	Hotwords []hotwords.Hotword
}

// Model is a loaded graph; its form tells the tensors.
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
	if err := m.read(g); err != nil {
		return nil, fmt.Errorf("offline CTC: %s: %w", g.Path, err)
	}
	if m.ctc.Tokens, err = d.Tokens(); err != nil {
		return nil, err
	}
	if m.cols == 0 { // an export that leaves them open and counts them without the blank
		m.cols = m.ctc.Tokens.Len()
	}
	m.ctc.Blank = m.ctc.Tokens.Blank(0)
	if err := offline.CheckVocabulary(m.ctc.Tokens, m.cols); err != nil {
		return nil, fmt.Errorf("offline CTC: %s: %w", g.Path, err)
	}
	m.session, err = g.Open()
	return m, err
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
	if err := k.form.check(g); err != nil {
		return err
	}
	if g.Meta["normalize_type"] == normalised {
		m.kind.features = perFeature(k.features)
	}
	m.cols, err = k.form.columns(g)
	return err
}

// Batch is the most utterances of one run.
func (m *Model) Batch() int { return offline.Batch(m.session.Inputs()[0], m.kind.shared) }

// Recognise hears whole utterances; see segment.Model.
func (m *Model) Recognise(utterances []segment.Utterance) ([]segment.Reading, error) {
	return offline.Hear(utterances, m.kind.features, m.run)
}

func (m *Model) run(features []offline.Matrix, phrases [][]string) ([]segment.Reading, error) {
	readings := make([]segment.Reading, len(features))
	return readings, m.kind.form.run(m, features, func(i int, scores []float32) (err error) {
		readings[i], err = m.ctc.Read(scores, m.cols, phrases[i])
		return err
	})
}

// Close frees the graph.
func (m *Model) Close() error { return m.session.Close() }
