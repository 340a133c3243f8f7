// Package sensevoice loads SenseVoice (An et al., "FunAudioLLM", 2024): an
// offline CTC recogniser for Chinese, English, Cantonese, Japanese and Korean
// that also tells emotion and sound events. It binds ports by position, as
// sherpa-onnx does. It may import asr/offline and what lies below it.
package sensevoice

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"waggle/asr"
	"waggle/asr/ctcbeam"
	"waggle/asr/hotwords"
	"waggle/asr/modeldir"
	"waggle/asr/offline"
	"waggle/asr/segment"
	"waggle/models/onnx"
)

// tagRows is how many rows of the output come before the speech: language,
// emotion, event and text norm.
const tagRows = 4

// shared is the most utterances of one run.
const shared = 8

// Options of Open.
type Options struct {
	// Language is auto, zh, en, yue, ja or ko; "" means zh.
	Language string
	// ITN lets the model write numbers and punctuation. Off, the text is as
	// spoken, and asr/itn writes it as it does for every other model.
	ITN bool
	// Hotwords are raised in every utterance.
	Hotwords []hotwords.Hotword
}

// Model is a loaded graph: x [N,T,560] float32, x_length, language and
// text_norm [N] int32 -> logits [N,T+4,V] float32.
type Model struct {
	session  *onnx.Session
	front    offline.FunASR
	ctc      offline.CTC
	cols     int
	language int
	norm     int
	written  bool
}

var _ segment.Model = (*Model)(nil)

// Open loads the model of a folder. Errors: modeldir.ErrMetadata,
// modeldir.ErrFiles, tokens.ErrTokens, offline.ErrModel, or those of the runtime.
func Open(d *modeldir.Dir, o Options) (*Model, error) {
	g, err := d.Graph(modeldir.Whole)
	if err != nil {
		return nil, err
	}
	m := &Model{written: o.ITN, ctc: offline.CTC{Hotwords: o.Hotwords}}
	if err := cmp.Or(m.read(g.Meta, o), checkPorts(g)); err != nil {
		return nil, fmt.Errorf("sensevoice: %s: %w", g.Path, err)
	}
	if m.ctc.Tokens, err = d.Tokens(); err != nil {
		return nil, err
	}
	if err := offline.CheckVocabulary(m.ctc.Tokens, m.cols); err != nil {
		return nil, fmt.Errorf("sensevoice: %s: %w", g.Path, err)
	}
	m.session, err = g.Open()
	return m, err
}

func checkPorts(g *modeldir.Graph) error {
	vector := onnx.Port{Type: onnx.Int32, Dims: []int64{-1}}
	x := onnx.Port{Type: onnx.Float32, Dims: []int64{-1, -1, -1}}
	return offline.CheckGraph(g, []onnx.Port{x, vector, vector, vector}, []onnx.Port{x})
}

func (m *Model) read(meta modeldir.Meta, o Options) (err error) {
	if strings.Contains(meta["comment"], "Nano") {
		return fmt.Errorf("%w: Fun-ASR-Nano is another family, with other inputs", offline.ErrModel)
	}
	if m.cols, err = meta.Int("vocab_size", 2, offline.MaxVocabulary); err != nil {
		return err
	}
	if m.ctc.Blank, err = meta.IntOr("blank_id", 0, m.cols-1, 0); err != nil {
		return err
	}
	if m.front, err = offline.ReadFunASR(meta); err != nil {
		return err
	}
	m.ctc.Step = time.Duration(m.front.Shift()) * 10 * time.Millisecond
	norm := "without_itn"
	if o.ITN {
		norm = "with_itn"
	}
	if m.norm, err = meta.Int(norm, 0, 1000); err != nil {
		return err
	}
	m.language, err = language(meta, o.Language)
	return err
}

// language is the number of a language code.
func language(meta modeldir.Meta, code string) (int, error) {
	if code == "" {
		code = "zh"
	}
	if _, ok := meta["lang_"+code]; !ok {
		return 0, fmt.Errorf("%w: there is no lang_%s; SenseVoice has auto, zh, en, yue, ja and ko", modeldir.ErrMetadata, code)
	}
	return meta.Int("lang_"+code, 0, 1000)
}

// Batch is the most utterances of one run.
func (m *Model) Batch() int { return offline.Batch(m.session.Inputs()[0], shared) }

// Recognise hears whole utterances; see segment.Model.
func (m *Model) Recognise(utterances []segment.Utterance) ([]segment.Reading, error) {
	return offline.Hear(utterances, m.front.Features, m.run)
}

func (m *Model) run(features []offline.Matrix, phrases [][]string) ([]segment.Reading, error) {
	n := len(features)
	out, lengths, err := offline.RunPadded(m.session, features, 0, m.language, m.norm)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	logits, dims, err := out.Floats(0, int64(n), -1, int64(m.cols))
	if err != nil {
		return nil, err
	}
	readings := make([]segment.Reading, n)
	for i, rows := range lengths {
		if int(dims[1]) < rows+tagRows {
			return nil, fmt.Errorf("%w: %d rows of output for %d of input, want %d more", offline.ErrModel, dims[1], rows, tagRows)
		}
		one := logits[i*int(dims[1])*m.cols:][:(rows+tagRows)*m.cols]
		if readings[i], err = m.reading(one, phrases[i]); err != nil {
			return nil, err
		}
	}
	return readings, nil
}

// reading splits the output of one utterance into tags and text.
func (m *Model) reading(rows []float32, phrases []string) (segment.Reading, error) {
	r, err := m.ctc.Read(rows[tagRows*m.cols:], m.cols, phrases)
	r.Written = m.written
	r.Tags = asr.Tags{Language: m.tag(rows), Emotion: m.tag(rows[m.cols:]), Event: m.tag(rows[2*m.cols:])}
	return r, err
}

// tag is the symbol of the first row, without its brackets.
func (m *Model) tag(rows []float32) string {
	symbol := m.ctc.Tokens.Symbol(ctcbeam.Best(rows[:m.cols]))
	return strings.TrimSuffix(strings.TrimPrefix(symbol, "<|"), "|>")
}

// Close frees the graph.
func (m *Model) Close() error { return m.session.Close() }
