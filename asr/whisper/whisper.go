// Package whisper loads Whisper (Radford et al., ICML 2023) as sherpa-onnx
// exports it: an encoder that makes keys and values of the sound, and a decoder
// that writes token by token. It binds ports by position. It may import
// asr/offline and what lies below it.
package whisper

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"waggle/asr"
	"waggle/asr/modeldir"
	"waggle/asr/offline"
	"waggle/asr/segment"
	"waggle/models/onnx"
)

// tail is the silence after an utterance, without which the decoder does not
// find its end: the models were trained on half a minute filled up so.
const tail = 10 * time.Second

// Options of Open.
type Options struct {
	// Language is a code such as zh or en, or auto; "" means zh.
	Language string
}

// Model is a loaded pair of graphs.
type Model struct {
	settings
	encoder, decoder *onnx.Session
	spelling         spelling
	prompt           []int
	detect           bool
	silent           []int // tokens that are never chosen
	frames           int   // of the encoder's input, 0 where free
}

var _ segment.Model = (*Model)(nil)

// Open loads the model of a folder. Errors: modeldir.ErrMetadata,
// modeldir.ErrFiles, tokens.ErrTokens, offline.ErrModel, or those of the runtime.
func Open(d *modeldir.Dir, o Options) (*Model, error) {
	e, err := d.Graph(modeldir.Encoder)
	if err != nil {
		return nil, err
	}
	w, err := d.Graph(modeldir.Decoder)
	if err != nil {
		return nil, err
	}
	m := &Model{}
	if m.settings, err = readSettings(e.Meta); err != nil {
		return nil, fmt.Errorf("whisper: %s: %w", e.Path, err)
	}
	if err := cmp.Or(m.checkEncoder(e), m.checkDecoder(w)); err != nil {
		return nil, fmt.Errorf("whisper: %w", err)
	}
	if m.prompt, m.detect, err = m.start(o.Language); err != nil {
		return nil, err
	}
	if err := m.readTokens(d); err != nil {
		return nil, err
	}
	if m.encoder, err = e.Open(); err != nil {
		return nil, err
	}
	if m.decoder, err = w.Open(); err != nil {
		return nil, errors.Join(err, m.encoder.Close())
	}
	return m, nil
}

func (m *Model) readTokens(d *modeldir.Dir) error {
	table, err := d.Tokens()
	if err != nil {
		return err
	}
	if n := table.Len(); n > m.vocabulary {
		return fmt.Errorf("whisper: %w: tokens.txt numbers %d tokens, the model has %d", offline.ErrModel, n, m.vocabulary)
	}
	if m.spelling, err = readSpelling(table); err != nil {
		return fmt.Errorf("whisper: %w", err)
	}
	m.silent = m.spelling.suppressed(m.settings)
	return nil
}

func floats(dims ...int64) onnx.Port { return onnx.Port{Type: onnx.Float32, Dims: dims} }

func (m *Model) checkEncoder(g *modeldir.Graph) error {
	cross := floats(int64(m.layers), -1, -1, int64(m.state))
	err := offline.CheckGraph(g, []onnx.Port{floats(-1, int64(m.mels), -1)}, []onnx.Port{cross, cross})
	if err != nil {
		return fmt.Errorf("%s: %w", g.Path, err)
	}
	if dims := g.Inputs[0].Dims; len(dims) == 3 && dims[2] > 0 {
		m.frames = int(dims[2])
	}
	if m.frames > maxFrames {
		return fmt.Errorf("%s: %w: the input takes %d frames, want at most %d", g.Path, offline.ErrModel, m.frames, maxFrames)
	}
	return nil
}

func (m *Model) checkDecoder(g *modeldir.Graph) error {
	ids := onnx.Port{Type: onnx.Int64, Dims: []int64{-1, -1}}
	offset := onnx.Port{Type: onnx.Int64, Dims: []int64{1}}
	cache, cross := m.cachePort(), floats(int64(m.layers), -1, -1, int64(m.state))
	err := offline.CheckGraph(g,
		[]onnx.Port{ids, cache, cache, cross, cross, offset}, []onnx.Port{floats(-1, -1, int64(m.vocabulary)), cache, cache})
	if err != nil {
		return fmt.Errorf("%s: %w", g.Path, err)
	}
	return nil
}

func (m *Model) cachePort() onnx.Port {
	return floats(int64(m.layers), -1, int64(m.context), int64(m.state))
}

// Batch is 1: every utterance is decoded with its own number of steps.
func (m *Model) Batch() int { return 1 }

// Recognise hears whole utterances; see segment.Model. Phrases are not raised:
// greedy decoding follows one path.
func (m *Model) Recognise(utterances []segment.Utterance) ([]segment.Reading, error) {
	readings := make([]segment.Reading, len(utterances))
	for i, u := range utterances {
		if len(u.PCM) < window {
			continue
		}
		var err error
		if readings[i], err = m.hear(u.PCM); err != nil {
			return nil, err
		}
	}
	return readings, nil
}

func (m *Model) hear(pcm []int16) (segment.Reading, error) {
	cross, err := m.encode(pcm)
	if err != nil {
		return segment.Reading{}, err
	}
	defer cross.Close()
	length := time.Duration(len(pcm)) * time.Second / rate
	w, err := newWriter(m, cross)
	if err != nil {
		return segment.Reading{}, err
	}
	defer w.close()
	out, err := w.write(length)
	if err != nil {
		return segment.Reading{}, err
	}
	r := segment.Reading{Text: m.spelling.text(out.tokens), Confidence: out.confidence(), Tags: asr.Tags{Language: out.language}}
	if r.Text == "" || out.silent() {
		return segment.Reading{Tags: r.Tags}, nil
	}
	if repetition(r.Text) > repetitive {
		r.Confidence = min(r.Confidence, doubtful)
	}
	// Without time stamp tokens Whisper tells no times.
	r.Words = []asr.Word{{Text: r.Text, End: length, Confidence: r.Confidence}}
	return r, nil
}

// encode makes the cross-attention keys and values of an utterance.
func (m *Model) encode(pcm []int16) (offline.Outputs, error) {
	silence := int(tail * rate / time.Second)
	if m.frames > 0 {
		pcm = pcm[:min(len(pcm), m.frames*hop)]
		silence = m.frames*hop - len(pcm)
	}
	values, frames := newSpectrogram(m.mels).compute(pcm, silence)
	mel, err := onnx.View(values, 1, int64(m.mels), int64(frames))
	if err != nil {
		return nil, err
	}
	defer mel.Close()
	return offline.Run(m.encoder, mel)
}

// Close frees the graphs.
func (m *Model) Close() error { return errors.Join(m.encoder.Close(), m.decoder.Close()) }
